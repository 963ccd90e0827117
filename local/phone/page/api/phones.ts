import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { callFront } from './call-front.ts'

const phoneSchema = z.object({
  phone_number: z.string(),
  jid: z.string(),
  name: z.string(),
  devices: z.array(z.object({ device_id: z.number(), platform: z.string(), linked_at_ms: z.number() })),
})
export type PhoneView = z.infer<typeof phoneSchema>

const messageSchema = z.object({
  id: z.string(),
  chat: z.string(),
  sender: z.string(),
  from_me: z.boolean(),
  body: z.string(),
  timestamp_ms: z.number(),
  read: z.boolean(),
  /** Of what the phone sent itself. */
  sent: z.object({ server_ack_ms: z.number(), delivered_ms: z.number(), read_ms: z.number() }).partial().optional(),
})
export type MessageView = z.infer<typeof messageSchema>

const screenSchema = z.object({ instance_id: z.string(), instance_name: z.string(), customer_name: z.string() })
export type ScreenView = z.infer<typeof screenSchema>

const listOf = <S extends z.ZodType>(schema: S) => z.object({ data: z.array(schema) })
const done = z.unknown()

/** As often as a person would look; not at all while the tab is hidden. */
const lookEveryMs = 1_000

/** A number stands in a path with its plus. */
function pathOf(number: string): string {
  return `/phones/${encodeURIComponent(number)}`
}

export function usePhones() {
  return useQuery({
    queryKey: ['phones'],
    queryFn: async () => (await callFront('GET', '/phones', listOf(phoneSchema))).data,
    refetchInterval: lookEveryMs,
  })
}

/** Everything that a phone shows, oldest first. */
export function useMessages(number: string) {
  return useQuery({
    queryKey: ['phones', number, 'messages'],
    queryFn: async () => (await callFront('GET', `${pathOf(number)}/messages`, listOf(messageSchema))).data,
    refetchInterval: lookEveryMs,
  })
}

/** Instances whose QR code is in sight. */
export function useScreens() {
  return useQuery({
    queryKey: ['screens'],
    queryFn: async () => (await callFront('GET', '/screens', listOf(screenSchema))).data,
    refetchInterval: lookEveryMs,
  })
}

export async function makePhone(name: string): Promise<PhoneView> {
  return (await callFront('POST', '/phones', z.object({ data: phoneSchema }), name === '' ? {} : { name })).data
}

/** Reads the code that the instance shows at this moment, and links the phone by it. */
export async function scan(number: string, instanceId: string): Promise<void> {
  const { data } = await callFront('GET', `/screens/${instanceId}`, z.object({ data: z.object({ qr: z.string() }) }))
  await callFront('POST', `${pathOf(number)}/scan`, done, { qr: data.qr })
}

export async function enterCode(number: string, code: string): Promise<void> {
  await callFront('POST', `${pathOf(number)}/code`, done, { code })
}

export async function sendText(number: string, to: string, text: string): Promise<void> {
  await callFront('POST', `${pathOf(number)}/messages`, done, { to, text })
}

export async function markRead(number: string, chat: string): Promise<void> {
  await callFront('POST', `${pathOf(number)}/read`, done, { chat })
}

export async function unlink(number: string, deviceId: number): Promise<void> {
  await callFront('DELETE', `${pathOf(number)}/devices/${deviceId}`, done)
}

/** A change at a phone, after which everything is looked at anew. */
export function usePhoneChange<A>(change: (input: A) => Promise<void>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries() })
}
