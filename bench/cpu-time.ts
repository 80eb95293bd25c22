import fs from 'node:fs'

const TICKS_PER_SECOND = 100 // what Linux counts in, for programs, on every architecture of ours

/** The processor time that a process has had so far, milliseconds; undefined where the system does not say (not Linux). */
export function cpuTimeOf(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`
  if (!fs.existsSync(file)) return undefined
  // Behind the name, which may hold blanks, come the fields from the third on; user and system time are 14 and 15.
  const fields = fs.readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND
}
