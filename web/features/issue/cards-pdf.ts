import type { PDFFont, PDFImage, PDFPage, RGB } from '@cantoo/pdf-lib'
import type { Card } from './claim-files.ts'

/** Draws a line of text in a script that the PDF's own fonts lack, as a PNG; `size` is in points. */
export type DrawScript = (line: {
  text: string
  size: number
  isBold: boolean
}) => Promise<{ png: Uint8Array; width: number; height: number }>

// A4 in points, with a margin that every printer keeps; two columns of four cards.
const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = 22
const COLUMNS = 2
const ROWS = 4
const CARD = {
  width: (PAGE.width - 2 * MARGIN) / COLUMNS,
  height: (PAGE.height - 2 * MARGIN) / ROWS,
}
const PADDING = 12
const CODE = 136 // the QR's side with the white around it: some 48 mm, read from an arm's length
const QUIET = 4 // modules of white around it, as readers want
const CARDS_AT_ONCE = 4 // then the page may breathe

const INSTRUCTION = 'Scan with your phone’s camera. Keep it like cash: who has it can use it.'

/** The cards as sheets of eight to be cut, ready to print. What makes PDFs and codes is loaded now. */
export async function cardsPdf({
  cards,
  book,
  drawScript,
  onProgress,
}: {
  cards: readonly Card[]
  book: string
  drawScript: DrawScript
  onProgress: (done: number) => void
}): Promise<Uint8Array> {
  const [{ PDFDocument, StandardFonts, rgb }, { encodeQR }] = await Promise.all([
    import('@cantoo/pdf-lib'),
    import('qr'),
  ])
  const pdf = await PDFDocument.create()
  pdf.setTitle(`Coupons: ${book}`)
  const [plain, bold] = await Promise.all([
    pdf.embedFont(StandardFonts.Helvetica),
    pdf.embedFont(StandardFonts.HelveticaBold),
  ])
  const known = new Map<string, PDFImage>() // a campaign's name comes on every card
  const grey = rgb(0.6, 0.6, 0.6)
  const pen: Pen = {
    fonts: { plain, bold },
    image: async (line) => {
      const key = `${line.size}.${line.isBold}.${line.text}`
      const image = known.get(key) ?? (await pdf.embedPng((await drawScript(line)).png))
      known.set(key, image)
      return image
    },
  }

  let page: PDFPage | undefined
  for (const [index, card] of cards.entries()) {
    const place = index % (COLUMNS * ROWS)
    if (place === 0) page = pdf.addPage([PAGE.width, PAGE.height])
    if (page === undefined) break
    const left = MARGIN + (place % COLUMNS) * CARD.width
    const top = PAGE.height - MARGIN - Math.floor(place / COLUMNS) * CARD.height
    const frame = { x: left, y: top - CARD.height, width: CARD.width, height: CARD.height }
    page.drawRectangle({ ...frame, borderColor: grey, borderWidth: 0.5, borderDashArray: [3, 3] })
    drawCode({
      page,
      rows: encodeQR(card.link, 'raw', { ecc: 'medium', border: QUIET }),
      black: rgb(0, 0, 0),
      left,
      top,
    })
    await write({ page, pen, card, left, top })
    if ((index + 1) % CARDS_AT_ONCE !== 0) continue
    onProgress(index + 1)
    await new Promise((resolve) => setTimeout(resolve))
  }
  onProgress(cards.length)
  return await pdf.save()
}

type Pen = {
  fonts: { plain: PDFFont; bold: PDFFont }
  image: (line: { text: string; size: number; isBold: boolean }) => Promise<PDFImage>
}
type Place = { page: PDFPage; left: number; top: number }

/** Runs of dark modules as one path, so that a page of codes stays small and sharp at any size. */
function drawCode({
  page,
  rows,
  black,
  left,
  top,
}: Place & { rows: boolean[][]; black: RGB }): void {
  const unit = CODE / rows.length
  const path = rows.flatMap((row, y) =>
    runsOf(row).map(({ from, to }) => `M${from} ${y}h${to - from}v1h${from - to}z`),
  )
  page.drawSvgPath(path.join(''), {
    x: left + PADDING / 2,
    y: top - (CARD.height - CODE) / 2,
    scale: unit,
    color: black,
  })
}

function runsOf(row: readonly boolean[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const [x, isDark] of row.entries()) {
    if (!isDark) continue
    const last = runs.at(-1)
    if (last?.to === x) last.to = x + 1
    else runs.push({ from: x, to: x + 1 })
  }
  return runs
}

async function write({ page, pen, card, left, top }: Place & { pen: Pen; card: Card }) {
  const x = left + CODE + PADDING
  const width = CARD.width - CODE - 2 * PADDING
  const lines = [
    { text: card.campaign, size: 13, isBold: true, most: 2, gap: 4 },
    { text: card.name, size: 12, isBold: false, most: 2, gap: 6 },
    { text: card.window, size: 9, isBold: false, most: 3, gap: 3 },
    { text: card.place, size: 9, isBold: false, most: 2, gap: 6 },
    { text: INSTRUCTION, size: 7.5, isBold: false, most: 4, gap: 6 },
    { text: card.id, size: 7, isBold: false, most: 2, gap: 0 },
  ]
  let y = top - PADDING
  for (const { text, size, isBold, most, gap } of lines) {
    const clean = printable(text)
    if (clean === '') continue
    const font = isBold ? pen.fonts.bold : pen.fonts.plain
    if (!isInFont({ text: clean, font })) {
      const image = await pen.image({ text: clean, size, isBold })
      const scale = Math.min((size * 1.4) / image.height, width / image.width)
      const height = image.height * scale
      y -= size * 1.4
      page.drawImage(image, {
        x,
        y: y + (size * 1.4 - height) / 2,
        width: image.width * scale,
        height,
      })
    } else {
      const measure = (part: string) => font.widthOfTextAtSize(part, size)
      for (const line of wrap({ text: clean, width, measure, most })) {
        y -= size * 1.2
        page.drawText(line, { x, y, size, font })
      }
    }
    y -= gap
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
