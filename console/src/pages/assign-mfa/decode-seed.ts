/** Base32StringSeed is a blob, and so base64 of the base32 text that a person types into the app. */
export const decodeSeed = (base64: string): string => atob(base64)
