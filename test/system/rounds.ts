/** `npm run test:long` runs more of them, ten times as many unless it says otherwise (SALLYPORT_LONG=1). */
export const rounds = (count: number, long = 10 * count): number =>
  process.env['SALLYPORT_LONG'] === '1' ? long : count

/** A bound for tests of many rounds, on machines that do other things as well; it says nothing about how long they should take. */
export const patience = { timeout: process.env['SALLYPORT_LONG'] === '1' ? 7_200_000 : 1_200_000 } as const
