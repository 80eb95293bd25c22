/**
 * Runs in the page's head, before anything is drawn: where this phone's person reads another language than the server wrote, the
 * page says so in `<html>` and stays unseen for the moment that the words take to come (see base.css). It is sent as its own text,
 * so it may name nothing outside of itself.
 */
export function early({
  kept,
  directions,
}: {
  kept: string
  directions: Readonly<Record<string, string>>
}): void {
  const root = document.documentElement
  let wanted: readonly (string | null)[] = navigator.languages
  try {
    wanted = [localStorage.getItem(kept), ...wanted]
  } catch {
    // Closed to us: then the browser's own languages have the word.
  }
  const tags = wanted.map((one) => String(one).toLowerCase().split('-')[0] ?? '')
  const tag = tags.find((one) => Object.hasOwn(directions, one)) ?? 'en'
  if (tag === root.lang) return
  root.lang = tag
  root.dir = directions[tag] ?? 'ltr'
  root.dataset.unspoken = ''
}
