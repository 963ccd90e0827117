import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Machine } from '#tests/ops/machines/make-machine.ts'

const maxExposure = 2
const wantedPorts = [22, 443]
const lastPort = 65_535
const connectTimeoutMs = 700
const atOnce = 1_500

/** How exposed systemd calls the worker's unit, from 0 (safe) to 10. */
export async function lookAtSandbox(machine: Machine): Promise<number> {
  const report = await machine.tell('systemd-analyze security --no-pager wharf-worker')
  const exposure = Number(/Overall exposure level for wharf-worker\.service: ([\d.]+)/.exec(report)?.[1])
  assert(exposure <= maxExposure, `The unit is too open (${exposure}):\n${report}`)
  return exposure
}

/** TCP ports that answer from outside, tried one and all. Only SSH and HTTPS may, and nothing may be refused aloud. */
export async function lookAtPorts(machine: Machine): Promise<number[]> {
  const open: number[] = []
  let next = 1
  const scan = async () => {
    while (next <= lastPort) {
      const port = next++
      if (await answers(machine.address, port)) open.push(port)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, scan))
  const listening = await machine.tell('ss --no-header --listening --tcp --udp --numeric --processes')
  assert.deepEqual(
    open.toSorted((one, other) => one - other),
    wantedPorts,
    `What listens there:\n${listening}`,
  )
  return open
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectTimeoutMs })
    const settle = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.on('connect', () => settle(true))
    socket.on('timeout', () => settle(false))
    // A refusal is an answer too: what is closed is to stay silent.
    socket.on('error', ({ code }: NodeJS.ErrnoException) => settle(code === 'ECONNREFUSED'))
  })
}

/** What the proxy answers on the way that the edge takes: health passes, whatever is for this machine alone does not. */
export async function lookAtProxy(machine: Machine, authority: string): Promise<void> {
  for (const [path, wanted] of [
    ['/health', 200],
    ['/metrics', 404],
    ['/', 404],
  ] as const) {
    const request = get(`https://${machine.address}${path}`, { ca: authority, agent: false })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    response.resume()
    assert.equal(response.statusCode, wanted, `${machine.name} ${path}`)
  }
}
