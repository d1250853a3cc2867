// Messages above a page: what was done, and what failed. They go when the person goes on to another page; who wants to tell
// something on the next page navigates first.
import type { FlashbarProps } from '@cloudscape-design/components/flashbar'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { usePath } from '../router.ts'

export type Flash = {
  id: string // a second message with the same id replaces the first
  type: 'success' | 'error' | 'info'
  header?: string
  content: ReactNode
  action?: ReactNode
}

type FlashContextValue = { items: FlashbarProps.MessageDefinition[]; flash(message: Flash): void }

const FlashContext = createContext<FlashContextValue | undefined>(undefined)

export function useFlash(): FlashContextValue {
  const value = useContext(FlashContext)
  if (value === undefined) throw new Error('useFlash called outside of FlashProvider')
  return value
}

export function FlashProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<readonly (Flash & { path: string })[]>([])
  const path = usePath()
  useEffect(() => setMessages((shown) => shown.filter((item) => item.path === path)), [path])
  const dismiss = useCallback((id: string) => setMessages((shown) => shown.filter((item) => item.id !== id)), [])
  const flash = useCallback(
    (message: Flash) =>
      setMessages((shown) => [
        { ...message, path: window.location.pathname },
        ...shown.filter((item) => item.id !== message.id),
      ]),
    [],
  )
  const items = useMemo(
    () =>
      messages.map(
        (message): FlashbarProps.MessageDefinition => ({
          ...message,
          ariaRole: message.type === 'error' ? 'alert' : 'status',
          dismissible: true,
          dismissLabel: 'Dismiss message',
          onDismiss: () => dismiss(message.id),
        }),
      ),
    [messages, dismiss],
  )
  const value = useMemo(() => ({ items, flash }), [items, flash])
  return <FlashContext value={value}>{children}</FlashContext>
}
