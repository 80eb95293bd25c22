import fs from 'node:fs'
import { buildSolidityTests } from './build.ts'
import { startChild } from './children.ts'
import { inRoot, readIfPresent, writeWhole } from './folders.ts'
import { reportCrowd } from './test-deep-crowd.ts'
import { type Depth, forgetRounds, keepRounds, type Memory } from './test-deep-memory.ts'
import type { Played } from './test-deep-round.ts'

const CROWD_FILE = 'cache/crowd.txt' // as hardhat.config.ts permits
const ROUND_FILE = inRoot('cache', 'deep-round.json')
const MANY_LINES = 200

/**
 * Plays the Solidity tests, round by round, each with the next seed; whether all is well, and no less was played than asked. Rounds that
 * `begun` has are not played again.
 */
export async function playSolidity({
  depth,
  begun,
}: {
  depth: Depth
  begun: Memory | undefined
}): Promise<boolean> {
  const { seed, rounds, fuzz, crowd } = depth
  await buildSolidityTests({ say: console.log })
  writeWhole({ file: inRoot(CROWD_FILE), text: begun?.crowd ?? '' })
  const done = [...(begun?.rounds ?? [])]
  const each = { fuzz: Math.ceil(fuzz / rounds), crowd: Math.ceil(crowd / rounds) }
  for (let round = done.length; round < rounds; round++) {
    const began = Date.now()
    const { played, isGood, words } = await playRound({ seed: seed + round, ...each })
    const seconds = Math.round((Date.now() - began) / 1_000)
    console.log(
      `${isGood ? '✔' : '✗'} round ${round + 1} of ${rounds}, seed ${seed + round}: ${seconds} s`,
    )
    if (!isGood) {
      console.log(words.join('\n'))
      const again = `--only solidity --rounds 1 --seed ${seed + round} --fuzz ${each.fuzz} --crowd ${each.crowd}`
      console.log(`To see it again: npm run test:deep -- ${again}`)
      forgetRounds()
      return false
    }
    done.push(played)
    const crowdSoFar = readIfPresent(inRoot(CROWD_FILE)) ?? ''
    keepRounds({ memory: { depth, rounds: done, crowd: crowdSoFar } })
  }
  forgetRounds()
  return report({ sums: sumOf(done), fuzz, crowd })
}

/** The runs and seconds of each test, all rounds together. */
function sumOf(rounds: readonly (readonly Played[])[]): Played[] {
  const sums = new Map<string, Played>()
  for (const test of rounds.flat()) {
    const { runs = 0, seconds = 0 } = sums.get(test.name) ?? {}
    sums.set(test.name, { ...test, runs: runs + test.runs, seconds: seconds + test.seconds })
  }
  return [...sums.values()]
}

async function playRound({
  seed,
  fuzz,
  crowd,
}: {
  seed: number
  fuzz: number
  crowd: number
}): Promise<{ played: Played[]; isGood: boolean; words: string[] }> {
  fs.rmSync(ROUND_FILE, { force: true })
  const words: string[] = []
  const { ended } = startChild({
    name: 'A round of the Solidity tests',
    command: process.execPath,
    args: [
      inRoot('scripts', 'test-deep-round.ts'),
      ...['--seed', `0x${seed.toString(16)}`],
      ...['--fuzz', String(fuzz)],
      ...['--crowd', String(crowd)],
    ],
    env: { CROWD_FILE, ROUND_FILE },
    onLine: (line) => {
      if (words.push(line) > MANY_LINES) words.shift()
    },
  })
  const { code } = await ended
  const text = readIfPresent(ROUND_FILE)
  const played = text === undefined ? [] : (JSON.parse(text) as Played[])
  return { played, isGood: code === 0 && played.length > 0, words }
}

function report({
  sums,
  fuzz,
  crowd,
}: {
  sums: readonly Played[]
  fuzz: number
  crowd: number
}): boolean {
  console.log('\n     runs   seconds')
  for (const { name, runs, seconds } of sums) {
    console.log(`${String(runs).padStart(9)} ${seconds.toFixed(0).padStart(9)}  ${name}`)
  }
  const short = sums.filter(({ name, runs }) => runs < (isCrowd(name) ? crowd : fuzz))
  for (const { name } of short) console.log(`✗ ${name} was played less than asked.`)
  const hasCrowd = sums.some(({ name }) => isCrowd(name))
  return reportCrowd({ file: inRoot(CROWD_FILE) }) && hasCrowd && short.length === 0
}

function isCrowd(name: string): boolean {
  return name.startsWith('invariant_')
}
