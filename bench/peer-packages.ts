import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { CouponSecureError } from '@coupon-secure/protocol/errors'

const folder = fileURLToPath(new URL('peers', import.meta.url))
const stamp = path.join(folder, 'node_modules', '.coupon-secure')
// What `npm run` tells its children about itself would send this npm to the project's own folder.
const NPM_NOISE =
  /^npm_config_(local_prefix|prefix|global|workspaces?|include_workspace_root|dry_run|json)$/i
const NOT_FOUND = 127

/** The peers' packages could not be had, so that nothing stands beside our figures. */
export class PeersMissingError extends CouponSecureError {
  override name = 'PeersMissingError'
  constructor({ why }: { why: string }) {
    super(`The peers are missing, so only our own contracts can be measured: ${why}`)
  }
}

/** Installs what bench/peers/package-lock.json names, unless it is there; no script of theirs runs. */
export async function ensurePeerPackages(): Promise<void> {
  const lockfile = fs.readFileSync(path.join(folder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lockfile).digest('hex')
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return

  process.stderr.write('Installing the peers to compare with (npm ci in bench/peers) …\n')
  const { code, output } = await npmCi()
  if (code !== 0) throw new PeersMissingError({ why: await reasonOf({ code, output }) })
  fs.writeFileSync(stamp, wanted)
}

/** npm's own program, run by this very Node: `npm run` tells where it is, else PATH does. */
function npmCi(): Promise<{ code: number | null; output: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !NPM_NOISE.test(name)),
  )
  const pathName = Object.keys(env).find((name) => /^path$/i.test(name)) ?? 'PATH'
  env[pathName] = [path.dirname(process.execPath), env[pathName]].join(path.delimiter)
  // Without the packages the bench still has half of its work to do: it must not wait for long.
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=500']
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress']
  const args = ['ci', ...quiet, ...patience]
  const cli = process.env.npm_execpath ?? ''
  const [command, ...before] =
    path.basename(cli) === 'npm-cli.js' ? [process.execPath, cli] : ['npm']
  return new Promise((resolve) => {
    const child = spawn(command, [...before, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    })
    let output = ''
    child.stdout.on('data', (words) => (output += String(words)))
    child.stderr.on('data', (words) => (output += String(words)))
    child.on('error', (error) => resolve({ code: NOT_FOUND, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** npm's failure in a sentence: the setup's, where it knows this one, else npm's last words. */
async function reasonOf({ code, output }: { code: number | null; output: string }) {
  if (output.includes('ENOENT') && code === NOT_FOUND) {
    return 'npm was not found. Install it (it comes with Node), then run the same command again.'
  }
  const script = new URL('../scripts/setup.mjs', import.meta.url)
  const { explainNpmFailure } = (await import(script.href)) as Setup
  const lastWords = output.trim().split('\n').slice(-6).join('\n')
  return (
    explainNpmFailure({ output, step: 'npm ci in bench/peers' }) ??
    `npm ci in bench/peers ended with exit code ${code ?? 'none'} and these words:\n${lastWords}`
  )
}

// Plain JavaScript, since it runs before anything is installed: here it gets its type.
type Setup = {
  explainNpmFailure: (failure: { output: string; step: string }) => string | undefined
}
