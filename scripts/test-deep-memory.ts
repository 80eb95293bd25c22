import fs from 'node:fs'
import { fingerprint, inRoot, readIfPresent, writeWhole } from './folders.ts'
import type { Played } from './test-deep-round.ts'

/** How much is played: runs of each fuzz test and sequences of the crowd, all rounds together; and from which seed. */
export type Depth = { seed: number; rounds: number; fuzz: number; crowd: number }

/** Rounds that were played to a good end, and what the crowd has told in them. */
export type Memory = { depth: Depth; rounds: Played[][]; crowd: string }

const FILE = inRoot('cache', 'deep.json')
// What a round depends on. The packages hold the compiler and the chain that plays.
const PLACES = ['contracts', 'test/solidity', 'hardhat.config.ts', 'package-lock.json']

/** What an interrupted run has left of these very contracts and tests; undefined where there is none. */
export function recallRounds({ file = FILE }: { file?: string } = {}): Memory | undefined {
  const text = readIfPresent(file)
  if (text === undefined) return undefined
  const { ground, ...memory } = JSON.parse(text) as Memory & { ground: string }
  return ground === groundOf() ? memory : undefined
}

/** Keeps what was played so far, for a run that is interrupted. */
export function keepRounds({ memory, file = FILE }: { memory: Memory; file?: string }): void {
  writeWhole({ file, text: JSON.stringify({ ...memory, ground: groundOf() }) })
}

/** Forgets it: the run has come to its end. */
export function forgetRounds({ file = FILE }: { file?: string } = {}): void {
  fs.rmSync(file, { force: true })
}

function groundOf(): string {
  return fingerprint({ places: PLACES })
}
