import type { Challenge } from '../../src/credentials/proof-of-work.ts'
import type { ClientAnswer } from '../support/http-client.ts'

export const challengeOf = (answer: ClientAnswer): Challenge => answer.json<{ challenge: Challenge }>().challenge
