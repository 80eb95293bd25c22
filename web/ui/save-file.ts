/** Gives a value to the person as a JSON file, named after `name` and `kind`. */
export function saveJson({
  name,
  kind,
  value,
}: {
  name: string
  kind: string
  value: unknown
}): void {
  const file = new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' })
  const link = window.document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase() || kind}.${kind}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
