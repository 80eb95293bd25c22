import { createDecipheriv, pbkdf2, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { bytesToHex, concat, hexToBytes, isAddressEqual, keccak256 } from 'viem'
import type { Address, Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { z } from 'zod'
import { KeyUnreadableError } from './errors.ts'

const deriveByPbkdf2 = promisify(pbkdf2)
const deriveByScrypt: (
  password: string,
  salt: Uint8Array,
  length: number,
  options: ScryptOptions,
) => Promise<Buffer> = promisify(scrypt)

const bytesOf = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^(0x)?[0-9a-fA-F]{${length * 2}}$`))
    .transform(bytesFrom)

// Web3 Secret Storage, version 3. The bounds keep a strange file from asking for gigabytes or hours.
const keystoreSchema = z.object({
  version: z.literal(3),
  address: bytesOf(20).optional(),
  crypto: z.object({
    cipher: z.literal('aes-128-ctr'),
    ciphertext: bytesOf(32),
    cipherparams: z.object({ iv: bytesOf(16) }),
    mac: bytesOf(32),
    kdf: z.string(),
    kdfparams: z.union([
      z.object({
        n: z
          .int()
          .min(2)
          .max(1 << 20),
        r: z.int().min(1).max(32),
        p: z.int().min(1).max(16),
        dklen: z.literal(32),
        salt: z
          .string()
          .regex(/^(0x)?([0-9a-fA-F]{2})+$/)
          .transform(bytesFrom),
      }),
      z.object({
        c: z.int().min(1).max(10_000_000),
        prf: z.literal('hmac-sha256'),
        dklen: z.literal(32),
        salt: z
          .string()
          .regex(/^(0x)?([0-9a-fA-F]{2})+$/)
          .transform(bytesFrom),
      }),
    ]),
  }),
})

type Keystore = z.infer<typeof keystoreSchema>

/** The keystore files at a path, the newest first: the path itself, or those in the folder it names. */
export async function keystoresAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found)
    throw new KeyUnreadableError({ reason: 'there is nothing where the keystore should be' })
  if (!found.isDirectory()) return [path]
  const names = await readdir(path)
  // Their names begin with the moment they were made.
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return files.reverse().map((name) => join(path, name))
}

/** The private keys in the keystores at a path, the newest first; one password opens them all. */
export async function keysAt({
  path,
  password,
}: {
  path: string
  password: string
}): Promise<Hex[]> {
  const keys: Hex[] = []
  for (const file of await keystoresAt(path)) {
    const json = await readFile(file, 'utf8').catch(() => {
      throw new KeyUnreadableError({ reason: `${basename(file)} cannot be read` })
    })
    keys.push(await keyInKeystore({ json, password }))
  }
  if (keys.length === 0) {
    throw new KeyUnreadableError({ reason: 'the folder of keystores holds none' })
  }
  return keys
}

/** The private key in an encrypted keystore file (Web3 Secret Storage, version 3), opened with its password. */
export async function keyInKeystore({
  json,
  password,
}: {
  json: string
  password: string
}): Promise<Hex> {
  const keystore = parsed(json)
  const derived = await derivedKey({ keystore, password })
  const { ciphertext, cipherparams, mac } = keystore.crypto
  const expected = keccak256(concat([derived.subarray(16, 32), ciphertext]), 'bytes')
  if (!timingSafeEqual(expected, mac)) {
    throw new KeyUnreadableError({ reason: 'the password does not open the keystore' })
  }
  const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), cipherparams.iv)
  const key = Buffer.concat([decipher.update(ciphertext), decipher.final()])
  const hex = bytesToHex(key)
  if (keystore.address && !isAddressEqual(bytesToHex(keystore.address), addressOf(hex))) {
    throw new KeyUnreadableError({ reason: 'the keystore holds another key than its address says' })
  }
  return hex
}

function addressOf(key: Hex): Address {
  try {
    return privateKeyToAddress(key)
  } catch {
    // Without its cause, which would quote the key.
    throw new KeyUnreadableError({ reason: 'the keystore holds no secp256k1 private key' })
  }
}

function parsed(json: string): Keystore {
  try {
    return keystoreSchema.parse(
      z.record(z.string(), z.unknown()).transform(lowered).parse(JSON.parse(json)),
    )
  } catch {
    throw new KeyUnreadableError({
      reason: 'the keystore is no Web3 Secret Storage file of version 3 with aes-128-ctr',
    })
  }
}

async function derivedKey({
  keystore,
  password,
}: {
  keystore: Keystore
  password: string
}): Promise<Uint8Array> {
  const { kdf, kdfparams } = keystore.crypto
  const secret = password.normalize('NFKC')
  if (kdf === 'scrypt' && 'n' in kdfparams) {
    const { n: N, r, p, dklen, salt } = kdfparams
    const maxmem = 256 * N * r + 1024 * p * r // twice what it takes
    try {
      return await deriveByScrypt(secret, salt, dklen, { N, r, p, maxmem })
    } catch {
      throw new KeyUnreadableError({ reason: 'the keystore asks for an impossible scrypt' })
    }
  }
  if (kdf === 'pbkdf2' && 'c' in kdfparams) {
    return deriveByPbkdf2(secret, kdfparams.salt, kdfparams.c, kdfparams.dklen, 'sha256')
  }
  throw new KeyUnreadableError({ reason: 'the keystore uses neither scrypt nor pbkdf2' })
}

// Some wallets write `Crypto`.
function lowered(file: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(file).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function bytesFrom(hex: string): Uint8Array {
  return hexToBytes(`0x${hex.replace(/^0x/, '')}`)
}
