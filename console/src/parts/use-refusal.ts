import { useCallback, useState } from 'react'
import type { Refusal } from '../http/refusal.ts'

/** The last refusal with a number of its own, so that the same words are read out again when they come again. */
export function useRefusal(): {
  refusal: Refusal | undefined
  refusalNumber: number
  showRefusal(refusal: Refusal | undefined): void
} {
  const [shown, setShown] = useState<{ refusal: Refusal | undefined; number: number }>({
    refusal: undefined,
    number: 0,
  })
  const showRefusal = useCallback(
    (refusal: Refusal | undefined) => setShown((before) => ({ refusal, number: before.number + 1 })),
    [],
  )
  return { refusal: shown.refusal, refusalNumber: shown.number, showRefusal }
}
