// Paths and nothing else: the browser's history is the state, pages are chosen by location.pathname in app.tsx.
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let navigations = 0

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

export function navigate(path: string): void {
  navigations += 1
  window.history.pushState(null, '', path)
  window.scrollTo(0, 0)
  for (const listener of listeners) listener()
}

/** True once the person has moved inside the app: a new page then takes the focus, which the first page must not. */
export const hasNavigated = (): boolean => navigations > 0

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname)

type FollowEvent = { preventDefault(): void; detail: { href?: string | undefined; external?: boolean | undefined } }

/** For onFollow of Cloudscape's links: stays in the app instead of loading the page anew. */
export function follow(event: FollowEvent): void {
  const href = event.detail.href
  if (event.detail.external === true || href === undefined || !href.startsWith('/console/')) return
  event.preventDefault()
  navigate(href)
}
