import type { PDFDocument, PDFFont, PDFImage, PDFPage, StandardFonts } from '@cantoo/pdf-lib'

/** Draws a line of text in a script that the PDF's own fonts lack, as a PNG; `size` is in points. */
export type DrawScript = (line: {
  text: string
  size: number
  isBold: boolean
}) => Promise<{ png: Uint8Array; width: number; height: number }>

/** Writes texts into a PDF. */
export type Pen = {
  /** Writes a text of so many lines at `most` from `y` downwards, and says where it ended; all lengths in points. */
  write: (line: {
    page: PDFPage
    text: string
    x: number
    y: number
    width: number
    size: number
    isBold: boolean
    most: number
  }) => Promise<number>
}

/** A pen for one PDF: with Helvetica what that can write, and for every other script what the browser draws. */
export async function penFor({
  pdf,
  fonts: { Helvetica, HelveticaBold },
  drawScript,
}: {
  pdf: PDFDocument
  /** The library's own list, since this module loads no library. */
  fonts: typeof StandardFonts
  drawScript: DrawScript
}): Promise<Pen> {
  const [plain, bold] = await Promise.all([pdf.embedFont(Helvetica), pdf.embedFont(HelveticaBold)])
  const known = new Map<string, PDFImage>() // a campaign's name comes again and again
  const imageOf = async (line: { text: string; size: number; isBold: boolean }) => {
    const key = `${line.size}.${line.isBold}.${line.text}`
    const image = known.get(key) ?? (await pdf.embedPng((await drawScript(line)).png))
    known.set(key, image)
    return image
  }
  return {
    write: async ({ page, text, x, y: top, width, size, isBold, most }) => {
      const clean = printable(text)
      if (clean === '') return top
      const font = isBold ? bold : plain
      if (!isInFont({ text: clean, font })) {
        const image = await imageOf({ text: clean, size, isBold })
        const room = size * 1.4
        const scale = Math.min(room / image.height, width / image.width)
        const height = image.height * scale
        const y = top - room
        const place = { x, y: y + (room - height) / 2, width: image.width * scale, height }
        page.drawImage(image, place)
        return y
      }
      let y = top
      const measure = (part: string) => font.widthOfTextAtSize(part, size)
      for (const line of wrap({ text: clean, width, measure, most })) {
        y -= size * 1.2
        page.drawText(line, { x, y, size, font })
      }
      return y
    },
  }
}

/** A text in lines that fit; what does not fit the last one is cut with an ellipsis. */
export function wrap({
  text,
  width,
  measure,
  most,
}: {
  text: string
  width: number
  measure: (text: string) => number
  most: number
}): string[] {
  const lines: string[] = []
  let rest = text
  while (rest !== '' && lines.length < most) {
    const isLast = lines.length === most - 1
    let line = rest
    while (measure(isLast && line !== rest ? `${line}…` : line) > width && line.length > 1) {
      const space = line.trimEnd().lastIndexOf(' ')
      line = space > 0 && !isLast ? line.slice(0, space) : line.slice(0, -1)
    }
    lines.push(isLast && line !== rest ? `${line.trimEnd()}…` : line.trimEnd())
    rest = rest.slice(line.length).trimStart()
  }
  return lines
}

/** One line of what can be seen: no control characters, no marks that turn the direction of what follows. */
function printable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\u2007\u2009\u202f]+/g, ' ')
    .replace(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu, '')
    .trim()
}

const characters = new WeakMap<PDFFont, ReadonlySet<number>>()

function isInFont({ text, font }: { text: string; font: PDFFont }): boolean {
  const known = characters.get(font) ?? new Set(font.getCharacterSet())
  characters.set(font, known)
  return Array.from(text).every((character) => known.has(character.codePointAt(0) ?? 0))
}
