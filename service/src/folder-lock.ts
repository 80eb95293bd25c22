import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FolderInUseError } from './errors.ts'

/** Keeps a folder for this process until released. PGlite itself would let two write, and lose what both wrote. */
export function lockFolder(folder: string): () => void {
  // Node has no file lock of its own but SQLite's, which the system drops with the process, however that ends.
  const lock = new DatabaseSync(join(folder, 'lock'))
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new FolderInUseError({ cause })
  }
  return () => lock.close()
}
