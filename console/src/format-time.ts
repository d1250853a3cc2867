/** `November 24, 2026, 03:32 (UTC+00:00)`, as AWS's console writes a moment. */
export function formatTime(epochMs: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  const date = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', ...zone }).format(epochMs)
  const parts = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
    ...zone,
  }).formatToParts(epochMs)
  const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
  const offset = find('timeZoneName').replace('GMT', '')
  return `${date}, ${find('hour')}:${find('minute')} (UTC${offset === '' ? '+00:00' : offset})`
}

/** `1 minute 12 seconds`, for waits that a person reads. */
export function formatWait(seconds: number): string {
  const count = (value: number, unit: string): string => `${value} ${unit}${value === 1 ? '' : 's'}`
  const units: [number, string][] = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ]
  const named = units.filter(([value]) => value > 0).map(([value, unit]) => count(value, unit))
  return named.length === 0 ? '0 seconds' : named.join(' ')
}

/** `1234-5678-9012`, as AWS prints an account id where it is read and not typed. */
export const formatAccountId = (accountId: string): string => accountId.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3')
