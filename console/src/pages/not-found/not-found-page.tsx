import { homePath } from '../../console-paths.ts'
import { PlainPage } from '../../parts/plain-page.tsx'

export function NotFoundPage() {
  return (
    <PlainPage title="Page not found">
      <p>
        There is no page at <strong>{window.location.pathname}</strong>.
      </p>
      <p>
        <a href={homePath}>Go to Console Home</a>
      </p>
    </PlainPage>
  )
}
