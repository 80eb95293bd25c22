import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KeyUnreadableError } from './errors.ts'
import { signerFromKeystore } from './key.ts'
import type { Signer } from './signer.ts'

/** The keystore files at a path, the newest first: the path itself, or those in the folder it names. */
export async function keystoresAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new KeyUnreadableError({ reason: 'ORACLE_KEYSTORE names nothing that exists' })
  if (!found.isDirectory()) return [path]
  const names = await readdir(path)
  // Their names begin with the moment they were made.
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return files.reverse().map((name) => join(path, name))
}

/** The signers in the keystores at a path, the newest first; one password opens them all. */
export async function signersAt({
  path,
  password,
}: {
  path: string
  password: string
}): Promise<Signer[]> {
  const signers: Signer[] = []
  for (const file of await keystoresAt(path)) {
    const json = await readFile(file, 'utf8').catch(() => {
      throw new KeyUnreadableError({ reason: `${basename(file)} cannot be read` })
    })
    signers.push(await signerFromKeystore({ json, password }))
  }
  if (signers.length === 0) {
    throw new KeyUnreadableError({
      reason: 'the folder that ORACLE_KEYSTORE names holds no keystore',
    })
  }
  return signers
}
