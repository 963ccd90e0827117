/**
 * The few web-standard globals that both Workers and Node provide and that the shared rooms may use. Declared here
 * because their tsconfig loads neither the DOM's nor Node's types: anything else is a compile error.
 */
declare class URL {
  constructor(url: string, base?: string)
  readonly protocol: string
  readonly hostname: string
  readonly host: string
  readonly port: string
  readonly username: string
  readonly password: string
  readonly hash: string
  readonly href: string
}
declare class TextEncoder {
  encode(input?: string): Uint8Array
}
declare const crypto: {
  getRandomValues<T extends Uint8Array>(array: T): T
  readonly subtle: { digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer> }
}
declare function btoa(data: string): string
declare function atob(data: string): string
