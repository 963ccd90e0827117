/** Why a pairing rests, as far as a person can do something about it. */
export const outcomes = [
  'linked',
  'linkInvalid',
  'suspended',
  'stopped',
  'expired',
  'linkingFailed',
  'passkey',
  'loggedOut',
  'banned',
  'service',
] as const
export type Outcome = (typeof outcomes)[number]

/** What is waited for, in one sentence each. */
export const obstacles = ['offline', 'away', 'full'] as const
export type Obstacle = (typeof obstacles)[number]

/** Every text of the pairing page in one language: what is missing does not compile. */
export interface Texts {
  documentTitle: string
  language: string
  /** Stands over the customer's name. */
  linkWith: string
  /** What linking allows, before the person does it. */
  meaning: (customer: string) => string
  steps: { code: string; connecting: string; linked: string }
  opening: string
  preparing: string
  connecting: string
  connectingHint: string
  obstacles: Record<Obstacle, string>
  /** Too many requests. */
  wait: (seconds: number) => string
  ways: { qr: string; code: string; label: string }
  onThePhone: string
  openWhatsapp: string
  openLinkedDevices: string
  scanStep: string
  phoneNumberStep: string
  typeStep: string
  qrLabel: string
  qrRenewsIn: (seconds: number) => string
  qrRenews: string
  samePhone: string
  number: string
  numberHint: string
  /** Follows the name of the field. */
  numberWrong: string
  getCode: string
  getNewCode: string
  otherNumber: string
  yourCode: string
  codeFor: (number: string) => string
  codeEndsIn: (time: string) => string
  codeEnded: string
  codeNotYet: string
  codeRefused: string
  codeFailed: string
  tooManyDevices: { title: string; advice: string }
  outcomes: Record<Outcome, { title: string; advice: string }>
  tryAgain: string
  ending: string
}
