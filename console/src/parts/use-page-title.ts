import { useEffect } from 'react'
import { hasNavigated } from '../router.ts'

/** Names the page for the tab and for screen readers, and moves the focus to its heading when one page follows another. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} | Sallyport`
  }, [title])
  useEffect(() => {
    if (!hasNavigated()) return
    const heading = document.querySelector<HTMLElement>('main h1')
    if (heading === null) return
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }, [])
}
