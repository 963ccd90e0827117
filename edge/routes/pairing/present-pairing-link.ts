import type { PairingLinkView } from '#contracts/http/pairing.ts'
import type { createPairingLink } from '#core/verbs/pairing/create-pairing-link.ts'

/** The page that the token opens, of the dashboard at `origin`. Behind the `#`, so that it is in no request and in no log. */
export function presentPairingLink(
  { token, expiresAt }: Awaited<ReturnType<typeof createPairingLink>>,
  origin: string,
): PairingLinkView {
  return { url: `${origin}/pair#${token}`, expires_at: expiresAt.toISOString() }
}
