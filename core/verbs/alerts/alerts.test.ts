import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { AlertNotifier, Notice } from '#core/ports/alert-notifier.ts'
import type { Alerts } from '#core/ports/alerts.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedServer } from '#core/testing/seed.ts'
import { tellOfAlerts } from './tell-of-alerts.ts'
import { watchForAlerts } from './watch-for-alerts.ts'

let now: Date
let app: MemoryApp
let sent: Notice[]
/** Ids of notices that the webhook does not take. */
let refused: Set<string>
let alertNotifier: AlertNotifier
beforeEach(() => {
  now = new Date('2026-01-31T12:00:00Z')
  app = createMemoryApp({ now: () => now })
  sent = []
  refused = new Set()
  alertNotifier = {
    async send(notice) {
      sent.push(notice)
      if (refused.has(notice.id)) throw new Error('503')
    },
  }
})

const watch = (redis = true) => watchForAlerts({ ...app, alertNotifier }, { redis })
const tell = () => tellOfAlerts({ ...app, alertNotifier })
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}

describe('watching', () => {
  it('opens an alert while its cause lasts, and resolves it when that was gone for three minutes', async () => {
    const leaseExpiresAt = new Date(now.getTime() - 60_000)
    const id = await seedServer(app.seed, { leaseExpiresAt })
    expect(await watch()).toBe(1)
    later(1)
    expect(await watch()).toBe(0)
    await app.seed.update('servers', { id }, { leaseExpiresAt: new Date(now.getTime() + 3_600_000) })
    later(2)
    expect(await watch()).toBe(0)
    later(1)
    expect(await watch()).toBe(1)
    expect(await app.seed.rows('alerts')).toMatchObject([
      { kind: 'server-down', subject: id, resolvedAt: now, resolvedBy: null },
    ])
  })

  it('keeps one alert of a cause that comes and goes', async () => {
    for (const redis of [false, true, true, false, true]) {
      await watch(redis)
      later(1)
    }
    expect(await app.seed.rows('alerts')).toMatchObject([{ kind: 'redis-away', resolvedAt: null }])
  })

  it('tells at once that the database is away, under one id an hour, and fails all the same', async () => {
    const away = new Error('away')
    const alerts: Alerts = { ...app.alerts, factsAcrossCustomers: () => Promise.reject(away) }
    const watchWithout = () => watchForAlerts({ ...app, alerts, alertNotifier }, { redis: true })
    await expect(watchWithout()).rejects.toThrow(away)
    later(59)
    await expect(watchWithout()).rejects.toThrow(away)
    later(1)
    await expect(watchWithout()).rejects.toThrow(away)
    const id = (hour: number) => `database-away.2026-01-31T${hour}`
    expect(sent.map((notice) => notice.id)).toEqual([id(12), id(12), id(13)])
    expect(sent[0]).toMatchObject({ type: 'alert.opened', data: { kind: 'database-away', severity: 'critical' } })
  })
})

describe('telling', () => {
  const open = (values: object = {}) => {
    const id = newId('alert')
    return app.seed.insert('alerts', { id, kind: 'server-down', subject: id, customerId: null, details: {}, ...values })
  }

  it('tells of the opening and the end, each once', async () => {
    const { id } = await open()
    expect(await tell()).toBe(1)
    expect(await tell()).toBe(0)
    later(5)
    await app.seed.update('alerts', { id }, { resolvedAt: now })
    expect(await tell()).toBe(1)
    expect(sent).toMatchObject([
      { id: `${id}.opened`, type: 'alert.opened', timestamp: '2026-01-31T12:00:00.000Z', data: { id, state: 'open' } },
      { id: `${id}.resolved`, type: 'alert.resolved', timestamp: now.toISOString(), data: { state: 'resolved' } },
    ])
  })

  it('tries again what was not taken, under the same id, and lets it stop no other', async () => {
    const bad = await open()
    const good = await open()
    refused.add(`${bad.id}.opened`)
    await expect(tell()).rejects.toThrow('503')
    expect(sent.map(({ id }) => id).toSorted()).toEqual([`${bad.id}.opened`, `${good.id}.opened`].toSorted())
    refused.clear()
    expect(await tell()).toBe(1)
    expect(sent.at(-1)?.id).toBe(`${bad.id}.opened`)
  })

  it('tells of the end only after the opening was taken', async () => {
    const { id } = await open({ resolvedAt: now })
    refused.add(`${id}.opened`)
    await expect(tell()).rejects.toThrow('503')
    refused.clear()
    expect(await tell()).toBe(2)
    expect(sent.map((notice) => notice.type)).toEqual(['alert.opened', 'alert.opened', 'alert.resolved'])
  })

  it('tells whoever sets a webhook later of what is open, and not of what is over', async () => {
    await open({ resolvedAt: now })
    const { id } = await open()
    expect(await tellOfAlerts({ ...app, alertNotifier: undefined })).toBe(0)
    expect(await tell()).toBe(1)
    expect(sent.map((notice) => notice.id)).toEqual([`${id}.opened`])
  })
})
