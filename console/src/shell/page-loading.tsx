/** Shown while a page's code or the session is on its way; appears only after a moment, so that quick loads do not flicker. */
export function PageLoading() {
  return (
    <div className="page-loading" role="status">
      Loading
    </div>
  )
}
