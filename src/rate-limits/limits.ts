/**
 * The brakes, as numbers. Let a code have 6 digits and 3 accepted steps: one blind guess at one device wins with
 * p = 3·10⁻⁶. Who attempts codes has the password already. docs/rate-limits.md says the same in prose; a test compares.
 */
export const rateLimits = {
  /** Single codes from other browsers, per password: 10·p = 3·10⁻⁵ is the whole chance of a leaked password. */
  mfaSingleCodeAttempts: 10,
  /** Seconds before the n-th of them: three slips cost nothing, a program is slowed at once. */
  mfaSingleCodeWaitSeconds: [0, 0, 0, 1, 2, 4, 8, 16, 30, 60],
  /** After those, two consecutive codes are asked for: one attempt wins with 40·10⁻¹², so all further ones add < 2·10⁻⁹. */
  mfaTwoCodesWaitSeconds: 30,
  /**
   * All attempts of other browsers, per password. With the five trusted browsers' ten each this makes 100, the
   * most that NIST SP 800-63B §3.2.2 allows, and no stranger can use up what is the owner's.
   */
  mfaAttemptsMax: 50,
  /** A trusted browser's own attempts at codes, then it is a stranger again. No waits: the owner is not slowed by an attack. */
  trustedBrowserMfaAttempts: 10,
  trustedBrowserPasswordAttempts: 10,
  /** Browsers known for one principal; the oldest goes. */
  trustedBrowsersMax: 5,
  /** Passwords from other browsers, per principal and day: these cost nothing, */
  passwordFreeAttempts: 20,
  /** these cost proof of work; then no more until the next day (UTC). At most 36,500 a year (security: 4.2). */
  passwordAttemptsMax: 100,
  /**
   * The first proof of work: a number of the upper half of these is sought, a quarter of them on average. About a sixth of a second in a
   * browser. Doubles after every 16 attempts.
   */
  proofOfWorkFirstMax: 400_000,
  proofOfWorkDoublesAfter: 16,
  /** Passwords that may wait to be looked at before a place in the line costs a proof: a quarter of a second's work. */
  queueFreeLength: 16,
  /** The price of a place doubles whenever the queue has doubled, up to eight-fold: what a hash costs the server, to a fast program. */
  queueProofFirstMax: 400_000,
  queueProofDoublingsMax: 3,
} as const
