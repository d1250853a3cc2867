// When the server last answered anything: each request renews a session's idle time, so silence is what ends it.
import { localNow } from '../clock.ts'

let answeredAtMs = localNow()

export function noteAnswer(): void {
  answeredAtMs = localNow()
}

export const lastAnswerMs = (): number => answeredAtMs
