import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { followChildren, signalGroup } from './children.ts'
import { readIfPresent, writeWhole } from './folders.ts'

// A process id may go to somebody else one day; together with its birth it names one process.
type Process = { pid: number; born: string }

/** Who works in a folder: our process, and those it started, each with a group of its own. */
type Owner = Process & { children: Process[] }

/**
 * Claims a folder for this process. Two chains must not write one state, so a living owner is a
 * refusal; what a killed one left running is ended first.
 */
export async function takeFolder({
  folder,
  say,
}: {
  folder: string
  say: (line: string) => void
}): Promise<{ release: () => void }> {
  const file = path.join(folder, 'running.json')
  const text = readIfPresent(file)
  if (text !== undefined) {
    const owner = JSON.parse(text) as Owner
    if (owner.pid !== process.pid && isAlive(owner)) {
      throw new Error(
        `Coupon Secure is already running here (process ${owner.pid}). Stop that one first.`,
      )
    }
    const left = owner.children.filter(isAlive)
    if (left.length > 0) say('Ending what an earlier start was not able to end …')
    for (const { pid } of left) signalGroup({ pid, signal: 'SIGKILL' })
    while (left.some(isAlive)) await sleep(20) // their ports and files are free only then
  }
  followChildren((pids) => {
    const owner: Owner = { ...identify(process.pid), children: pids.map(identify) }
    writeWhole({ file, text: JSON.stringify(owner) })
  })
  return {
    release: () => {
      followChildren(() => undefined)
      fs.rmSync(file, { force: true })
    },
  }
}

function isAlive({ pid, born }: Process): boolean {
  return born !== '' && identify(pid).born === born
}

/** A process as one that cannot be mistaken for another; `born` is empty where there is none. */
export function identify(pid: number): Process {
  return { pid, born: birthOf(pid) ?? '' }
}

/** When a process began, in whatever words the system has for it; undefined where it has ended. */
function birthOf(pid: number): string | undefined {
  try {
    if (process.platform === 'win32') return undefined
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    }
    // Fields 3 and 22 of proc(5), counted after the name, which may hold anything in brackets.
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return fields?.[0] === 'Z' ? undefined : fields?.[19]
  } catch {
    return undefined
  }
}
