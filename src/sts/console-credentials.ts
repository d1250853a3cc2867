/** The temporary credentials with which the console signs its calls: sealed facts of a console session, good while it lives. */
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { newAccessKeyId, newSecretAccessKey } from '../credentials/access-key.ts'
import type { Sealer } from '../credentials/seal.ts'
import { sealSessionToken } from '../credentials/session-token.ts'
import type { Session } from '../iam/sessions/session-store.ts'

/** As AWS gives to `aws login`; the console asks anew. */
const credentialsMs = 15 * 60 * 1000

export interface TemporaryCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: Secret<string>
  readonly sessionToken: Secret<string>
  /** Milliseconds. */
  readonly expiration: number
}

export function consoleCredentials(
  parts: { tokenSealer: Sealer; random: Random },
  session: Session,
  now: number,
): TemporaryCredentials {
  const accessKeyId = newAccessKeyId(parts.random, session.accountId, 'ASIA')
  const secretAccessKey = newSecretAccessKey(parts.random)
  const expiration = Math.min(now + credentialsMs, session.expiresAt)
  const token = sealSessionToken(parts.tokenSealer, {
    accessKeyId,
    secretAccessKey,
    accountId: session.accountId,
    principalKind: session.principalId === session.accountId ? 'root' : 'user',
    principalId: session.principalId,
    sessionId: session.sessionHash,
    console: true,
    issuedAt: session.createdAt,
    expiresAt: expiration,
    authenticatedAt: session.authenticatedAt,
    ...(session.mfaSerial === null ? {} : { mfaSerial: session.mfaSerial }),
  })
  return { accessKeyId, secretAccessKey, sessionToken: new Secret(token), expiration }
}
