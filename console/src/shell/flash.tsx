// Messages above the page that outlive a change of page: what was done, and what failed.
import type { FlashbarProps } from '@cloudscape-design/components/flashbar'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'

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
  const [messages, setMessages] = useState<readonly Flash[]>([])
  const dismiss = useCallback((id: string) => setMessages((shown) => shown.filter((item) => item.id !== id)), [])
  const flash = useCallback(
    (message: Flash) => setMessages((shown) => [message, ...shown.filter((item) => item.id !== message.id)]),
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
