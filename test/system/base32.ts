import { Secret } from 'otpauth'

/** As an authenticator app writes a seed. */
export const toBase32 = (seed: Uint8Array): string => new Secret({ buffer: Uint8Array.from(seed).buffer }).base32
