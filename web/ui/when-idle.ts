const LONGEST_WAIT_MS = 3_000

/** Does something once the page has loaded and the browser has nothing better to do; answers how to call it off. */
export function whenIdle(deed: () => void): () => void {
  let callOff = () => window.removeEventListener('load', wait)
  function wait() {
    if (typeof requestIdleCallback === 'function') {
      const asked = requestIdleCallback(deed, { timeout: LONGEST_WAIT_MS })
      callOff = () => cancelIdleCallback(asked)
    } else {
      const asked = setTimeout(deed, LONGEST_WAIT_MS / 10) // Safari knows no idleness
      callOff = () => clearTimeout(asked)
    }
  }
  if (document.readyState === 'complete') wait()
  else window.addEventListener('load', wait, { once: true })
  return () => callOff()
}
