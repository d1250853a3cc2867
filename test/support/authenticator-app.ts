import jsQR from 'jsqr'
import { TOTP, URI } from 'otpauth'
import { PNG } from 'pngjs'

/** A person's authenticator app, made of code that is not ours: otpauth, jsQR, pngjs. */
export interface AuthenticatorApp {
  /** The seed as it was typed in or scanned. */
  readonly secret: string
  /** What the app shows above the code. */
  readonly issuer: string
  readonly label: string
  /** The code that the app shows at this time, in milliseconds. */
  codeAt(ms: number): string
}

/** The seed typed in by hand: what apps then assume is SHA-1, six digits, 30 seconds. */
export function authenticatorApp(base32: string): AuthenticatorApp {
  return appOf(new TOTP({ secret: base32 }))
}

/** The QR code scanned. Throws when the picture holds none, or one that is not `otpauth://totp/…`. */
export function authenticatorAppFromQr(png: Uint8Array): AuthenticatorApp {
  const picture = PNG.sync.read(Buffer.from(png))
  const code = jsQR.default(new Uint8ClampedArray(picture.data), picture.width, picture.height)
  if (!code) throw new Error('got a picture without a readable QR code, expected an otpauth:// address')
  const parsed = URI.parse(code.data)
  if (!(parsed instanceof TOTP)) throw new Error('got a counter-based code, expected otpauth://totp/')
  return appOf(parsed)
}

function appOf(totp: TOTP): AuthenticatorApp {
  return {
    secret: totp.secret.base32,
    issuer: totp.issuer,
    label: totp.label,
    codeAt: (ms) => totp.generate({ timestamp: ms }),
  }
}
