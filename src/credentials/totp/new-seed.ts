import type { Random } from '../../core/random.ts'

/** 320 bit, 64 base32 characters, as AWS gives; RFC 4226 R6 asks for 128 and advises 160. */
export const seedBytes = 40

export const newSeed = (random: Random): Buffer => random.bytes(seedBytes)
