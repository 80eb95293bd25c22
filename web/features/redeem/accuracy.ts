// A phone that knows no better than this is kept from it: it is told a district, not a position.
const VAGUE_METRES = 1_000

/** How well a position is known: "good to 12 m", "good to 240 m", "good to 1.5 km". */
export function accuracyText(accuracyMetres: number): string {
  if (accuracyMetres >= 1_000) return `good to ${(accuracyMetres / 1_000).toFixed(1)} km`
  const step = accuracyMetres < 100 ? 1 : 10
  return `good to ${Math.ceil(accuracyMetres / step) * step} m`
}

/** Where a phone keeps its exact position from this browser: how to let it have it, by the browser's name for itself. */
export function preciseHint({
  accuracyMetres,
  agent,
}: {
  accuracyMetres: number
  agent: string
}): string | undefined {
  if (accuracyMetres < VAGUE_METRES) return undefined
  if (/iPhone|iPad/.test(agent)) {
    return 'The exact position seems to be off for this browser. Settings → Privacy & Security → Location Services → Safari Websites (or your browser) → Precise Location: on.'
  }
  if (agent.includes('Android')) {
    return 'The exact position seems to be off for this browser. Settings → Location → App permissions → your browser → Use precise location: on.'
  }
  return 'Your device only knows the district it is in. A phone with location on knows better.'
}
