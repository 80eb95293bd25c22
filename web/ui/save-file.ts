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
  saveFile({
    name: `${fileNameOf(name) || kind}.${kind}.json`,
    type: 'application/json',
    content: JSON.stringify(value, null, 2),
  })
}

/** Gives a file to the person, as if it had been downloaded. */
export function saveFile({
  name,
  type,
  content,
}: {
  name: string
  type: string
  content: BlobPart
}): void {
  const link = window.document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** A text as part of a file's name: letters and digits of any script, joined by hyphens. */
export function fileNameOf(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()
}
