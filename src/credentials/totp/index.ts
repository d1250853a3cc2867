/** `sallyport/totp`: one-time passwords of RFC 4226 and RFC 6238, with the memory of used codes and of drift that they need. */
export { type HotpAlgorithm, type HotpDigits, type HotpOptions, hotp } from './hotp.ts'
export { newSeed, seedBytes } from './new-seed.ts'
export { type OtpauthUriParts, otpauthUri } from './otpauth-uri.ts'
export { timeStep, timeStepSeconds, totp } from './totp.ts'
export { learnedDriftStepsMax, type TotpDevice, type VerifyCodeResult, verifyCode, windowSteps } from './verify-code.ts'
export {
  clockSearchSteps,
  resyncSpanSteps,
  type VerifyConsecutiveCodesResult,
  verifyConsecutiveCodes,
} from './verify-consecutive-codes.ts'
