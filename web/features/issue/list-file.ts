import type { FieldProblem } from '../../ui/Field.tsx'

/** What kind of list a file is, or why it is none. */
export type ListKind =
  { ok: true; kind: 'text' | 'workbook' } | { ok: false; problem: FieldProblem }

const LARGEST_FILE = 30_000_000

// The first bytes by which files of other kinds are known.
const OTHERS: readonly { start: string; what: string }[] = [
  { start: '89504e47', what: 'a picture (PNG)' },
  { start: 'ffd8ff', what: 'a picture (JPEG)' },
  { start: '47494638', what: 'a picture (GIF)' },
  { start: '424d', what: 'a picture (BMP)' },
  { start: '52494646', what: 'a picture or a sound (RIFF)' },
  { start: '49492a00', what: 'a picture (TIFF)' },
  { start: '4d4d002a', what: 'a picture (TIFF)' },
  { start: '25504446', what: 'a PDF' },
  { start: '1f8b', what: 'a packed file (gzip)' },
]
const WORKBOOK = '504b0304'
const OLD_WORKBOOK = 'd0cf11e0'

/** Looks at a file's size and first bytes, whatever its name says. */
export function kindOf({ size, bytes }: { size: number; bytes: Uint8Array }): ListKind {
  if (size > LARGEST_FILE) {
    return no('FILE_TOO_LARGE', 'This file is larger than thirty megabytes. Is it the right one?')
  }
  if (size === 0) return no('FILE_EMPTY', 'This file is empty.')
  const head = Array.from(bytes.slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (head.startsWith(WORKBOOK)) return { ok: true, kind: 'workbook' }
  if (head.startsWith(OLD_WORKBOOK)) {
    return no(
      'FILE_IS_OLD_EXCEL',
      'This is a workbook of the old kind (.xls). Save it as .xlsx or as CSV, and choose that file.',
    )
  }
  const other = OTHERS.find(({ start }) => head.startsWith(start))
  const what = head.slice(8, 16) === '66747970' ? 'a picture or a film' : other?.what
  if (what !== undefined) {
    return no(
      'FILE_IS_NO_LIST',
      `This is ${what}, not a list. Choose a CSV or an Excel file (.xlsx).`,
    )
  }
  const isMarked = head.startsWith('fffe') || head.startsWith('feff') // UTF-16 is full of zeros
  if (!isMarked && bytes.subarray(0, 4_096).includes(0)) {
    return no('FILE_IS_NO_TEXT', 'This file is no text. Choose a CSV or an Excel file (.xlsx).')
  }
  return { ok: true, kind: 'text' }
}

function no(code: string, message: string): ListKind {
  return { ok: false, problem: { code, message } }
}
