import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { Route } from '#edge/routes/define-route.ts'
import { refusal } from './call-of-route.ts'
import type { Suite } from './describe-admin-policy.ts'

export function describeGuestPolicy(route: Route, { edge, world, call }: Suite): void {
  it('refuses every pairing link that opens nothing with the same words', async () => {
    const { own, other } = world()
    const { pairingLinks, seed } = edge()
    const { customerId, linkToken } = own
    const instanceId = own.ids.instance_id
    const expiresAt = new Date(Date.now() + 3_600_000)
    const deleted = other.ids.instance_id
    await seed.update('instances', { id: deleted }, { deletedAt: new Date() })
    const tokens = [
      null,
      'nonsense',
      `${linkToken.slice(0, -2)}${linkToken.endsWith('AA') ? 'BB' : 'AA'}`,
      own.key,
      own.admin.token,
      await pairingLinks.sign({ customerId, instanceId, expiresAt: new Date(Date.now() - 1_000) }),
      await pairingLinks.sign({ customerId: newId('customer'), instanceId, expiresAt }),
      await pairingLinks.sign({ customerId: other.customerId, instanceId, expiresAt }),
      await pairingLinks.sign({ customerId: other.customerId, instanceId: deleted, expiresAt }),
    ]
    for (const token of tokens) {
      expect(await refusal(await call(route, { token }))).toEqual({
        status: 401,
        code: 'INVALID_PAIRING_LINK',
        message: 'This link is not whole, or no longer good: ask for a new one.',
        details: {},
      })
    }
    await seed.update('instances', { id: deleted }, { deletedAt: null })
  })

  it('refuses the links of a suspended account, and of a deleted one', async () => {
    const { seed } = edge()
    const { customerId } = world().own
    await seed.update('customers', { id: customerId }, { status: 'suspended' })
    expect(await refusal(await call(route))).toMatchObject({ status: 403, code: 'ACCOUNT_SUSPENDED' })
    await seed.update('customers', { id: customerId }, { deletedAt: new Date() })
    expect(await refusal(await call(route))).toMatchObject({ status: 401, code: 'INVALID_PAIRING_LINK' })
  })

  it('opens nothing else: neither the API of customers nor that of admins', async () => {
    const { linkToken } = world().own
    const headers = { authorization: `Bearer ${linkToken}` }
    for (const path of ['/api/v1/me', '/api/admin/auth/me']) {
      expect((await edge().request(path, { headers })).status).toBe(401)
    }
  })
}
