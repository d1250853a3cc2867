import { toBase32 } from '../../core/base32.ts'

export interface OtpauthUriParts {
  readonly deviceName: string
  /** The account's alias, or its id. */
  readonly accountLabel: string
  readonly seed: Uint8Array
  /** Shown above the code; `Sallyport` unless told. Not empty. */
  readonly issuer?: string
}

/**
 * What the QR code of a virtual device says, in the form that AWS's has (aws-behaviour §1.3):
 * `otpauth://totp/ISSUER:DEVICE@ACCOUNT?secret=BASE32&issuer=ISSUER`. It names no algorithm, digits or period: SHA-1, 6 and 30 are
 * the defaults, and some apps refuse a URI that states them.
 *
 * Each part is percent-encoded by itself, so no name can add a parameter or end the label. Throws a `URIError` for a lone
 * surrogate.
 */
export function otpauthUri({ deviceName, accountLabel, seed, issuer = 'Sallyport' }: OtpauthUriParts): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(deviceName)}@${encodeURIComponent(accountLabel)}`
  return `otpauth://totp/${label}?secret=${toBase32(seed)}&issuer=${encodeURIComponent(issuer)}`
}
