import assert from 'node:assert/strict'
import type { StackLink } from '#local/stack/reroute.ts'
import type { Passage } from '#local/testing/tcp-proxy.ts'
import type { Link } from '#tests/faults/stage/links.ts'
import type { ApiAttempt } from '#tests/faults/history/histories.ts'
import type { WorkerCrashPoint } from '#tests/faults/worker/crash-points.ts'
import type { CrashScene, Sent } from './crash-scene.ts'

/** One row of the tables of crash points: what is killed between what, and how a run of it goes. */
export interface CrashPoint {
  between: string
  /**
   * The message has to be the first of its chat: only there does the driver ask for a ciphertext before it decrypts, and
   * only in a new group does the key come with the message.
   */
  newChat?: 'contact' | 'group'
  /** Leaves when the message has arrived, whatever it took. Throws when what the row promises on the way does not hold. */
  run(scene: CrashScene, attempts: ApiAttempt[]): Promise<unknown>
}

const outageMs = 10_000

export const crashPoints = {
  O1: {
    between: 'request and commit: the edge cannot reach the database',
    run: (scene, attempts) => throughProxy(scene, attempts, 'edge-database', 'cut'),
  },
  O2: {
    between: 'commit and 202: the client gets no answer',
    run: (scene, attempts) => throughProxy(scene, attempts, 'client-edge', 'cut-reply'),
  },
  O3: { between: '202 and hint', run: withoutHint },
  O4: { between: 'select and encrypt', run: (scene) => outbound(scene, 'O4') },
  O5: { between: 'encrypt and ratchet commit', run: (scene) => outbound(scene, 'O5') },
  O6: { between: 'ratchet commit and wire', run: (scene) => outbound(scene, 'O6') },
  O7: { between: 'wire and server ack', run: killedBeforeAck },
  O8: { between: 'ack and its row', run: (scene) => outbound(scene, 'O8') },
  O10: { between: 'wire and ack, and another worker takes over while the first one sleeps', run: takenOverBeforeAck },
  O11: { between: 'the commit and its reply to the edge', run: withoutCommitReply },
  I1: { between: 'frame and decrypt', newChat: 'contact', run: (scene) => inbound(scene, 'I1') },
  I2: { between: 'decrypt and commit', run: (scene) => inbound(scene, 'I2') },
  I3: { between: 'commit and receipt', run: (scene) => inbound(scene, 'I3') },
  I4: { between: 'receipt and projection', run: killedAfterReceipt },
  I5: { between: 'projection and POST', run: (scene) => inbound(scene, 'I5') },
  I6: { between: 'POST and its result', run: killedAfterPost },
  I7: {
    between: "the commit of a group's key and that of its message, in one stanza",
    newChat: 'group',
    run: keyAlone,
  },
  I8: { between: 'commit and receipt, and the sender sends the same id in a new ciphertext', run: writtenAgain },
  I9: { between: '(outage) the database is away for longer than sessions may run', run: databaseAway },
} as const satisfies Record<string, CrashPoint>

export type CrashPointName = keyof typeof crashPoints
export const crashPointNames = Object.keys(crashPoints) as CrashPointName[]

async function outbound(scene: CrashScene, point: WorkerCrashPoint): Promise<void> {
  await scene.arm(point, 'die')
  const text = scene.prepareOut()
  await scene.sendOut(text)
  await scene.restarted()
  await scene.shownAtPhone(text)
}

async function inbound(scene: CrashScene, point: WorkerCrashPoint): Promise<void> {
  await scene.arm(point, 'die')
  const text = await scene.writeIn()
  await scene.restarted()
  await scene.takenByEndpoint(text)
}

/** The proxy does it to the one request that carries the key. The repetitions of the client pass. */
async function throughProxy(
  scene: CrashScene,
  attempts: ApiAttempt[],
  link: Link,
  passage: Passage,
): Promise<readonly ApiAttempt[]> {
  const text = scene.prepareOut()
  let struck = false
  const proxies = scene.stage.links.of(link)
  for (const proxy of proxies) {
    proxy.watch((bytes) => {
      if (struck || !bytes.includes(text.key)) return 'pass'
      struck = true
      return passage
    })
  }
  await scene.sendOut(text).finally(() => {
    for (const proxy of proxies) proxy.watch(undefined)
  })
  assert(struck, `The request of ${text.key} came through no proxy of ${link}.`)
  await scene.shownAtPhone(text)
  const own = attempts.filter(({ key }) => key === text.key)
  const first = own[0]?.status ?? null
  assert(first === null || first === 503, `The client was answered ${first} at first.`)
  assert(own.length > 1, 'The client had no reason to repeat its request.')
  return own
}

async function withoutCommitReply(scene: CrashScene, attempts: ApiAttempt[]): Promise<void> {
  const [first] = await throughProxy(scene, attempts, 'edge-database', 'cut-reply')
  assert.equal(first?.status, 503, 'A commit without its reply must be told as 503.')
}

async function withoutHint(scene: CrashScene): Promise<void> {
  const cut = scene.stage.links.of('edge-worker' satisfies StackLink)
  for (const proxy of cut) proxy.cut()
  try {
    const text = scene.prepareOut()
    await scene.sendOut(text)
    await scene.shownAtPhone(text)
  } finally {
    for (const proxy of cut) proxy.restore()
  }
}

/** The phone shows the message, and the instance's device hears nothing of it. */
async function sendWithoutAck(scene: CrashScene): Promise<{ text: Sent; restoreAcks: () => void }> {
  const { faults } = scene.stage.simulator
  const phoneNumber = scene.session.own.phoneNumber
  const fault = faults.add({ action: { kind: 'drop' }, phoneNumber, direction: 'to-device', stanza: 'ack' })
  const restoreAcks = () => void faults.remove(fault)
  const text = scene.prepareOut()
  await scene.sendOut(text)
  await scene.shownAtPhone(text)
  return { text, restoreAcks }
}

async function killedBeforeAck(scene: CrashScene): Promise<void> {
  const { restoreAcks } = await sendWithoutAck(scene)
  scene.worker.kill('SIGKILL')
  await scene.restarted()
  restoreAcks()
  await scene.settled()
}

async function takenOverBeforeAck(scene: CrashScene): Promise<void> {
  const { restoreAcks } = await sendWithoutAck(scene)
  scene.worker.kill('SIGSTOP')
  try {
    await scene.ownedByAnother()
    restoreAcks()
    await scene.settled()
  } finally {
    scene.worker.kill('SIGCONT')
  }
}

/** A delivery is any worker's, not just the owner's of its instance. */
async function killedAfterPost(scene: CrashScene): Promise<void> {
  await scene.armEverywhere('I6')
  const text = await scene.writeIn()
  await scene.restarted()
  await scene.takenByEndpoint(text)
}

async function killedAfterReceipt(scene: CrashScene): Promise<void> {
  await scene.arm('I4', 'stay')
  const text = await scene.writeIn()
  await scene.reached()
  await scene.receipted(text)
  scene.worker.kill('SIGKILL')
  await scene.restarted()
  await scene.takenByEndpoint(text)
}

async function keyAlone(scene: CrashScene): Promise<void> {
  await scene.arm('I7', 'die')
  const text = await scene.writeIn()
  await scene.restarted()
  await scene.takenByEndpoint(text)
  await scene.journaledTwice(text)
}

async function writtenAgain(scene: CrashScene): Promise<void> {
  await scene.arm('I3', 'die')
  const text = await scene.writeIn()
  await scene.restarted()
  await scene.writeIn(text)
  await scene.takenByEndpoint(text)
  await scene.journaledTwice(text)
}

async function databaseAway(scene: CrashScene): Promise<void> {
  const { links, database } = scene.stage
  const cut = [...links.of('worker-database'), ...links.of('edge-database')]
  for (const proxy of cut) proxy.cut()
  const texts: Sent[] = []
  try {
    await database.restart()
    texts.push(await scene.writeIn(), await scene.writeIn())
    await scene.pause(outageMs)
    for (const text of texts) assert(!scene.hasReceipt(text), 'A receipt went out while nothing could be durable.')
  } finally {
    for (const proxy of cut) proxy.restore()
  }
  for (const text of texts) await scene.takenByEndpoint(text)
}
