/** A way from one part of the stack to another, which a test can lead through a proxy. */
export type StackLink = 'edge-database' | 'edge-redis' | 'edge-worker' | 'worker-database' | 'worker-whatsapp'

/**
 * Gives the address by which a part reaches another in place of `url`. Called once per link, and once per worker (counted
 * from 0) for the links that a worker has.
 */
export type Reroute = (link: StackLink, url: string, worker?: number) => Promise<string>

export const straight: Reroute = (_link, url) => Promise.resolve(url)
