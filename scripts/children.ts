import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inRoot } from './folders.ts'

const LINES_KEPT = 40
const PATIENCE_MS = 8_000
// A child sees our own environment only as far as any program needs it: a DATABASE_URL or a key that
// somebody has exported for another purpose must not leak into the local world.
const PASSED_ON =
  /^(path|pathext|home|user|lang|lc_\w+|tz|tmpdir|temp|tmp|term|systemroot|appdata)$/i

/** What it takes to start a program of ours. */
export type Program = {
  name: string
  command: string
  args: readonly string[]
  env?: Readonly<Record<string, string>>
  cwd?: string
  /** Where its words go, whole; nowhere when left out. */
  logFile?: string
  /** Called with each line as it comes. */
  onLine?: (line: string) => void
}

/** How a program ended. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null }

/** A program of ours that is running, or was. */
export type Child = {
  name: string
  pid: number
  ended: Promise<Ending>
  hasEnded: () => boolean
  lastLines: () => string[]
  /** Asks it to end, and insists after some seconds. */
  end: () => Promise<void>
  /** Takes it away at once. */
  kill: () => void
}

// In the order of their start. Whatever happens to us, nobody stays behind.
const running = new Set<Child>()
let tellFollower: (pids: number[]) => void = () => undefined
process.once('exit', () => running.forEach((child) => child.kill()))

/** Starts a program in a process group of its own, so that it ends when we say and with all its own children. */
export function startChild(program: Program): Child {
  const { name, command, args, env = {}, cwd = inRoot(), logFile, onLine } = program
  const spawned = spawn(command, args, {
    cwd,
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  const lines = keepLines({ spawned, logFile, onLine })
  let ending: Ending | undefined
  const ended = new Promise<Ending>((resolve) => {
    const finish = (end: Ending) => {
      ending ??= end
      running.delete(child)
      resolve(ending)
    }
    spawned.on('error', (error) => {
      lines.push(error.message)
      finish({ code: 127, signal: null })
    })
    spawned.on('close', (code, signal) => finish({ code, signal }))
  })
  const pid = spawned.pid ?? 0
  const hasEnded = () => ending !== undefined
  const kill = () => {
    if (!hasEnded()) signalGroup({ pid, signal: 'SIGKILL' })
  }
  const end = async () => {
    if (hasEnded()) return
    signalGroup({ pid, signal: 'SIGTERM' })
    const isDone = await Promise.race([ended.then(() => true), sleep(PATIENCE_MS, false)])
    if (!isDone) kill()
    await ended
  }
  const child: Child = { name, pid, ended, hasEnded, lastLines: () => [...lines], end, kill }
  running.add(child)
  tellFollower(pids())
  return child
}

/** Tells `follower`, from now on and at each start, which process groups are ours. */
export function followChildren(follower: (pids: number[]) => void): void {
  tellFollower = follower
  follower(pids())
}

/** Ends all programs of ours, the newest first: nobody loses what it stands on. */
export async function endChildren(): Promise<void> {
  for (const child of [...running].reverse()) await child.end()
}

/** Runs a program to its end; a bad end is thrown with its last lines. */
export async function runToEnd(program: Program): Promise<string[]> {
  const child = startChild(program)
  const { code, signal } = await child.ended
  if (code === 0) return child.lastLines()
  const how = code === null ? `was ended by ${String(signal)}` : `failed (exit code ${code})`
  throw new Error(`${program.name} ${how}. Its last lines:\n${child.lastLines().join('\n')}`)
}

/** Sends a signal to a process and to all it has started; whether anybody was there to get it. */
export function signalGroup({ pid, signal }: { pid: number; signal: NodeJS.Signals | 0 }): boolean {
  if (pid <= 0) return false
  try {
    return process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    return false // gone already
  }
}

function pids(): number[] {
  return [...running].map(({ pid }) => pid)
}

function inheritedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && PASSED_ON.test(name) ? [[name, value] as const] : [],
  )
  return Object.fromEntries(entries)
}

/** Follows both streams line by line; the newest lines are in the answer, all of them in the log. */
function keepLines({
  spawned,
  logFile,
  onLine,
}: {
  spawned: ChildProcess
  logFile: string | undefined
  onLine: ((line: string) => void) | undefined
}): string[] {
  const kept: string[] = []
  if (logFile !== undefined) fs.mkdirSync(path.dirname(logFile), { recursive: true })
  const log = logFile === undefined ? undefined : fs.createWriteStream(logFile)
  for (const stream of [spawned.stdout, spawned.stderr]) {
    let rest = ''
    const take = (line: string) => {
      kept.push(line)
      if (kept.length > LINES_KEPT) kept.shift()
      onLine?.(line)
    }
    stream?.setEncoding('utf8')
    stream?.on('data', (words: string) => {
      log?.write(words)
      const parts = (rest + words).split(/\r?\n/)
      rest = parts.pop() ?? ''
      parts.forEach(take)
    })
    stream?.on('end', () => {
      if (rest !== '') take(rest)
    })
  }
  spawned.on('close', () => log?.end())
  return kept
}
