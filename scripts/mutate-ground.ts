import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fingerprint, inRoot } from './folders.ts'

// Data that tests read and that no import names, and contracts that only tests deploy.
const READ = ['protocol/vectors', 'contracts/mocks', 'hardhat.config.ts']
// What runs the tests, though they may not name it.
const RUNNERS = /^(hardhat|mocha|chai|ethers|@nomicfoundation\/.*)$/
const IMPORTS = /(?:from|import)\s*\(?\s*'([^']+)'/g
const PROTOCOL = '@coupon-secure/protocol/'

/**
 * A hash of all that a test file stands on: itself, what it imports, what that imports, and the versions of the packages named there.
 * What no test imports may change, and what is known of the mutants stays known.
 */
export function groundOf({ file }: { file: string }): string {
  const sources = new Set<string>()
  const packages = new Set<string>()
  const follow = (name: string) => {
    if (sources.has(name)) return
    sources.add(name)
    const text = fs.readFileSync(inRoot(name), 'utf8')
    for (const [, imported = ''] of text.matchAll(IMPORTS)) {
      if (imported.startsWith('.')) {
        const found = path.join(path.dirname(name), imported)
        if (found.endsWith('.ts')) follow(found) // what is generated from the contracts is theirs to change
      } else if (imported.startsWith(PROTOCOL)) {
        follow(path.join('protocol', 'src', `${imported.slice(PROTOCOL.length)}.ts`))
      } else if (!imported.startsWith('node:')) packages.add(packageOf(imported))
    }
  }
  follow(file)
  const ours = fingerprint({ places: [...READ, ...[...sources].sort()] })
  return createHash('sha256').update(ours).update(versionsOf(packages)).digest('hex')
}

/** The package that a name is imported from: `viem` of `viem/accounts`. */
function packageOf(imported: string): string {
  return imported
    .split('/')
    .slice(0, imported.startsWith('@') ? 2 : 1)
    .join('/')
}

function versionsOf(packages: ReadonlySet<string>): string {
  const { packages: locked } = JSON.parse(fs.readFileSync(inRoot('package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string }>
  }
  const versions = Object.entries(locked).flatMap(([place, { version = '' }]) => {
    const name = place.replace(/^node_modules\//, '')
    return packages.has(name) || RUNNERS.test(name) ? [`${name}@${version}`] : []
  })
  return JSON.stringify(versions.sort())
}
