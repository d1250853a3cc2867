import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import { Brand } from './brand.tsx'
import { usePageTitle } from './use-page-title.ts'

type Props = { title: string; description?: ReactNode; children: ReactNode; below?: ReactNode; wide?: boolean }

/** The frame of the pages before the console: the name above, one card, what leads elsewhere below it. */
export function FrontPage({ title, description, children, below, wide = false }: Props) {
  usePageTitle(title)
  return (
    <div className="front">
      <Brand />
      <main className={wide ? 'front-card front-card-wide' : 'front-card'}>
        <Container
          header={
            <Header variant="h1" description={description}>
              {title}
            </Header>
          }
        >
          {children}
        </Container>
        {below === undefined ? null : <div className="front-below">{below}</div>}
      </main>
    </div>
  )
}
