import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { PairingRefused, type Driver, type SendRequest } from '#core/ports/driver.ts'
import type { JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import type { DriverWorld, TestPhone, TestSession } from './driver-world.ts'
import { openRecorded, type RecordedConnection } from './recorded-connection.ts'

/** A text to a number, with an id of its own. */
export function textTo(to: string, body: string, values: Partial<SendRequest> = {}): SendRequest {
  return {
    messageId: newId('message'),
    waMessageId: newWaMessageId(),
    to,
    content: { type: 'text', text: { body } },
    quoted: undefined,
    ...values,
  }
}

/** Links the session to the phone and returns the connection that is open after it. */
export async function pairedConnection(
  driver: Driver,
  session: TestSession,
  phone: Pick<TestPhone, 'scan'>,
): Promise<RecordedConnection> {
  const pairing = openRecorded(driver, session)
  await phone.scan((await pairing.told('qr')).qr)
  await pairing.told('closed')
  const connection = openRecorded(driver, session)
  await connection.told('open')
  return connection
}

/** What every driver keeps, whichever WhatsApp it talks to. */
export function driverConformance(
  name: string,
  makeWorld: () => Promise<DriverWorld>,
  decode: (row: JournalRow) => ProjectedMessage | undefined,
): void {
  describe(name, () => {
    let world: DriverWorld
    let session: TestSession
    let phone: TestPhone
    let contact: TestPhone

    beforeEach(async () => {
      world = await makeWorld()
      session = await world.newSession()
      phone = await world.makePhone()
      contact = await world.makePhone()
    })
    afterEach(() => world.stop())

    const open = () => openRecorded(world.driver, session)
    const paired = () => pairedConnection(world.driver, session, phone)

    describe('pairing', () => {
      it('shows a QR code, tells the account when it is durable, and logs in without pairing after the restart', async () => {
        const pairing = open()
        const { qr, expiresAt } = await pairing.told('qr')
        expect(expiresAt.getTime()).toBeGreaterThan(Date.now())
        await phone.scan(qr)
        expect((await pairing.told('paired')).account.phoneNumber).toBe(phone.phoneNumber)
        expect((await pairing.told('closed')).cause.kind).toBe('restart-required')

        const connection = open()
        expect((await connection.told('open')).account).toMatchObject({ phoneNumber: phone.phoneNumber })
        expect(connection.calls.map(({ call }) => call)).not.toContain('qr')
      })

      it('links by a code that is typed on the phone', async () => {
        const pairing = open()
        await pairing.told('qr')
        const { code, expiresAt } = await pairing.requestPairingCode(phone.phoneNumber)
        expect(code).toMatch(/^[1-9A-Z]{8}$/)
        expect(expiresAt.getTime()).toBeGreaterThan(Date.now())
        await phone.enterCode(code)
        await pairing.told('paired')
        await pairing.told('closed')
        await open().told('open')
      })

      it('makes no code for a device that is linked or has no connection', async () => {
        const refused = expect.objectContaining({ name: 'PairingRefused', why: 'not-pairing' })
        const connection = await paired()
        await expect(connection.requestPairingCode(phone.phoneNumber)).rejects.toEqual(refused)
        await expect(connection.requestPairingCode(phone.phoneNumber)).rejects.toBeInstanceOf(PairingRefused)
        await connection.close()
        await expect(connection.requestPairingCode(phone.phoneNumber)).rejects.toEqual(refused)
      })

      it('keeps nothing of a pairing that did not succeed', async () => {
        const first = open()
        await first.told('qr')
        await first.requestPairingCode(phone.phoneNumber)
        await first.close()
        await open().told('qr')
      })
    })

    describe('sending', () => {
      it('is acked by the server, marks the message as sending, and shows once', async () => {
        const connection = await paired()
        const messageId = await world.queueMessage(session)
        const request = textTo(contact.phoneNumber, 'hello', { messageId })
        expect(await connection.send(request)).toEqual({ outcome: 'acked' })
        expect(world.messageState(messageId)).toMatchObject({ status: 'sending', attempts: 1 })
        await contact.waitForShown(request.waMessageId)
        expect(contact.shown(phone.phoneNumber)).toMatchObject([{ body: 'hello', fromMe: false }])
      })

      it('keeps back what was cancelled after it was read from the outbox, and sends the next', async () => {
        const connection = await paired()
        const messageId = await world.queueMessage(session)
        const row = world.messageState(messageId)
        if (row !== undefined) row.status = 'cancelled'
        const cancelled = textTo(contact.phoneNumber, 'not this', { messageId })
        expect(await connection.send(cancelled)).toEqual({ outcome: 'withdrawn' })
        expect(world.messageState(messageId)).toMatchObject({ status: 'cancelled', attempts: 0 })
        const next = textTo(contact.phoneNumber, 'but this')
        expect(await connection.send(next)).toEqual({ outcome: 'acked' })
        await contact.waitForShown(next.waMessageId)
        expect(contact.shown(phone.phoneNumber).map(({ body }) => body)).toEqual(['but this'])
      })

      it('shows once what is sent again under the same id after a lost ack', async () => {
        const connection = await paired()
        const request = textTo(contact.phoneNumber, 'only once')
        world.loseNextAck(phone)
        expect(await connection.send(request)).toEqual({ outcome: 'unconfirmed' })
        await connection.told('closed')

        const next = open()
        await next.told('open')
        expect(await next.send(request)).toEqual({ outcome: 'acked' })
        await contact.waitForShown(request.waMessageId)
        expect(contact.shown(phone.phoneNumber)).toHaveLength(1)
      })

      it('tells the code with which the server refused', async () => {
        const connection = await paired()
        world.refuseNext(phone, 463)
        expect(await connection.send(textTo(contact.phoneNumber, 'x'))).toEqual({ outcome: 'refused', code: 463 })
        world.refuseNext(phone, 429)
        expect(await connection.send(textTo(contact.phoneNumber, 'x'))).toEqual({ outcome: 'refused', code: 429 })
        expect(await connection.send(textTo(contact.phoneNumber, 'x'))).toEqual({ outcome: 'acked' })
      })

      it('tells that a number is not on WhatsApp, or is no number', async () => {
        const connection = await paired()
        expect(await connection.send(textTo('+15550000001', 'x'))).toEqual({ outcome: 'not-on-whatsapp' })
        expect(await connection.send(textTo('5511', 'x'))).toMatchObject({ outcome: 'invalid' })
      })

      type ReceiptCall = { receipt: Receipt }
      const isReceipt =
        (status: Receipt['status'], { waMessageId }: SendRequest) =>
        ({ receipt }: ReceiptCall) =>
          receipt.status === status && receipt.waMessageIds.includes(waMessageId)

      it('tells of delivery and reading', async () => {
        const connection = await paired()
        const request = textTo(contact.phoneNumber, 'read me')
        await connection.send(request)
        await connection.told('receipt', isReceipt('delivered', request))
        await contact.markRead(phone.phoneNumber)
        await connection.told('receipt', isReceipt('read', request))
      })

      it('tells a receipt at each log-in until it is durable, and then no more', async () => {
        await (await paired()).close()
        const forgetful = openRecorded(world.driver, session, { keepsReceipts: false })
        await forgetful.told('open')
        const [first, second] = [textTo(contact.phoneNumber, 'one'), textTo(contact.phoneNumber, 'two')]
        await forgetful.send(first)
        await forgetful.told('receipt', isReceipt('delivered', first))
        await forgetful.close()

        const keeping = open()
        await keeping.told('receipt', isReceipt('delivered', first))
        await keeping.told('open')
        // Its receipt comes behind the confirmation of the first.
        await keeping.send(second)
        await keeping.told('receipt', isReceipt('delivered', second))
        await keeping.close()

        const third = textTo(contact.phoneNumber, 'three')
        const last = open()
        await last.told('open')
        await last.send(third)
        await last.told('receipt', isReceipt('delivered', third))
        const told = last.calls.flatMap((call) => (call.call === 'receipt' ? call.receipt.waMessageIds : []))
        expect(told).not.toContain(first.waMessageId)
      })

      it('is unconfirmed without a connection', async () => {
        const connection = open()
        expect(await connection.send(textTo(contact.phoneNumber, 'x'))).toEqual({ outcome: 'unconfirmed' })
        await connection.close()
        expect(await connection.send(textTo(contact.phoneNumber, 'x'))).toEqual({ outcome: 'unconfirmed' })
      })
    })

    describe('receiving', () => {
      const shownOf = () => world.journal(session).flatMap((row) => decode(row) ?? [])

      it('journals what a contact writes', async () => {
        const connection = await paired()
        const { id } = await contact.sendText(phone.phoneNumber, 'good morning')
        await contact.delivered(id)
        await connection.told('journaled')
        const from = { chat: contact.phoneNumber, sender: contact.phoneNumber }
        expect(shownOf()).toMatchObject([{ ...from, waMessageId: id, content: { text: { body: 'good morning' } } }])
      })

      it('journals what the own phone writes as `self`', async () => {
        await paired()
        const { id } = await phone.sendText(contact.phoneNumber, 'from the phone')
        await contact.waitForShown(id)
        await expect
          .poll(shownOf)
          .toMatchObject([{ chat: contact.phoneNumber, sender: 'self', content: { text: { body: 'from the phone' } } }])
      })

      it('gets what was written while it was away', async () => {
        await (await paired()).close()
        const { id } = await contact.sendText(phone.phoneNumber, 'are you there?')
        await open().told('journaled')
        await contact.delivered(id)
        expect(shownOf()).toMatchObject([{ waMessageId: id }])
      })
    })

    describe('the end', () => {
      it('is told once when closed by us, however often and early', async () => {
        for (const connection of [open(), await paired()]) {
          await Promise.all([connection.close(), connection.close()])
          const ends = connection.calls.filter(({ call }) => call === 'closed')
          expect(ends).toMatchObject([{ cause: { kind: 'closed-by-us' } }])
          expect(connection.calls.at(-1)?.call).toBe('closed')
        }
      })

      it.each([
        ['drop', 'connection-lost'],
        ['503', 'unavailable'],
        ['replaced', 'replaced'],
      ] as const)('by %s is told as %s', async (how, kind) => {
        const connection = await paired()
        world.disconnect(phone, how)
        expect((await connection.told('closed')).cause.kind).toBe(kind)
      })

      it('is a log-out when the phone removes the device, now and at every later try', async () => {
        const connection = await paired()
        await phone.unlinkAll()
        expect((await connection.told('closed')).cause.kind).toBe('logged-out')
        expect((await open().told('closed')).cause.kind).toBe('logged-out')
      })

      it('is a log-out when we ask for it', async () => {
        const connection = await paired()
        await connection.logout()
        expect((await connection.told('closed')).cause.kind).toBe('logged-out')
        expect((await open().told('closed')).cause.kind).toBe('logged-out')
      })

      it('comes with the loss of the fence, before anything is sent', async () => {
        const connection = await paired()
        await connection.send(textTo(contact.phoneNumber, 'before'))
        world.takeOver(session)
        const request = textTo(contact.phoneNumber, 'after')
        expect(await connection.send(request)).toEqual({ outcome: 'unconfirmed' })
        expect((await connection.told('closed')).cause.kind).toBe('fenced-out')
        expect(contact.shown(phone.phoneNumber).map(({ body }) => body)).not.toContain('after')
      })

      it('comes at once with credentials that cannot be read', async () => {
        await (await paired()).close()
        world.corruptCredentials(session)
        expect((await open().told('closed')).cause.kind).toBe('credentials-corrupt')
      })
    })
  })
}
