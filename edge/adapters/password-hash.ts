import { compareSync, hashSync } from 'bcryptjs'
import type { PasswordHash } from '#core/ports/password-hash.ts'

/** About 220 ms of CPU on Workers. */
const cost = 12

export const bcryptPasswordHash: PasswordHash = {
  hash: (password) => hashSync(password, cost),
  matches: (password, hash) => compareSync(password, hash),
}
