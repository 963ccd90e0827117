import type { Texts } from './texts.ts'

export const en: Texts = {
  documentTitle: 'Link WhatsApp',
  language: 'Language',
  linkWith: 'Link your WhatsApp with',
  meaning: (customer) =>
    `Once linked, ${customer} can read and send messages with your number. Go on only if you expected this link.`,
  steps: { code: 'Code', connecting: 'Connecting', linked: 'Linked' },
  opening: 'Opening the link',
  preparing: 'Preparing a code for your phone',
  connecting: 'Your phone has accepted',
  connectingHint: 'WhatsApp is connecting. Keep the phone online for a moment.',
  obstacles: {
    offline: 'There is no connection. This page goes on by itself as soon as there is one.',
    away: 'The service does not answer right now. This page tries again by itself.',
    full: 'All places are taken right now. A code appears by itself as soon as one is free.',
  },
  wait: (seconds) => `There were many requests. This page goes on by itself in ${seconds} s.`,
  ways: { qr: 'Scan a QR code', code: 'Use a code instead', label: 'How to link' },
  onThePhone: 'On your phone',
  openWhatsapp: 'Open WhatsApp',
  openLinkedDevices: 'Android: tap ⋮, then Linked devices. iPhone: Settings, then Linked devices',
  scanStep: 'Tap “Link a device” and point the phone at this QR code',
  phoneNumberStep: 'Tap “Link a device”, then “Link with phone number instead”',
  typeStep: 'Type the code that this page shows',
  qrLabel: 'QR code to scan with WhatsApp',
  qrRenewsIn: (seconds) => `New code in ${seconds} s`,
  qrRenews: 'The code renews itself',
  samePhone: 'Is this page open on the phone that you want to link? Then use a code instead.',
  number: 'WhatsApp number',
  numberHint: 'With country code, such as +44 7400 123456.',
  numberWrong: 'has to begin with + and the country code',
  getCode: 'Get a code',
  getNewCode: 'Get a new code',
  otherNumber: 'Other number',
  yourCode: 'Your code',
  codeFor: (number) => `For ${number}`,
  codeEndsIn: (time) => `Valid for ${time}`,
  codeEnded: 'This code is no longer valid.',
  codeNotYet: 'The service is still preparing. Try again in a moment.',
  codeRefused:
    'WhatsApp made no code for this number. Check the number. After several attempts WhatsApp wants some time.',
  codeFailed: 'No code could be made right now. Try again in a moment.',
  tooManyDevices: {
    title: 'Does the phone say that it has too many linked devices?',
    advice: 'Remove one that you no longer use under Linked devices, then go on here.',
  },
  outcomes: {
    linked: {
      title: 'WhatsApp is linked',
      advice: 'You can close this page. Keep using WhatsApp on your phone as always.',
    },
    linkInvalid: {
      title: 'This link is no longer good',
      advice: 'It has expired or was not copied whole. Ask whoever sent it for a new one.',
    },
    suspended: {
      title: 'Linking is paused',
      advice: 'The account that sent you this link is suspended. Ask them when it goes on.',
    },
    stopped: {
      title: 'Linking was stopped',
      advice: 'Whoever sent you this link has stopped the connection. Ask them to start it, then try again.',
    },
    expired: {
      title: 'No phone scanned the code in time',
      advice: 'Nothing has happened. Get a new code when your phone is at hand.',
    },
    linkingFailed: {
      title: 'The phone could not link',
      advice:
        'If it says that it has too many linked devices, remove one under Linked devices. Update WhatsApp if it asks for that. Then try again.',
    },
    passkey: {
      title: 'WhatsApp asks for a passkey',
      advice:
        'This service cannot use one yet. If your phone has one under Settings, Account, Passkeys, remove it and try again. Otherwise tell whoever sent you this link.',
    },
    loggedOut: {
      title: 'The phone has removed this connection',
      advice: 'If that was not on purpose, get a new code and link it again.',
    },
    banned: {
      title: 'WhatsApp has blocked this number for a time',
      advice: 'Open WhatsApp on the phone: it says for how long, and how to ask for a review.',
    },
    service: {
      title: 'This did not work on our side',
      advice: 'Nothing is wrong with your phone. Try again; if it stays so, tell whoever sent you this link.',
    },
  },
  tryAgain: 'Try again',
  ending: 'You can end it at any time on your phone, under Linked devices.',
}
