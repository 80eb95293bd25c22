/** The part of `navigator.geolocation` that is used. */
export type Locator = Pick<Geolocation, 'watchPosition' | 'clearWatch'>

/** The part of the page that says whether anybody sees it. */
export type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>

/** Has the device tell where it is for as long as the page is seen: hidden, nothing is asked of it. The answer ends it. */
export function watchWhileVisible({
  locator,
  page,
  timeout,
  onFix,
  onError,
  onVisible = () => undefined,
}: {
  locator: Locator
  /** Where there is none, it counts as seen. */
  page: Page | undefined
  timeout: number
  onFix: PositionCallback
  onError: PositionErrorCallback
  onVisible?: (isVisible: boolean) => void
}): () => void {
  let watch: number | undefined
  let isOver = false
  const isVisible = () => page?.visibilityState !== 'hidden'
  const options = { enableHighAccuracy: true, maximumAge: 0, timeout }
  const pause = () => {
    if (watch !== undefined) locator.clearWatch(watch)
    watch = undefined
  }
  const go = () => {
    watch ??= locator.watchPosition(
      (fix) => !isOver && onFix(fix),
      (error) => !isOver && onError(error),
      options,
    )
  }
  const change = () => {
    if (isVisible()) go()
    else pause()
    onVisible(isVisible())
  }
  page?.addEventListener('visibilitychange', change)
  if (isVisible()) go()
  return () => {
    isOver = true
    pause()
    page?.removeEventListener('visibilitychange', change)
  }
}
