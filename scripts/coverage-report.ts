import type { Point } from './coverage-points.ts'

type Share = { seen: number; of: number }
type Line = { file: string; line: number; isRun: boolean }

/** Says what was come through and what not; whether that is everything. */
export function report({
  points,
  seen,
  seconds,
  isJson,
}: {
  points: readonly Point[]
  seen: ReadonlySet<Point>
  seconds: number
  isJson: boolean
}): boolean {
  const lines = linesOf({ points, seen })
  const branches = points.filter(({ kind }) => kind === 'branch')
  const ofFile = (file?: string) => {
    const isHere = (one: { file: string }) => file === undefined || one.file === file
    return {
      lines: share(lines.filter(isHere).map(({ isRun }) => isRun)),
      branches: share(branches.filter(isHere).map((branch) => seen.has(branch))),
    }
  }
  const files = [...new Set(points.map(({ file }) => file))]
  const table = { ...Object.fromEntries(files.map((file) => [file, ofFile(file)])), all: ofFile() }
  const missed = [
    ...lines
      .filter(({ isRun }) => !isRun)
      .map(({ file, line }) => ({ file, line, outcome: 'never run' })),
    ...branches
      .filter((branch) => !seen.has(branch))
      .map(({ file, line, outcome }) => ({ file, line, outcome })),
  ].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line)

  if (isJson) console.log(JSON.stringify({ ...table, missed, seconds }, null, 2))
  else print({ table, missed, seconds })
  return missed.length === 0
}

/** A line is run when everything that begins on it is. */
function linesOf({ points, seen }: { points: readonly Point[]; seen: ReadonlySet<Point> }): Line[] {
  const lines = new Map<string, Line>()
  for (const point of points) {
    const { kind, file, line } = point
    if (kind !== 'line') continue
    const before = lines.get(`${file}:${line}`)
    lines.set(`${file}:${line}`, { file, line, isRun: (before?.isRun ?? true) && seen.has(point) })
  }
  return [...lines.values()]
}

function share(outcomes: readonly boolean[]): Share {
  return { seen: outcomes.filter((isSeen) => isSeen).length, of: outcomes.length }
}

function print({
  table,
  missed,
  seconds,
}: {
  table: Readonly<Record<string, { lines: Share; branches: Share }>>
  missed: readonly { file: string; line: number; outcome: string }[]
  seconds: number
}): void {
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(36) : cell.padStart(18))).join(''))
  const told = ({ seen, of }: Share) =>
    `${seen} of ${of} ${(of === 0 ? 100 : Math.floor((1_000 * seen) / of) / 10).toFixed(1).padStart(6)} %`
  row(['', 'lines', 'branches'])
  for (const [name, { lines, branches }] of Object.entries(table)) {
    row([name, told(lines), told(branches)])
  }
  for (const { file, line, outcome } of missed) console.log(`${file}:${line} ${outcome}`)
  console.log(
    `${missed.length === 0 ? 'Everything' : 'Not everything'} is come through. ${seconds} s.`,
  )
}
