import type { DrawScript } from './pdf-pen.ts'

const PIXELS_PER_POINT = 4 // 288 to the inch: as sharp as most printers
const PADDING = 2 // points; some scripts reach far above and below
const LONGEST_POINTS = 400

/** Has the browser draw a line, which has fonts for every script its person reads, and knows how their letters join. */
export const drawScript: DrawScript = async ({ text, size, isBold }) => {
  const canvas = document.createElement('canvas')
  const font = `${isBold ? '700' : '400'} ${size * PIXELS_PER_POINT}px system-ui, sans-serif`
  const measured = contextOf(canvas)
  measured.font = font
  const width = Math.min(
    Math.ceil(measured.measureText(text).width) + 8,
    LONGEST_POINTS * PIXELS_PER_POINT,
  )
  const height = Math.ceil((size * 1.5 + PADDING) * PIXELS_PER_POINT)
  canvas.width = width // which forgets the font
  canvas.height = height
  const context = contextOf(canvas)
  context.font = font
  context.textBaseline = 'middle'
  context.fillText(text, 4, height / 2, width - 8)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob === null) throw new Error('The browser could not draw a name.')
  return { png: new Uint8Array(await blob.arrayBuffer()), width, height }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser does not draw.')
  return context
}
