import { dataLength } from 'ethers'
import { inRoot, readIfPresent } from './folders.ts'

/** What a chain needs of ours: the code of every book, and the factory that clones it. */
export const CONTRACTS = ['CouponBook', 'CouponBookFactory'] as const

// What public chains take at most: runtime code (EIP-170) and creation code (EIP-3860), in bytes.
const LONGEST_RUNTIME = 24_576
const LONGEST_CREATION = 49_152

/** One of our deployed contracts by name. */
export type ContractName = (typeof CONTRACTS)[number]

/** Where immutables lie in runtime code, by the compiler's number for each. */
export type ImmutableReferences = Record<string, { start: number; length: number }[]>

/** What the compiler made of a contract. */
export type Artifact = {
  /** Creation code, without constructor arguments. */
  bytecode: string
  /** Runtime code, with zeros where the constructor puts immutables. */
  deployedBytecode: string
  immutableReferences?: ImmutableReferences
}

/** The built artifact of one of our contracts. */
export function readArtifact(contract: ContractName): Artifact {
  const file = inRoot('artifacts', 'contracts', `${contract}.sol`, `${contract}.json`)
  const text = readIfPresent(file)
  if (text === undefined) throw new Error('The contracts are not built: run npm run build.')
  return JSON.parse(text) as Artifact
}

/** Refuses code that is too long for public chains, whatever a chain for tests may let pass. */
export function refuseTooLong({
  contract,
  artifact: { bytecode, deployedBytecode },
}: {
  contract: ContractName
  artifact: Artifact
}): void {
  for (const [kind, code, longest] of [
    ['runtime', deployedBytecode, LONGEST_RUNTIME],
    ['creation', bytecode, LONGEST_CREATION],
  ] as const) {
    const length = dataLength(code)
    if (length <= longest) continue
    throw new Error(
      `${contract} has ${length} bytes of ${kind} code; no public chain takes more than ${longest}.`,
    )
  }
}

/** Runtime code with zeros where immutables lie, as the compiler gives it. */
export function withoutImmutables({
  code,
  references = {},
}: {
  code: string
  references: ImmutableReferences | undefined
}): string {
  const bytes = Buffer.from(code.slice(2), 'hex')
  for (const { start, length } of Object.values(references).flat()) {
    bytes.subarray(start, start + length).fill(0)
  }
  return `0x${bytes.toString('hex')}`
}

/** Runtime code without its last part, the hash of sources and comments, which changes with every comment. */
export function withoutMetadata(code: string): string {
  const bytes = Buffer.from(code.slice(2), 'hex')
  const length = bytes.length < 2 ? 0 : bytes.readUInt16BE(bytes.length - 2) + 2
  return `0x${bytes.subarray(0, Math.max(0, bytes.length - length)).toString('hex')}`
}
