// Adds to package-lock.json the native builds of other platforms that npm left out. A registry that
// carries the builds of some platforms only makes npm write such a lockfile, and `npm ci` then
// refuses it everywhere. What is added has a version but no checksum: write the lockfile anew where
// all builds are to be had before relying on it on those platforms.

import fs from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lockfile = JSON.parse(fs.readFileSync(file, 'utf8'))
const { packages } = lockfile
const added = []

for (const [place, parent] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const nested = `${place}/node_modules/${name}`
    const isListed = packages[`node_modules/${name}`] ?? packages[nested]
    if (isListed !== undefined || !/^\d+\.\d+\.\d+\S*$/.test(version)) continue
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpuOf(name)],
      ...(parent.dev ? { dev: true } : {}),
      ...(libcOf(name) ? { libc: [libcOf(name)] } : {}),
      optional: true,
      os: [osOf(name)],
    }
    added.push(`${name}@${version}`)
  }
}

lockfile.packages = Object.fromEntries(
  Object.entries(packages).sort(([one], [other]) => (one < other ? -1 : 1)),
)
fs.writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`)
process.stdout.write(added.length ? `Added ${added.join(', ')}.\n` : 'Nothing was missing.\n')

/** npm's name for the processor that the package is named after. */
function cpuOf(name) {
  const found = /(x64|amd64|arm64|ia32|x86|arm|riscv64|ppc64|s390x|loong64|mips64el|wasm32)/.exec(
    name,
  )
  if (found === null) throw new Error(`${name} does not say for which processor it is.`)
  return { amd64: 'x64', x86: 'ia32' }[found[0]] ?? found[0]
}

function osOf(name) {
  const found =
    /(darwin|linux|win32|windows|freebsd|openbsd|netbsd|android|sunos|aix|openharmony|wasm32)/.exec(
      name,
    )
  if (found === null) throw new Error(`${name} does not say for which system it is.`)
  return { windows: 'win32' }[found[0]] ?? found[0]
}

function libcOf(name) {
  if (!name.includes('linux')) return undefined
  return /musl/.test(name) ? 'musl' : /gnu/.test(name) ? 'glibc' : undefined
}
