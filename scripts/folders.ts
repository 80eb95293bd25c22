import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A path inside the project. */
export function inRoot(...parts: string[]): string {
  return path.join(root, ...parts)
}

/** Where the local world keeps all it knows, unless told otherwise. */
export const localFolder = inRoot('.local')

/** The text of a file, or undefined where there is none. */
export function readIfPresent(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined
}

/** Writes a file whole or not at all, with its folder. */
export function writeWhole({
  file,
  text,
  mode = 0o644,
}: {
  file: string
  text: string
  mode?: number
}): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  fs.writeFileSync(draft, text, { mode })
  fs.renameSync(draft, file)
}

/** A fingerprint of all files in these places; what does not exist counts as empty. */
export function fingerprint({
  places,
  without = [],
}: {
  places: readonly string[]
  /** Names of files and folders that do not count. */
  without?: readonly string[]
}): string {
  const hash = createHash('sha256')
  for (const file of places.flatMap((place) => filesIn({ place: inRoot(place), without }))) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesIn({ place, without }: { place: string; without: readonly string[] }): string[] {
  const found = fs.statSync(place, { throwIfNoEntry: false })
  if (found === undefined || without.includes(path.basename(place))) return []
  if (found.isFile()) return [place]
  const names = fs.readdirSync(place).sort()
  return names.flatMap((name) => filesIn({ place: path.join(place, name), without }))
}
