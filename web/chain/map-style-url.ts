// OpenFreeMap asks for no key and counts nobody. Organisers alone see a map with pictures.
const OPEN_FREE_MAP = 'https://tiles.openfreemap.org/styles/liberty'

/** The style of the organiser's map that MAP_STYLE_URL names: OpenFreeMap's where it is not set, none where it says so. */
export function mapStyleUrlOf(text: string | undefined): string | undefined {
  if (text === 'none') return undefined
  return text === undefined || text === '' ? OPEN_FREE_MAP : text
}
