import { useCallback, useEffect, useState } from 'react'
import type { Answer, Refusal } from '../http/refusal.ts'

export type Loaded<T> = { status: 'loading' } | { status: 'ready'; value: T } | { status: 'refused'; refusal: Refusal }

/** Loads once and again on `reload`; what was shown stays until the new answer is here. */
export function useLoad<T>(load: () => Promise<Answer<T>>): { state: Loaded<T>; reload(): void } {
  const [state, setState] = useState<Loaded<T>>({ status: 'loading' })
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is what asks for a new load
  useEffect(() => {
    let current = true
    void load().then((answer) => {
      if (!current) return
      setState(answer.ok ? { status: 'ready', value: answer.value } : { status: 'refused', refusal: answer.refusal })
    })
    return () => {
      current = false
    }
  }, [load, round])
  const reload = useCallback(() => setRound((before) => before + 1), [])
  return { state, reload }
}
