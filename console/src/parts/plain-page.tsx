import { type ReactNode, useEffect } from 'react'
import { Brand } from './brand.tsx'

/** A page of text with a heading, drawn without Cloudscape: for what is shown when nothing else may be there to draw with. */
export function PlainPage({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} | Sallyport`
  }, [title])
  return (
    <div className="front">
      <Brand />
      <main className="plain-card">
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  )
}
