import type { Reroute, StackLink } from '#local/stack/reroute.ts'
import { startTcpProxy, type TcpProxy } from '#local/testing/tcp-proxy.ts'

export type Link = StackLink | 'client-edge'

/** The ways between the parts of the stack, each led through a proxy of its own. */
export interface Links {
  /** For `startStack`. */
  reroute: Reroute
  /** The address by which `url` is reached through a proxy of this name. */
  lead(link: Link, url: string, worker?: number): Promise<string>
  /** Every proxy of this link, or only that of one worker. */
  of(link: Link, worker?: number): TcpProxy[]
  all(): TcpProxy[]
  stop(): Promise<void>
}

export function createLinks(): Links {
  const proxies: { link: Link; worker: number | undefined; proxy: TcpProxy }[] = []

  async function lead(link: Link, url: string, worker?: number): Promise<string> {
    const address = new URL(url)
    const proxy = await startTcpProxy({ host: address.hostname, port: Number(address.port) })
    proxies.push({ link, worker, proxy })
    address.hostname = '127.0.0.1'
    address.port = String(proxy.port)
    // A URL without a path gains a slash, which the registry of servers would keep.
    return address.pathname === '/' ? (address.origin === 'null' ? address.href : address.origin) : address.href
  }

  return {
    reroute: lead,
    lead,
    of: (link, worker) =>
      proxies.flatMap((one) =>
        one.link === link && (worker === undefined || one.worker === worker) ? [one.proxy] : [],
      ),
    all: () => proxies.map(({ proxy }) => proxy),
    async stop() {
      await Promise.all(proxies.map(({ proxy }) => proxy.stop()))
    },
  }
}
