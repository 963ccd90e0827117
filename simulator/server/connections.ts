import type { ConnectionInfo, ConnectionTarget } from '#simulator/api.ts'
import type { Device } from '#simulator/accounts/account.ts'
import { deviceKey } from '#simulator/accounts/account.ts'
import { Notifier } from './notifier.ts'
import type { Connection } from './connection.ts'

/** Every open connection, and which of them speaks for which linked device. */
export class Connections {
  /** Fires whenever a connection comes, goes or changes its state. */
  readonly changed = new Notifier()
  readonly #open = new Map<number, Connection>()
  readonly #byDevice = new Map<string, Connection>()
  #newestId = 0

  get newestId(): number {
    return this.#newestId
  }

  nextId(): number {
    this.#newestId += 1
    return this.#newestId
  }

  add(connection: Connection): void {
    this.#open.set(connection.id, connection)
    this.changed.notify()
  }

  /** From now on this connection speaks for the device. @returns the one that did until now, if it is still open */
  claim(device: Device, connection: Connection): Connection | undefined {
    const previous = this.#byDevice.get(keyOf(device))
    this.#byDevice.set(keyOf(device), connection)
    connection.device = device
    this.changed.notify()
    return previous
  }

  remove(connection: Connection): void {
    this.#open.delete(connection.id)
    const { device } = connection
    if (device && this.#byDevice.get(keyOf(device)) === connection) this.#byDevice.delete(keyOf(device))
    this.changed.notify()
  }

  of(device: Device): Connection | undefined {
    return this.#byDevice.get(keyOf(device))
  }

  all(): Connection[] {
    return [...this.#open.values()]
  }

  matching(target: ConnectionTarget): Connection[] {
    const number = target.phoneNumber?.replace('+', '')
    return this.all().filter(
      ({ id, device }) =>
        (target.connectionId === undefined || target.connectionId === id) &&
        (number === undefined || device?.account.number === number) &&
        (target.deviceId === undefined || device?.id === target.deviceId),
    )
  }

  infoOf(connection: Connection, queued: number): ConnectionInfo {
    const { id, state, device, connectedAtMs } = connection
    return {
      id,
      state,
      phoneNumber: device && `+${device.account.number}`,
      deviceId: device?.id,
      connectedAtMs,
      queued,
    }
  }
}

function keyOf(device: Device): string {
  return deviceKey({ account: device.account, deviceId: device.id })
}
