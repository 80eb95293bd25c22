import type { PDFPage } from '@cantoo/pdf-lib'
import { decodeQR } from 'qr/decode.js'
import { contentOf } from '../../ui/pdf-text.fixture.ts'

/** What the QR codes on these pages say, in the order in which they were drawn. */
export function codesOnPages(pages: readonly PDFPage[]): string[] {
  return pages.flatMap((page) => codesIn(contentOf(page)))
}

/** Reads the page as a printer would: each filled path of unit-high runs is drawn, and the picture decoded. */
function codesIn(content: string): string[] {
  return content
    .split(/\nq\n/)
    .filter((part) => (part.match(/ l\n/g)?.length ?? 0) > 300)
    .map((part) => {
      const points = [...part.matchAll(/([\d.-]+) ([\d.-]+) m\n([\d.-]+) [\d.-]+ l\n/g)]
      const runs = points.map(([, x, y, end]) => ({ x: Number(x), y: Number(y), end: Number(end) }))
      const side = Math.max(...runs.map(({ end }) => end))
      const scale = 4
      const size = (side + 4) * scale // the white at its right and below it
      const data = new Uint8ClampedArray(size * size * 4).fill(255)
      for (const { x, y, end } of runs) {
        for (let row = y * scale; row < (y + 1) * scale; row += 1) {
          const from = (row * size + x * scale) * 4
          for (let at = from; at < from + (end - x) * scale * 4; at += 4) data.fill(0, at, at + 3)
        }
      }
      return decodeQR({ width: size, height: size, data })
    })
}
