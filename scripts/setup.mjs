#!/usr/bin/env node
// Every npm script goes through here: `node scripts/setup.mjs [--browser] <command> [arguments…]`.
// It makes sure of the pinned Node, of the packages in package-lock.json and (with --browser) of a
// Chromium, then becomes the command. When all is in place it says nothing and costs a few
// milliseconds. It must run on the Node a fresh machine has (18 or later) and before anything is
// installed: hence plain JavaScript, with no dependency.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const inRoot = (...parts) => path.join(root, ...parts)
const windows = process.platform === 'win32'

const OLDEST_MAJOR = 24
// Packages that are nothing without their native build for this platform. npm leaves such a build
// out in silence (they are optional dependencies), so we look for it ourselves.
const NATIVE = ['@nomicfoundation/edr', '@foundry-rs/anvil', 'next']
// What `npm run` tells its children about itself and would send our own npm somewhere else.
const NPM_NOISE =
  /^npm_config_(local_prefix|global|workspaces?|include_workspace_root|dry_run|json)$/i
const AGAIN = 'run the same command again: nothing is lost'
// The first sign found in npm's output wins. The codes are npm's and Node's own.
const NPM_FAILURES = [
  [/\bENOSPC\b/, () => `the disk is full. Free some space and ${AGAIN}.`],
  [/\b(EACCES|EROFS)\b|code EPERM/, () => `a folder could not be written. Check who owns ${root}.`],
  [/code EUSAGE/, outOfStep],
  [/\bEINTEGRITY\b/, () => `a checksum does not match. Run npm cache verify, then ${AGAIN}.`],
  [/code (E404|ETARGET|E401|E403)\b/, notHandedOut],
  [
    /\b(ENOTFOUND|ECONN\w+|ETIMEDOUT|EAI_AGAIN|E(HOST|NET)UNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT|E429|E5\d\d|\w+_CERT\w*)\b/,
    () =>
      'the package registry cannot be reached. Check the connection, the proxy and ' +
      `npm config get registry, then ${AGAIN}.`,
  ],
]
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
const LOCK_IS_STALE_AFTER = 30 * 60_000

/** An outage or a misuse, told in a sentence for people; it is shown without a stack. */
export class SetupError extends Error {
  name = 'SetupError'
}

/** A signal ended one of our own steps; the exit code says which. */
class Interrupted extends Error {
  constructor(exitCode) {
    super('Interrupted')
    this.exitCode = exitCode
  }
}

/** Sets everything up, runs the command and answers its exit code. */
export async function main(args) {
  const { wantsBrowser, command, commandArguments } = parseArguments(args)
  const { node, nodeMajor } = await ensureNode()
  await ensurePackages({ node, nodeMajor })
  const chromium = wantsBrowser ? await ensureChromium(node) : undefined
  if (command === undefined) return 0

  const env = withPath([path.dirname(node), inRoot('node_modules', '.bin')])
  if (chromium !== undefined) env.CHROMIUM_PATH = chromium
  const program = command === 'node' ? node : command
  const { code, output } = await run(program, commandArguments, { env })
  if (output) throw new SetupError(`Cannot run "${command}": ${output}.`)
  return code
}

/** What the command line asks for. Options of ours come first; the rest belongs to the command. */
export function parseArguments(args) {
  const wantsBrowser = args[0] === '--browser'
  const [command, ...commandArguments] = wantsBrowser ? args.slice(1) : args
  if (command?.startsWith('-')) {
    throw new SetupError(
      `Unknown option ${command}. Usage: node scripts/setup.mjs [--browser] <command> [arguments…]`,
    )
  }
  return { wantsBrowser, command, commandArguments }
}

// Node

/** The path of a Node that is new enough: this one, or the pinned one in .node/bin. */
async function ensureNode() {
  const running = process.versions.node
  if (!isTooOld(running)) return { node: process.execPath, nodeMajor: majorOf(running) }
  const version = readPinnedVersion()
  const node = inRoot('.node', 'bin', windows ? 'node.exe' : 'node')
  if (!isCheckedNode({ node, version })) {
    await locked(async () => {
      if (!isCheckedNode({ node, version })) await fetchNode({ node, version })
    })
  }
  return { node, nodeMajor: majorOf(version) }
}

/** Is this Node older than the project can use? */
export function isTooOld(version) {
  return majorOf(version) < OLDEST_MAJOR
}

function majorOf(version) {
  return Number.parseInt(version, 10)
}

/** The npm package that carries Node itself for this machine. */
export function nodePackageName({ platform, arch }) {
  const system = platform === 'win32' ? 'win' : platform
  const name = `node-${system}-${arch}`
  if (/^node-((linux|darwin)-(x64|arm64)|win-x64)$/.test(name)) return name
  throw new SetupError(
    `There is no ready-made Node for ${platform} ${arch}. ` +
      `Install Node ${OLDEST_MAJOR} or later by hand and run the same command again.`,
  )
}

/** The version in .nvmrc. */
function readPinnedVersion() {
  const pin = readIfPresent(inRoot('.nvmrc')).trim().replace(/^v/, '')
  if (/^\d+\.\d+\.\d+$/.test(pin)) return pin
  throw new SetupError('.nvmrc is missing or holds no full version such as 24.9.0: restore it.')
}

/** Is the Node in .node whole and the pinned one? Asked by running it, once for each file. */
function isCheckedNode({ node, version }) {
  const file = fs.statSync(node, { throwIfNoEntry: false })
  if (file === undefined) return false
  const checked = inRoot('.node', 'checked')
  const mark = `${version} ${file.size} ${file.mtimeMs}`
  if (readIfPresent(checked) === mark) return true
  if (versionOf(node) !== `v${version}`) return false
  fs.writeFileSync(checked, mark)
  return true
}

/** Brings the pinned Node from the npm registry into .node/bin. */
async function fetchNode({ node, version }) {
  const name = nodePackageName(process)
  const incoming = inRoot('.node', 'incoming')
  fs.rmSync(incoming, { recursive: true, force: true }) // what an interrupted fetch left
  fs.mkdirSync(incoming, { recursive: true })
  const title = `Node ${process.versions.node} is too old here: fetching Node ${version} into .node`
  const { code, output } = await timed(title, () =>
    runNpm({
      node: process.execPath,
      args: ['install', '--prefix', incoming, '--no-save', `${name}@${version}`],
    }),
  )
  if (code !== 0) throw npmFailure({ output, code, step: `Fetching Node ${version}` })

  const fetched = path.join(incoming, 'node_modules', name, 'bin', path.basename(node))
  if (versionOf(fetched) !== `v${version}`) {
    throw new SetupError(
      `The fetched Node ${version} does not run on this machine (an unusual C library?). ` +
        `Install Node ${OLDEST_MAJOR} or later by hand and run the same command again.`,
    )
  }
  fs.mkdirSync(path.dirname(node), { recursive: true })
  fs.renameSync(fetched, node) // atomic: nobody ever sees half a Node
  isCheckedNode({ node, version })
  fs.rmSync(incoming, { recursive: true, force: true })
}

// Packages

/** Makes node_modules what package-lock.json says, with an npm that runs on the right Node. */
async function ensurePackages({ node, nodeMajor }) {
  const machine = { nodeMajor, platform: process.platform, arch: process.arch }
  if (!needsInstall({ root, machine })) return
  await locked(async () => {
    if (needsInstall({ root, machine })) await installPackages({ node, machine })
  })
}

/** Does node_modules differ from the lockfile, as far as the stamp and a look inside can tell? */
export function needsInstall({ root, machine }) {
  const lockfile = readIfPresent(path.join(root, 'package-lock.json'))
  if (lockfile === '') {
    throw new SetupError('package-lock.json is missing: restore it, for example from git.')
  }
  if (readIfPresent(stampFile(root)) !== stampOf({ lockfile, machine })) return true
  return missingPackages({ root, lockfile, machine }).length > 0
}

/** The fingerprint of an install: this lockfile, on this kind of machine. */
export function stampOf({ lockfile, machine: { nodeMajor, platform, arch } }) {
  const hash = createHash('sha256').update(lockfile)
  return hash.update(`\n${nodeMajor} ${platform} ${arch}`).digest('hex')
}

/** Packages that the lockfile demands and node_modules lacks; workspaces and native builds too. */
export function missingPackages({ root, lockfile, machine }) {
  const { packages } = parseLockfile(lockfile)
  const isThere = (place) => fs.existsSync(path.join(root, place, 'package.json'))
  const demanded = Object.keys(packages).filter((place) => place && !packages[place].optional)
  const missing = demanded.filter((place) => !isThere(place))
  for (const { name, builds } of nativeBuilds({ packages, machine })) {
    // One is enough: npm picks the build for this machine's C library.
    if (!builds.some(isThere)) missing.push(`the native build of ${name}`)
  }
  return missing
}

/** Where the lockfile puts the builds of our native packages for this machine. */
function nativeBuilds({ packages, machine: { platform, arch } }) {
  const names = NATIVE.filter((name) => packages[`node_modules/${name}`] !== undefined)
  return names.map((name) => {
    const choices = Object.keys(packages[`node_modules/${name}`].optionalDependencies ?? {})
    const builds = choices
      .map((choice) => `node_modules/${choice}`)
      .filter(
        (place) => packages[place]?.os?.includes(platform) && packages[place].cpu?.includes(arch),
      )
    if (builds.length > 0) return { name, builds }
    throw new SetupError(
      `package-lock.json knows no build of ${name} for ${platform} ${arch}, so the project ` +
        `cannot run on this machine as it is. Use a supported one, or write the lockfile anew here: ` +
        `delete node_modules and package-lock.json, then run npm install with Node ${OLDEST_MAJOR}.`,
    )
  })
}

/** Runs npm ci, and once more on a clean floor when the first try stumbles over what lay there. */
async function installPackages({ node, machine }) {
  const lockfile = fs.readFileSync(inRoot('package-lock.json'), 'utf8')
  missingPackages({ root, lockfile, machine }) // refuses an unsupported platform before the download
  fs.rmSync(stampFile(root), { force: true })
  const count = Object.values(parseLockfile(lockfile).packages).filter((it) => it.integrity).length
  // `include`, or a NODE_ENV of production would leave half of the project out.
  const args = ['ci', '--include=dev', '--include=optional']
  const install = () => timed(`Installing ${count} packages (npm ci)`, () => runNpm({ node, args }))

  let { code, output } = await install()
  if (code !== 0 && explainNpmFailure({ output, step: '' }) === undefined) {
    fs.rmSync(inRoot('node_modules'), { recursive: true, force: true })
    ;({ code, output } = await install())
  }
  if (code !== 0) throw npmFailure({ output, code, step: 'Installing the packages' })

  const missing = missingPackages({ root, lockfile, machine })
  if (missing.length > 0) {
    throw new SetupError(`npm ci ended well but left out ${missing.join(', ')}: run it again.`)
  }
  fs.writeFileSync(stampFile(root), stampOf({ lockfile, machine }))
}

/** The lockfile, parsed. */
function parseLockfile(lockfile) {
  try {
    return { packages: {}, ...JSON.parse(lockfile) }
  } catch {
    throw new SetupError('package-lock.json is not JSON (a merge conflict?): restore it.')
  }
}

/** Where the fingerprint of the last whole install is kept; it goes when node_modules goes. */
function stampFile(root) {
  return path.join(root, 'node_modules', '.coupon-secure')
}

// npm

/** Runs npm's own program with this Node, quietly. */
function runNpm({ node, args }) {
  const env = withPath([path.dirname(node)])
  for (const name of Object.keys(env)) if (NPM_NOISE.test(name)) delete env[name]
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress']
  return run(node, [findNpm(), ...args, ...quiet], { cwd: root, env, quiet: true })
}

/** npm's cli.js: the one that runs us, the one beside this Node, or the one on PATH. */
function findNpm() {
  const beside = [path.dirname(process.execPath), ...(process.env.PATH ?? '').split(path.delimiter)]
  const candidates = beside.flatMap((folder) => [
    path.join(folder, 'npm'), // on Unix a link to npm-cli.js
    path.join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ])
  // npm_execpath may also name another package manager, which cannot do `npm ci`.
  const found = [process.env.npm_execpath, ...candidates]
    .filter((candidate) => candidate && fs.existsSync(candidate))
    .map((candidate) => fs.realpathSync(candidate))
    .find((candidate) => path.basename(candidate) === 'npm-cli.js')
  if (found !== undefined) return found
  throw new SetupError('npm was not found: install it (it comes with Node) and run this again.')
}

/** Why npm failed and what to do, when the reason lies outside of us; else undefined. */
export function explainNpmFailure({ output, step }) {
  const [, explain] = NPM_FAILURES.find(([sign]) => sign.test(output)) ?? []
  return explain && `${step} failed: ${explain(output)}`
}

function outOfStep(output) {
  const difference = /(?:Missing|Invalid): .*/.exec(output)?.[0] ?? 'npm does not say where'
  return (
    `package-lock.json is out of step with package.json (${difference}). ` +
    'Run npm install and commit both files. If that changes nothing, the registry does not have ' +
    'that package: write the lockfile where it does.'
  )
}

function notHandedOut(output) {
  const [, name] = /(?:'|found for )(@?[^'\s@]+@[^'\s]+?)(?:'|\.?\s)/.exec(output) ?? []
  return (
    `the package registry does not hand out ${name ?? 'a package'}. ` +
    'Check that npm config get registry names the right one.'
  )
}

/** npm's failure as one of ours; when it is a new one, with npm's last words. */
function npmFailure({ output, code, step }) {
  const lastWords = output.trim().split('\n').slice(-12).join('\n')
  const unforeseen = `${step} failed: npm ended with exit code ${code} and these words:\n${lastWords}`
  return new SetupError(explainNpmFailure({ output, step }) ?? unforeseen)
}

// Chromium

/** The path of a Chromium that runs: the one named, one that is there, or a new one. */
async function ensureChromium(node) {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (fs.existsSync(named)) return named
    throw new SetupError(`CHROMIUM_PATH says ${named}, which does not exist: correct or unset it.`)
  }
  const memory = inRoot('.node', 'chromium')
  const remembered = readIfPresent(memory)
  if (remembered && fs.existsSync(remembered)) return remembered
  return locked(async () => {
    const chromium = findChromium(node) ?? (await installChromium(node))
    fs.writeFileSync(memory, chromium)
    return chromium
  })
}

/** The first Chromium in the usual places that answers; Ubuntu's is a stub that does not. */
function findChromium(node) {
  const ask = "process.stdout.write(require('playwright-core').chromium.executablePath())"
  const playwrights = spawnSync(node, ['-e', ask], { cwd: root, encoding: 'utf8' }).stdout
  const { ProgramFiles, 'ProgramFiles(x86)': ProgramFiles86, LOCALAPPDATA } = process.env
  const inAll = (folders, file) => folders.filter(Boolean).map((it) => path.join(it, file))
  const applications = ['/Applications', path.join(os.homedir(), 'Applications')]
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
    ...inAll(applications, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
    ...inAll(applications, 'Chromium.app/Contents/MacOS/Chromium'),
    ...inAll([ProgramFiles, ProgramFiles86, LOCALAPPDATA], 'Google/Chrome/Application/chrome.exe'),
    playwrights,
  ]
  // On Windows `chrome --version` opens a window instead of answering.
  const answers = (place) => windows || versionOf(place) !== undefined
  return places.find((place) => place && fs.existsSync(place) && answers(place))
}

/** Installs Chromium with apt where that is ours to do, else with Playwright. */
async function installChromium(node) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  let words = ''
  const attempt = async (title, ...commands) => {
    await timed(title, async () => {
      for (const [program, ...args] of commands) {
        const { output } = await run(program, args, { cwd: root, env, quiet: true })
        words = output.trim().split('\n').at(-1) || words
      }
    })
    return findChromium(node)
  }

  if (process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    const apt = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300']
    const chromium = await attempt(
      'No Chromium here: installing chromium and fonts-noto-core with apt-get',
      [...apt, 'update'],
      [...apt, 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-core'],
    )
    if (chromium !== undefined) return chromium
  }
  const cli = inRoot('node_modules', 'playwright-core', 'cli.js')
  const playwright = [node, cli, 'install', 'chromium']
  const chromium = await attempt('No Chromium here: installing one with Playwright', playwright)
  if (chromium !== undefined) return chromium
  throw new SetupError(
    `Chromium could not be installed (${words}). Check the connection and run the same command ` +
      'again, or install Chromium or Chrome by hand and set CHROMIUM_PATH to it.',
  )
}

// Processes and files

/**
 * Runs a program to its end and answers its exit code (128 + n after signal n). We never die before
 * it, so that it can put its own children to bed. Quietly means: its words are returned, not shown.
 */
function run(program, args, { cwd, env, quiet = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: windows && !path.isAbsolute(program), // node_modules/.bin holds .cmd files there
    })
    let output = ''
    let received
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (words) => (output += words))
    const forward = (signal) => {
      received = signal
      // A terminal gives ctrl-C and hang-up to the child itself; twice would mean "quit at once".
      const fromTerminal = signal !== 'SIGTERM' && (process.stdin.isTTY || process.stderr.isTTY)
      if (!fromTerminal) child.kill(signal)
    }
    const done = (code, words) => {
      for (const signal of FORWARDED) process.off(signal, forward)
      if (quiet && received) reject(new Interrupted(128 + os.constants.signals[received]))
      else resolve({ code, output: words })
    }
    for (const signal of FORWARDED) process.on(signal, forward)
    child.on('error', (error) => done(127, error.code === 'ENOENT' ? 'not found' : error.message))
    child.on('close', (code, signal) => done(code ?? 128 + os.constants.signals[signal], output))
  })
}

/** Says what is being done and, at its end, how long it took. To stderr: stdout is the command's. */
async function timed(title, work) {
  const start = Date.now()
  process.stderr.write(`${title} …`)
  try {
    return await work()
  } finally {
    process.stderr.write(` ${Math.round((Date.now() - start) / 1000)} s\n`)
  }
}

/**
 * Does the work while no other setup in this folder works. The lock is a folder that holds a file
 * named after its owner: it arrives by a rename, which fails while the lock holds any file, and a
 * dead owner's lock is removed file first, so that no living one is ever removed by mistake.
 */
async function locked(work) {
  const lock = inRoot('.node', 'lock')
  const ours = `${lock}-${process.pid}`
  fs.mkdirSync(ours, { recursive: true })
  fs.writeFileSync(path.join(ours, String(process.pid)), '')
  let hasTold = false
  while (!tryRename(ours, lock)) {
    const owner = releaseIfStale(lock)
    if (owner === undefined) continue
    if (!hasTold)
      process.stderr.write(`Another setup (process ${owner}) is at work: waiting for it …\n`)
    hasTold = true
    await sleep(250)
  }
  try {
    return await work()
  } finally {
    fs.rmSync(path.join(lock, String(process.pid)), { force: true })
    removeIfEmpty(lock)
  }
}

/** The living owner of the lock; when there is none, its remains are removed. */
function releaseIfStale(lock) {
  for (const owner of fs.existsSync(lock) ? fs.readdirSync(lock) : []) {
    const file = path.join(lock, owner)
    const since = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (isAlive(Number(owner)) && Date.now() - since < LOCK_IS_STALE_AFTER) return owner
    fs.rmSync(file, { force: true })
  }
  removeIfEmpty(lock)
  return undefined
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM' // alive, and somebody else's
  }
}

function tryRename(from, to) {
  try {
    fs.renameSync(from, to)
    return true
  } catch (error) {
    if (fs.existsSync(to) || ['ENOTEMPTY', 'EEXIST'].includes(error.code)) return false
    throw error
  }
}

function removeIfEmpty(folder) {
  try {
    fs.rmdirSync(folder)
  } catch {
    // Gone already, or somebody else's by now: both are fine.
  }
}

/** What a program answers to --version, or undefined when it does not run. */
function versionOf(program) {
  const options = { encoding: 'utf8', timeout: 60_000 }
  const { status, stdout } = spawnSync(program, ['--version'], options)
  return status === 0 ? stdout.trim() : undefined
}

function readIfPresent(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return ''
    throw error
  }
}

/** Our environment with these folders first on the path. */
function withPath(folders) {
  const env = { ...process.env }
  const name = Object.keys(env).find((key) => /^path$/i.test(key)) ?? 'PATH' // Windows: Path
  const rest = (env[name] ?? '').split(path.delimiter).filter((folder) => !folders.includes(folder))
  env[name] = [...folders, ...rest].join(path.delimiter)
  return env
}

/** Tells people what stands in the way; a stack only for what we did not foresee. */
function sentenceOf(error) {
  if (error instanceof SetupError) return error.message
  const isOutside = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)
  return isOutside
    ? explainNpmFailure({ output: `code ${error.code}`, step: 'Setting up' })
    : error.stack
}

const isMain =
  process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
if (isMain) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof Interrupted)) process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = error.exitCode ?? 1
  }
}
