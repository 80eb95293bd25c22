// `npm run oracle:key -- new|rotate|show`: the keys in the folder that ORACLE_KEYSTORE names (docs/operating.md#keys).
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { CouponSecureError } from '@coupon-secure/protocol/errors'
import { getAddress } from 'viem'
import { z } from 'zod'
import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { keystoresAt } from '@coupon-secure/service/keystore'
import { signersAt } from './key.ts'
import { writeNewKeystore } from './keystore-write.ts'

const SHORTEST_PASSWORD = 12
const USAGE = `npm run oracle:key -- new|rotate|show

  new     makes the first key in the folder that ORACLE_KEYSTORE names
  rotate  makes the next key beside it; both are used from the next start on
  show    lists the keys, the newest first

The password is taken from ORACLE_KEYSTORE_PASSWORD.`

const namedSchema = z.object({ address: z.string().regex(/^(0x)?[0-9a-fA-F]{40}$/) })

/** Does what the words say with the keys in a folder, and answers what to tell the operator. */
export async function runKeyCommand({
  words: [word, ...others],
  folder,
  password,
  now,
  write = writeNewKeystore,
}: {
  words: readonly string[]
  folder: string | undefined
  password: string | undefined
  now: Date
  write?: typeof writeNewKeystore
}): Promise<string> {
  if (others.length > 0 || !['new', 'rotate', 'show'].includes(word ?? '')) return USAGE
  if (!folder) throw new KeyUnreadableError({ reason: 'ORACLE_KEYSTORE names no folder' })
  const known = await keystoresAt(folder).catch(() => [])
  if (word === 'show') return shown(known)

  if (!password || password.length < SHORTEST_PASSWORD) {
    const reason = `ORACLE_KEYSTORE_PASSWORD must have ${SHORTEST_PASSWORD} characters or more`
    throw new KeyUnreadableError({ reason })
  }
  if (word === 'new') {
    if (known.length > 0) {
      throw new KeyUnreadableError({
        reason: 'there is a key already; "rotate" makes the next one',
      })
    }
    const { address, file } = await write({ folder, password, now })
    return `${file}\n\nStart the oracle, and add ${address} as a LOCATION witness of your books.`
  }

  const [newest, older] = known
  if (!newest)
    throw new KeyUnreadableError({ reason: 'there is no key yet; "new" makes the first' })
  if (older) {
    const reason = `a rotation is under way; end it by taking ${basename(known.at(-1) ?? '')} away`
    throw new KeyUnreadableError({ reason })
  }
  await signersAt({ path: folder, password }) // one password opens them all
  const { address, file } = await write({ folder, password, now })
  return [
    file,
    '',
    '1. Restart the oracles, one by one. They go on signing with the key that each book knows.',
    `2. As admin of each book, add ${address} as a LOCATION witness. A minute later it signs there.`,
    `3. When all books have it, wait ten minutes, take ${basename(newest)} away and restart once more.`,
    '4. Remove the old witness from the books.',
  ].join('\n')
}

async function shown(files: readonly string[]): Promise<string> {
  if (files.length === 0) return 'There is no key yet; "new" makes the first.'
  const lines = files.map(async (file, index) => {
    const named = namedSchema.safeParse(JSON.parse(await readFile(file, 'utf8')))
    const address = named.success ? getAddress(`0x${named.data.address.slice(-40)}`) : 'no address'
    return `${address}  ${index === 0 ? 'newest' : 'older '}  ${basename(file)}`
  })
  return (await Promise.all(lines)).join('\n')
}

if (import.meta.main) {
  try {
    const { ORACLE_KEYSTORE: folder, ORACLE_KEYSTORE_PASSWORD: password } = process.env
    const words = process.argv.slice(2)
    console.log(await runKeyCommand({ words, folder, password, now: new Date() }))
  } catch (error) {
    console.error(error instanceof CouponSecureError ? error.message : 'The key cannot be written.')
    process.exitCode = 1
  }
}
