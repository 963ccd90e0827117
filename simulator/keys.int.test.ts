import { describe, expect, it } from 'vitest'
import { generateSigningKey } from './crypto/signing-key.ts'
import { lightIdentity, pairLightClient } from './testing/light-client.ts'
import type { LightIdentity } from './testing/light-client.ts'
import { useStage } from './testing/stage.ts'

const stage = useStage()

/** An identity whose signature number `forged` is made by another key. */
function forging(forged: number): LightIdentity {
  const who = lightIdentity()
  const other = generateSigningKey()
  let count = 0
  const sign = (message: Uint8Array): Buffer => {
    count += 1
    return (count === forged ? other : who.identity).sign(message)
  }
  return { ...who, identity: { ...who.identity, sign } }
}

describe('signatures', () => {
  it('are verified: a companion with a signed pre-key of somebody else is not even given a QR', async () => {
    const phone = await stage.simulator.makePhone()
    await expect(pairLightClient(stage.simulator, phone, forging(1))).rejects.toThrow('showed no QR')
  })

  it('are verified: a companion that signs its device identity with another key is not linked', async () => {
    const phone = await stage.simulator.makePhone()
    await expect(pairLightClient(stage.simulator, phone, forging(2))).rejects.toMatchObject({
      code: 'COMPANION_REFUSED',
    })
    expect(phone.devices()).toEqual([])
    await pairLightClient(stage.simulator, phone, forging(0))
    expect(phone.devices()).toHaveLength(1)
  })
})

describe('one-time pre-keys', () => {
  it('are given out once each, and Baileys uploads more when it is told that they run low', async () => {
    const { client, device } = await stage.linked()
    const { client: asker } = await stage.linked()
    const take = async (count: number): Promise<string[]> => {
      const user = { tag: 'user', attrs: { jid: device.jid } }
      const content = [{ tag: 'key', attrs: {}, content: Array.from({ length: count }, () => user) }]
      const attrs = { type: 'get', xmlns: 'encrypt', to: '@s.whatsapp.net' }
      const answer: unknown = await asker.socket.query({ tag: 'iq', attrs, content })
      return preKeyIdsIn(answer)
    }
    const before = new Set([...(await take(400)), ...(await take(405))])
    expect(before.size).toBe(805)
    const uploaded = new Promise((resolve) => client.socket.ws.on('CB:notification,type:encrypt', resolve))
    expect(await take(4)).toHaveLength(4)
    await uploaded
    await expect.poll(async () => (await take(1)).length).toBe(1)
    await client.until(() => (client.auth.creds.nextPreKeyId > 813 ? true : undefined), 'More pre-keys')
  })
})

interface Node {
  tag: string
  content?: Node[] | Uint8Array
}

/** Ids of the `<key>` of each `<user>` in a bundle answer, as hex. */
function preKeyIdsIn(answer: unknown): string[] {
  const walk = (node: Node): string[] => {
    if (!Array.isArray(node.content)) return []
    const id = node.tag === 'key' ? node.content.find(({ tag }) => tag === 'id')?.content : undefined
    return id instanceof Uint8Array ? [Buffer.from(id).toString('hex')] : node.content.flatMap(walk)
  }
  return walk(answer as Node)
}
