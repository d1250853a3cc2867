// Light, dark, or as the system says. The choice is the only thing that the console stores in the browser.
import { applyMode, Mode } from '@cloudscape-design/global-styles'
import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark' | 'system'

const storageKey = 'sallyport-theme'
const darkSystem = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function readTheme(): Theme {
  try {
    const stored = window.localStorage.getItem(storageKey)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system' // storage may be forbidden; the page works all the same
  }
}

let theme = readTheme()

export function applyTheme(): void {
  const dark = theme === 'dark' || (theme === 'system' && darkSystem.matches)
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  applyMode(dark ? Mode.Dark : Mode.Light)
}

/** Signing out clears what this site has stored; how the page looks is no secret, and is written again. */
export function storeTheme(): void {
  try {
    if (theme === 'system') window.localStorage.removeItem(storageKey)
    else window.localStorage.setItem(storageKey, theme)
  } catch {
    // not stored: the choice holds until the page is left
  }
}

export function chooseTheme(chosen: Theme): void {
  theme = chosen
  storeTheme()
  applyTheme()
  for (const listener of listeners) listener()
}

darkSystem.addEventListener('change', applyTheme)

export const useTheme = (): Theme =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
