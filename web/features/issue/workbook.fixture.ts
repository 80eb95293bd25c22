import { strToU8, zipSync } from 'fflate'

/** One cell of a made-up workbook: a text, a number, or a formula with its last result. */
export type MadeCell = string | number | { formula: string; result: string }

/** An .xlsx file as Excel writes it, as far as it matters here. */
export function workbookOf(
  sheets: Readonly<Record<string, readonly (readonly MadeCell[])[]>>,
): Uint8Array {
  const names = Object.keys(sheets)
  const files = {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${names
      .map(
        (name, index) =>
          `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="r${index + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names
      .map(
        (_, index) =>
          `<Relationship Id="r${index + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
      )
      .join('')}</Relationships>`,
    ...Object.fromEntries(
      Object.values(sheets).map((rows, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        sheetOf(rows),
      ]),
    ),
  }
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, xml]) => [name, strToU8(xml)])),
  )
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

function sheetOf(rows: readonly (readonly MadeCell[])[]): string {
  const written = rows.map((cells, row) => {
    const inner = cells.map((cell, column) => {
      const place = `${String.fromCharCode(65 + column)}${row + 1}`
      if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`
      if (typeof cell === 'string') {
        return cell === ''
          ? ''
          : `<c r="${place}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
      }
      return `<c r="${place}" t="str"><f>${escaped(cell.formula)}</f><v>${escaped(cell.result)}</v></c>`
    })
    return `<row r="${row + 1}">${inner.join('')}</row>`
  })
  return `<worksheet xmlns="${MAIN}"><sheetData>${written.join('')}</sheetData></worksheet>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
