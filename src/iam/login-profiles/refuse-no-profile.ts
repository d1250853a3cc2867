import type { UserPrincipal } from '../../core/caller.ts'

/** In AWS's words (localstack/localstack, tests/aws/services/iam/test_iam_users.snapshot.json, recorded from AWS in February 2026). */
export const refuseNoProfile = (
  { userName }: UserPrincipal,
  refuse: (code: 'NoSuchEntity', message: string) => never,
): never => refuse('NoSuchEntity', `Login Profile for User ${userName} cannot be found.`)
