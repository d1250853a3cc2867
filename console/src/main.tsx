import '@cloudscape-design/global-styles/index.css'
import './styles.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { ErrorBoundary } from './parts/error-boundary.tsx'
import { applyTheme } from './theme.ts'

applyTheme()

// A page that the browser kept in its back-forward cache shows what a session saw that may be over by now.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload()
})

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <ErrorBoundary>
      <App />
    </ErrorBoundary>,
  )
}
