import { stringToBytes, type Hex } from 'viem'
import { hexOf, keccakOf, writeHex } from './keccak.ts'

// EIP-712 for types that are known beforehand: what depends on the types alone is worked out once. Ten times as fast as
// viem's, which asks anew each time; test/agreement.test.ts and typed-data.test.ts hold it to ethers, viem and the contract.

/** The structs of a message by name; the same object for the same types, since what is known of them hangs on it. */
export type StructTypes = Readonly<Record<string, readonly { name: string; type: string }[]>>

/** The domain of a message; what it does not have is left out of its type. */
export type TypedDataDomain = {
  name: string
  version?: string
  chainId?: number
  verifyingContract?: Hex
}

/** The digest of a message that is signed. */
export function hashTypedData({
  domain,
  types,
  primaryType,
  message,
}: {
  domain: TypedDataDomain
  types: StructTypes
  primaryType: string
  message: Record<string, unknown>
}): Hex {
  const bytes = new Uint8Array(2 + 2 * WORD)
  bytes.set([0x19, 0x01])
  bytes.set(separatorOf(domain), 2)
  bytes.set(structOf({ types, name: primaryType })(message), 2 + WORD)
  return hexOf(keccakOf(bytes))
}

/** The hash of a struct that has no domain. */
export function hashStruct({
  types,
  primaryType,
  data,
}: {
  types: StructTypes
  primaryType: string
  data: Record<string, unknown>
}): Hex {
  return hexOf(structOf({ types, name: primaryType })(data))
}

type HashOfStruct = (data: unknown) => Uint8Array
/** Puts a value's word into the bytes. */
type Write = (value: unknown, into: Uint8Array, at: number) => void

const WORD = 32
const SAFE = Number.MAX_SAFE_INTEGER
const MOST_DOMAINS = 1_000
const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const

const structs = new WeakMap<StructTypes, Map<string, HashOfStruct>>()
const separators = new Map<string, Uint8Array>()

function separatorOf(domain: TypedDataDomain): Uint8Array {
  const { name, version, chainId, verifyingContract } = domain
  const key = `${chainId} ${verifyingContract} ${version} ${name}`
  const known = separators.get(key)
  if (known) return known
  const types = { EIP712Domain: DOMAIN_FIELDS.filter((field) => domain[field.name] !== undefined) }
  const separator = structOf({ types, name: 'EIP712Domain' })(domain)
  if (separators.size >= MOST_DOMAINS) separators.clear()
  separators.set(key, separator)
  return separator
}

function structOf({ types, name }: { types: StructTypes; name: string }): HashOfStruct {
  const known = structs.get(types) ?? new Map<string, HashOfStruct>()
  structs.set(types, known)
  const struct = known.get(name) ?? hashOfStruct({ types, name })
  known.set(name, struct)
  return struct
}

function hashOfStruct({ types, name }: { types: StructTypes; name: string }): HashOfStruct {
  const fields = fieldsOf({ types, name }).map(({ name: field, type }) => {
    return { field, write: writing({ types, type }) }
  })
  const typeHash = keccakOf(stringToBytes(typeOf({ types, name })))
  return (data) => {
    const bytes = new Uint8Array(WORD * (fields.length + 1))
    bytes.set(typeHash)
    let at = WORD
    for (const { field, write } of fields) {
      write((data as Record<string, unknown>)[field], bytes, at)
      at += WORD
    }
    return keccakOf(bytes)
  }
}

/** `Name(type field,…)`, and behind it the structs that it needs, by name. */
function typeOf({ types, name }: { types: StructTypes; name: string }): string {
  const needed = new Set<string>()
  const visit = (struct: string) => {
    if (needed.has(struct)) return
    needed.add(struct)
    for (const { type } of fieldsOf({ types, name: struct })) {
      const [base = ''] = type.split('[')
      if (Object.hasOwn(types, base)) visit(base)
    }
  }
  visit(name)
  needed.delete(name)
  return [name, ...[...needed].sort()]
    .map((struct) => {
      const fields = fieldsOf({ types, name: struct }).map((field) => `${field.type} ${field.name}`)
      return `${struct}(${fields.join()})`
    })
    .join('')
}

function fieldsOf({ types, name }: { types: StructTypes; name: string }) {
  const fields = types[name]
  if (!fields) throw new TypeError(`There is no type ${name}.`)
  return fields
}

function writing({ types, type }: { types: StructTypes; type: string }): Write {
  if (type.endsWith('[]')) return writeList(writing({ types, type: type.slice(0, -2) }))
  if (Object.hasOwn(types, type)) {
    // Found when it is needed: a type may stand in a list of itself.
    return (value, into, at) => into.set(structOf({ types, name: type })(value), at)
  }
  const [, kind, bits = '256'] = /^(u?int|bytes|address|bool|string)(\d*)$/.exec(type) ?? []
  switch (kind) {
    case 'uint':
      return writeInteger({ least: 0n, most: 2n ** BigInt(bits) - 1n })
    case 'int':
      return writeInteger({ least: -(2n ** BigInt(bits)) / 2n, most: 2n ** BigInt(bits) / 2n - 1n })
    case 'address':
      return writeBytes({ size: 20, offset: WORD - 20 })
    case 'bool':
      return (value, into, at) => {
        if (typeof value !== 'boolean') throw new TypeError('A bool is true or false.')
        into[at + WORD - 1] = value ? 1 : 0
      }
    case 'string':
      return (value, into, at) => {
        if (typeof value !== 'string') throw new TypeError('A string is text.')
        into.set(hashOfText(value), at)
      }
    case 'bytes':
      return type === 'bytes' ? writeHashOfBytes : writeBytes({ size: Number(bits), offset: 0 })
    default:
      throw new TypeError(`There is no type ${type}.`)
  }
}

const EMPTY = keccakOf(new Uint8Array(0))

function writeList(writeOne: Write): Write {
  return (value, into, at) => {
    if (!Array.isArray(value)) throw new TypeError('A list is an array.')
    const bytes = new Uint8Array(WORD * value.length)
    for (let index = 0; index < value.length; index++) writeOne(value[index], bytes, WORD * index)
    into.set(value.length === 0 ? EMPTY : keccakOf(bytes), at)
  }
}

function writeInteger({ least, most }: { least: bigint; most: bigint }): Write {
  return (value, into, at) => {
    const isInteger = typeof value === 'bigint' || Number.isSafeInteger(value)
    if (!isInteger) throw new TypeError('An integer is whole.')
    const integer = value as bigint | number
    if (integer < least || integer > most) {
      throw new RangeError(`An integer is out of its range, ${least} to ${most}.`)
    }
    if (integer < -SAFE || integer > SAFE) return writeLarge(BigInt(integer), into, at)
    const small = Number(integer)
    if (small < 0) into.fill(0xff, at, at + WORD - 8)
    writeUint32(into, at + 24, Math.floor(small / 2 ** 32))
    writeUint32(into, at + 28, small)
  }
}

function writeLarge(value: bigint, into: Uint8Array, at: number): void {
  let rest = value
  for (let place = at + 28; place >= at; place -= 4) {
    writeUint32(into, place, Number(BigInt.asUintN(32, rest)))
    rest >>= 32n
  }
}

/** The lower 32 bits of an integer, the highest byte first. */
function writeUint32(into: Uint8Array, at: number, value: number): void {
  const bits = (value % 2 ** 32) | 0 // of what is negative too, as two's complement has it
  into[at] = bits >>> 24
  into[at + 1] = bits >>> 16
  into[at + 2] = bits >>> 8
  into[at + 3] = bits
}

function writeBytes({ size, offset }: { size: number; offset: number }): Write {
  return (value, into, at) => {
    if (typeof value !== 'string' || value.length !== 2 + 2 * size) {
      throw new TypeError(`These bytes are 0x and ${2 * size} hexadecimal digits.`)
    }
    writeHex({ hex: value, into, at: at + offset })
  }
}

const writeHashOfBytes: Write = (value, into, at) => {
  if (typeof value !== 'string') throw new TypeError('Bytes are hexadecimal digits.')
  const bytes = new Uint8Array(Math.floor(value.length / 2) - 1)
  writeHex({ hex: value, into: bytes, at: 0 })
  into.set(keccakOf(bytes), at)
}

const MOST_TEXTS = 100
const LONGEST_TEXT = 32
const texts = new Map<string, Uint8Array>()

/** The hash of a text; of the few short ones that come again and again (rulesets, sources, codes) it is remembered. */
function hashOfText(text: string): Uint8Array {
  const known = texts.get(text)
  if (known) return known
  const hash = keccakOf(stringToBytes(text))
  if (text.length > LONGEST_TEXT) return hash
  if (texts.size >= MOST_TEXTS) texts.clear()
  texts.set(text, hash)
  return hash
}
