import { useEffect, useState } from 'react'
import type { Strength } from './estimate-strength.ts'

const levels = ['Very weak', 'Weak', 'Fair', 'Good', 'Strong'] as const

type Props = { password: string; accountWords: readonly string[] }

const loadEstimator = () => import('./estimate-strength.ts')

/** How well a password would hold, as a word, a bar and a piece of advice. It stands from the start, so nothing moves. */
export function StrengthMeter({ password, accountWords }: Props) {
  const [strength, setStrength] = useState<Strength | undefined>(undefined)
  const words = accountWords.join('\n')
  useEffect(() => {
    if (password === '') return setStrength(undefined)
    let current = true
    const timer = window.setTimeout(() => {
      void loadEstimator()
        .then(({ estimateStrength }) => {
          if (current) setStrength(estimateStrength(password, words.split('\n')))
        })
        .catch(() => setStrength(undefined)) // the meter only advises; the form works without it
    }, 150)
    return () => {
      current = false
      window.clearTimeout(timer)
    }
  }, [password, words])
  const score = strength?.score ?? 0
  const level = strength === undefined ? 'Not rated yet' : levels[score]
  return (
    <div className="strength">
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be drawn in four parts */}
      <div
        className={`strength-track strength-${strength === undefined ? 'none' : score}`}
        role="meter"
        aria-label="Strength"
        aria-valuemin={0}
        aria-valuemax={4}
        aria-valuenow={score}
        aria-valuetext={level}
      >
        <span />
        <span />
        <span />
        <span />
      </div>
      <div className="strength-text" role="status">
        Strength: {level}
        {strength?.advice === undefined ? '' : `. ${strength.advice}`}
      </div>
    </div>
  )
}
