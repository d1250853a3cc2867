import { describe, expect, it } from 'vitest'
import { findDeviceNameProblem } from './device-name.ts'

describe('a device name (aws-behaviour §1.15)', () => {
  it.each(['a', 'my-phone', 'A+=,.@-_9', 'x'.repeat(64)])('%j is accepted', (name) => {
    expect(findDeviceNameProblem(name)).toBeUndefined()
  })

  it.each([
    ['', 'Enter a device name.'],
    ['x'.repeat(65), 'The name has 65 characters, the maximum is 64.'],
    ['my phone', 'The name contains characters that are not allowed: space.'],
    ['<b>&issuer=', 'The name contains characters that are not allowed: ‘<’, ‘>’, ‘&’.'],
    ['mfa/x', 'The name contains characters that are not allowed: ‘/’.'],
    ['télé', 'The name contains characters that are not allowed: ‘é’.'],
    ['a\n', 'The name contains characters that are not allowed: ‘\n’.'],
  ])('%j is refused with the reason', (name, problem) => {
    expect(findDeviceNameProblem(name)).toBe(problem)
  })
})
