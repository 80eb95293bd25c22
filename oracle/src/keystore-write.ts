import { createCipheriv, randomBytes, randomUUID, scrypt, type ScryptOptions } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { concat, keccak256 } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { signerFromKeystore } from './key.ts'

const derive: (
  password: string,
  salt: Uint8Array,
  length: number,
  options: ScryptOptions,
) => Promise<Buffer> = promisify(scrypt)
// What geth takes: a quarter of a second and 128 MB for each guess at the password, give or take.
const STANDARD = { n: 2 ** 17, r: 8, p: 1 }

/** Makes a key and writes it, encrypted, into a folder (Web3 Secret Storage, version 3). The key itself never leaves. */
export async function writeNewKeystore({
  folder,
  password,
  now,
  cost = STANDARD,
}: {
  folder: string
  password: string
  now: Date
  cost?: typeof STANDARD
}): Promise<{ address: string; file: string }> {
  const key = generatePrivateKey()
  const address = privateKeyToAddress(key)
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const { n: N, r, p } = cost
  const secret = password.normalize('NFKC')
  const derived = await derive(secret, salt, 32, { N, r, p, maxmem: 256 * N * r + 1024 * p * r })
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([
    cipher.update(Buffer.from(key.slice(2), 'hex')),
    cipher.final(),
  ])
  const keystore = {
    version: 3,
    id: randomUUID(),
    address: address.slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams: { ...cost, dklen: 32, salt: salt.toString('hex') },
      mac: keccak256(concat([derived.subarray(16, 32), ciphertext])).slice(2),
    },
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const moment = now
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.\d+Z$/, 'Z')
  const file = join(folder, `${moment}--${address.slice(2).toLowerCase()}.json`)
  await writeFile(file, `${JSON.stringify(keystore, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  // A keystore that cannot be opened must not become anybody's witness.
  await signerFromKeystore({ json: await readFile(file, 'utf8'), password })
  return { address, file }
}
