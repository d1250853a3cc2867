import { PlainPage } from '../../parts/plain-page.tsx'

/** Browsers give cryptography to pages over https and on the own machine only; without it nothing here could be signed. */
export function InsecureContextPage() {
  return (
    <PlainPage title="Open this page over HTTPS">
      <p>
        Your browser treats <strong>{window.location.origin}</strong> as insecure, so a password typed here could be
        read on its way, and the console cannot sign its requests.
      </p>
      <p>
        Open Sallyport by its https address, or on the machine that it runs on by <strong>http://127.0.0.1</strong> or{' '}
        <strong>http://localhost</strong> with its port.
      </p>
    </PlainPage>
  )
}
