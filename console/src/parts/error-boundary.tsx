import { Component, type ReactNode } from 'react'
import { PlainPage } from './plain-page.tsx'

type Props = { children: ReactNode }

/** The last net: an error while drawing must not leave an empty page. React offers no way to do this without a class. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <PlainPage title="This page stopped working">
        <p>
          Something unexpected happened while the page was drawn, or a new version was installed meanwhile. Nothing that
          you confirmed is lost.
        </p>
        <p>
          <a href={window.location.pathname}>Load the page again</a> or <a href="/console/home">go to the start page</a>
          .
        </p>
      </PlainPage>
    )
  }
}
