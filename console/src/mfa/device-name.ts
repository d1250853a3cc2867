// The console's rule for a new device's name (aws-behaviour.md §1.15), narrower than the API's: 64 characters instead of 226.

export const deviceNameMaxLength = 64

export const deviceNameHint =
  'Maximum 64 characters. Use alphanumeric and ‘+ = , . @ - _’ characters. The name becomes part of the identifier of this device.'

const allowed = /^[A-Za-z0-9+=,.@_-]+$/

/** What is wrong with the name, or undefined. */
export function findDeviceNameProblem(name: string): string | undefined {
  if (name === '') return 'Enter a device name.'
  if (name.length > deviceNameMaxLength) return `The name has ${name.length} characters, the maximum is 64.`
  if (allowed.test(name)) return undefined
  const wrong = [...new Set([...name].filter((character) => !allowed.test(character)))]
  const shown = wrong.slice(0, 5).map((character) => (character === ' ' ? 'space' : `‘${character}’`))
  return `The name contains characters that are not allowed: ${shown.join(', ')}.`
}
