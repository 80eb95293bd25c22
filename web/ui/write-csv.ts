// What spreadsheets take for the beginning of a formula or a command.
const DANGEROUS = /^[=+\-@\t\r]/
const MARK = '\ufeff' // without it, some spreadsheets read UTF-8 as something else

/** Rows as a CSV file for spreadsheets (RFC 4180); no cell can be taken for a formula: an apostrophe stands before such. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return MARK + rows.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(content: string): string {
  const safe = DANGEROUS.test(content) ? `'${content}` : content
  return /[",\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
