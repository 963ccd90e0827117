/** bcrypt of passwords. It reads 72 bytes: a longer one is refused before (core/rules/password.ts). */
export interface PasswordHash {
  hash(password: string): string
  matches(password: string, hash: string): boolean
}
