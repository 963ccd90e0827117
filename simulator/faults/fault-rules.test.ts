import { describe, expect, it } from 'vitest'
import { FaultRules } from './fault-rules.ts'

const device = { connectionId: 5, number: '5511987654321', deviceId: 2 }
const stanza = (tag: string, attrs = {}) => ({ tag, attrs })

describe('FaultRules', () => {
  it('strikes messages of devices unless told otherwise', () => {
    const rules = new FaultRules(() => 0)
    rules.add({ action: { kind: 'drop' } })
    expect(rules.strikeStanza(device, 'from-device', stanza('message'))).toEqual({ kind: 'drop' })
    expect(rules.strikeStanza(device, 'from-device', stanza('receipt'))).toBeUndefined()
    expect(rules.strikeStanza(device, 'to-device', stanza('message'))).toBeUndefined()
  })

  it('strikes everything with stanza "*"', () => {
    const rules = new FaultRules(() => 0)
    rules.add({ action: { kind: 'drop' }, direction: 'to-device', stanza: '*' })
    expect(rules.strikeStanza(device, 'to-device', stanza('iq'))).toEqual({ kind: 'drop' })
  })

  it('tells stanzas of a type from others', () => {
    const rules = new FaultRules(() => 0)
    rules.add({ action: { kind: 'drop' }, stanza: 'receipt', type: 'retry' })
    expect(rules.strikeStanza(device, 'from-device', stanza('receipt'))).toBeUndefined()
    expect(rules.strikeStanza(device, 'from-device', stanza('receipt', { type: 'retry' }))).toEqual({ kind: 'drop' })
  })

  it('counts, and ends by itself after its times', () => {
    const rules = new FaultRules(() => 0)
    rules.add({ action: { kind: 'drop' }, times: 2 })
    const id = rules.add({ action: { kind: 'duplicate' } })
    const strikes = Array.from({ length: 3 }, () => rules.strikeStanza(device, 'from-device', stanza('message'))?.kind)
    expect(strikes).toEqual(['drop', 'drop', 'duplicate'])
    expect(rules.list()).toEqual([{ id, rule: { action: { kind: 'duplicate' } }, struck: 1 }])
  })

  it.each([
    [{ phoneNumber: '+5511987654321' }, true],
    [{ phoneNumber: '+5511987654322' }, false],
    [{ phoneNumber: '+5511987654321', deviceId: 2 }, true],
    [{ phoneNumber: '+5511987654321', deviceId: 1 }, false],
    [{ connectionId: 5 }, true],
    [{ connectionId: 6 }, false],
  ])('looks at account, device and connection: %j', (target, strikes) => {
    const rules = new FaultRules(() => 0)
    rules.add({ action: { kind: 'silence' }, ...target })
    expect(rules.strikeConnection(device, 'silence') !== undefined).toBe(strikes)
  })

  it('spares older connections when told', () => {
    const rules = new FaultRules(() => 5)
    rules.add({ action: { kind: 'silence' }, newConnectionsOnly: true })
    expect(rules.strikeConnection(device, 'silence')).toBeUndefined()
    expect(rules.strikeConnection({ ...device, connectionId: 6 }, 'silence')).toEqual({ kind: 'silence' })
  })

  it('refuses rules without sense', () => {
    const rules = new FaultRules(() => 0)
    expect(() => rules.add({ action: { kind: 'refuse', code: 463 }, direction: 'to-device' })).toThrow('no direction')
    expect(() => rules.add({ action: { kind: 'drop' }, deviceId: 1 })).toThrow('phoneNumber')
  })
})
