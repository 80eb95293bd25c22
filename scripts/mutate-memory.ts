import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { readIfPresent, writeWhole } from './folders.ts'
import type { Test } from './mutate-order.ts'
import type { Outcome } from './mutate-suite.ts'

/** What became of a mutant. */
export type Verdict = {
  found: 'killed' | 'survived' | 'equivalent' | 'uncompilable'
  /** The test that noticed; none where the mutant only never came to an end. */
  killer?: Test
  /** What it compiles to in production; only of survivors is that asked. */
  digest?: string
}

/** What the verdicts rest on. */
export type Ground = {
  /** The original, compiled. */
  original: string
  /** Each test file with all that it stands on. */
  tests: Readonly<Record<string, string>>
}

/** The tests that the original passes, and those that it does not under settings that are not production's. */
export type Baseline = { tests: Outcome[]; leftOut: Outcome[] }

/** What of an older verdict still helps: who killed the mutant, or which test files it outlived that are as they were. */
export type Past = { killer?: Test; outlived: ReadonlySet<string>; digest?: string | undefined }

/** What is known from earlier runs, kept in a file. */
export type Memory = {
  /** The verdict on this mutant, if nothing it rests on has changed. */
  recall: (id: string) => Verdict | undefined
  /** What spares work where something has changed. */
  pastOf: (id: string) => Past
  note: (what: { id: string; verdict: Verdict }) => void
  baseline: () => Baseline | undefined
  noteBaseline: (baseline: Baseline) => void
  save: () => void
}

type Kept = Verdict & Ground
type Book = { baseline?: Baseline & { on: string }; verdicts: Record<string, Kept> }

/** Opens the memory in this file; one that cannot be read is begun anew. */
export function openMemory({ file, ground }: { file: string; ground: Ground }): Memory {
  const book = read(file)
  const { original, tests } = ground
  const everything = original + createHash('sha256').update(JSON.stringify(tests)).digest('hex')
  return {
    recall: (id) => {
      const kept = book.verdicts[id]
      if (kept?.original !== original) return undefined
      const files = kept.found === 'survived' ? Object.keys(tests) : Object.keys(kept.tests)
      return files.every((name) => kept.tests[name] === tests[name]) ? kept : undefined
    },
    pastOf: (id) => {
      const kept = book.verdicts[id]
      if (kept?.killer !== undefined && kept.killer.file in tests) {
        return { killer: kept.killer, outlived: new Set() }
      }
      if (kept?.original !== original || kept.found !== 'survived') return { outlived: new Set() }
      const same = Object.keys(tests).filter((name) => kept.tests[name] === tests[name])
      return { outlived: new Set(same), digest: kept.digest }
    },
    note: ({ id, verdict }) => {
      const { found, killer } = verdict
      const one = killer === undefined ? {} : { [killer.file]: tests[killer.file] ?? '' }
      book.verdicts[id] = { ...verdict, original, tests: found === 'survived' ? tests : one }
    },
    baseline: () => (book.baseline?.on === everything ? book.baseline : undefined),
    noteBaseline: (baseline) => {
      book.baseline = { ...baseline, on: everything }
    },
    save: () => writeWhole({ file, text: JSON.stringify(book) }),
  }
}

function read(file: string): Book {
  const text = readIfPresent(file)
  if (text === undefined) return { verdicts: {} }
  try {
    return JSON.parse(text) as Book
  } catch {
    fs.rmSync(file) // cut short
    return { verdicts: {} }
  }
}
