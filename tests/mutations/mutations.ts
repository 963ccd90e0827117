/** One exact text of one file and what stands there instead. */
export interface Edit {
  file: string
  find: string
  replace: string
}

/** A mistake that the field is known for, planted into our own code. */
export interface Mutation {
  name: string
  /** What goes wrong with it, in one sentence. */
  mistake: string
  edits: readonly Edit[]
  /** The test files that have to notice. Without the mutation all of them are green. */
  suites: readonly string[]
  /** One of these tests has to fail in each suite: that is the right reason. */
  noticedBy: readonly RegExp[]
}

const simulation = 'tests/simulation/simulation.test.ts'
const everyStory = /keeps every promise in \d+ stories/
const decryption = 'worker-node/driver/baileys/signal/repository-context.ts'

export const mutations: readonly Mutation[] = [
  {
    name: 'stock-ordering',
    mistake:
      'The plaintext goes on, and with it the receipt, before ratchet and journal are durable, as in stock Baileys.',
    edits: [
      {
        file: decryption,
        find: '    await durable\n',
        replace: '    durable?.catch(() => {})\n',
      },
    ],
    suites: [
      'worker-node/driver/baileys/signal/signal-repository.test.ts',
      'worker-node/driver/baileys/durability.int.test.ts',
    ],
    noticedBy: [
      /receiving makes ratchet and plaintext durable/,
      /receiving I3: killed between the commit and the receipt/,
    ],
  },
  {
    name: 'no-fence',
    mistake: 'A session writes whether or not its epoch is over.',
    edits: [
      {
        file: 'db/worker-stores/fence-lock.ts',
        find: '\n      AND epoch = ${fence.epoch}\n      AND owner_incarnation = ${fence.incarnation}',
        replace: '',
      },
      {
        file: 'core/testing/memory-fence.ts',
        find: '  if (!holds) throw new FencedOut(fence)\n',
        replace: '  if (!holds && fence.epoch < 0) throw new FencedOut(fence)\n',
      },
    ],
    suites: ['db/worker-stores/worker-stores.int.test.ts', simulation],
    noticedBy: [/fence|epoch|owner/i, everyStory],
  },
  {
    name: 'new-id-per-retry',
    mistake: 'Each attempt sends the message under another id, so the recipient sees it again.',
    edits: [
      {
        file: 'worker-node/outbox/outbox-sender.ts',
        find: '    const { id: messageId, waMessageId, chat: to } = message\n',
        replace:
          '    const { id: messageId, chat: to } = message\n' +
          "    const waMessageId = '3EB0' + globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 18).toUpperCase()\n",
      },
    ],
    suites: ['worker-node/outbox/outbox-sender.test.ts', simulation],
    noticedBy: [/again under the same id/, everyStory],
  },
  {
    name: 'marked-before-stored',
    mistake: 'A message counts as seen before it is durable: what could not be stored and comes again is dropped.',
    edits: [
      {
        file: decryption,
        find: "  const ciphertextHash = createHash('sha256').update(ciphertext).digest()\n",
        replace:
          "  const ciphertextHash = createHash('sha256').update(ciphertext).digest()\n" +
          '  const mark = instanceIdAndHash(credentials, ciphertextHash)\n' +
          '  if (seen.has(mark) && (await store.findJournaled(ciphertextHash)) === undefined) return emptyPlaintext\n' +
          '  seen.add(mark)\n',
      },
      {
        file: decryption,
        find: 'const emptyPlaintext = Buffer.of(1)\n',
        replace:
          'const emptyPlaintext = Buffer.of(1)\nconst seen = new Set<string>()\n' +
          'const instanceIdAndHash = (credentials: AuthenticationCreds, hash: Buffer) =>\n' +
          "  `${credentials.registrationId} ${hash.toString('hex')}`\n",
      },
    ],
    suites: ['worker-node/driver/baileys/durability.int.test.ts'],
    noticedBy: [/receiving/],
  },
  {
    name: 'only-notify',
    mistake: 'Messages that waited at WhatsApp while the session was away (type `append`) are taken for history.',
    edits: [
      {
        file: 'worker-node/driver/baileys/decode-plaintext.ts',
        find: 'if (isJidStatusBroadcast(from)) return undefined',
        replace: "if (isJidStatusBroadcast(from) || 'offline' in stanza) return undefined",
      },
    ],
    suites: ['worker-node/driver/baileys/baileys-driver.int.test.ts', 'worker-node/driver/baileys/inbound.int.test.ts'],
    noticedBy: [/gets what was written while it was away/, /what waited while the session was away/],
  },
]
