import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import type { InterfaceAbi } from 'ethers'
import untypedSolc from 'solc'

/** What a contract is deployed from and called by. */
export type Artifact = { abi: InterfaceAbi; bytecode: string }

/** The contracts that are compiled here, from the sources that their packages carry. */
export type CompiledName = (typeof jobs)[number]['contracts'][number]['name']

type Job = {
  contracts: readonly { name: string; unit: string }[]
  runs: number
  /** Where an import is looked for, in this order. */
  folders: readonly string[]
}
type Output = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<
    string,
    Record<string, { abi: InterfaceAbi; evm: { bytecode: { object: string } } }>
  >
}

type Compiler = {
  version: () => string
  compile: (input: string, callbacks: { import: (unit: string) => object }) => string
}

const solc = untypedSolc as Compiler // its own types say `any`
const inPeers = (...parts: string[]) =>
  fileURLToPath(new URL(path.join('peers', ...parts), import.meta.url))
const RUNS = 1_000_000 // as in hardhat.config.ts
const RUNS_THAT_FIT = 200 // with more, thirdweb's drop is too large to deploy
const thirdweb = {
  folders: [inPeers('node_modules/@thirdweb-dev/contracts/node_modules'), inPeers('node_modules')],
}
const jobs = [
  {
    contracts: [
      { name: 'OpenZeppelinCoupons', unit: 'contracts/OpenZeppelinCoupons.sol' },
      { name: 'SoladyCoupons', unit: 'contracts/SoladyCoupons.sol' },
      { name: 'Erc721aCoupons', unit: 'contracts/Erc721aCoupons.sol' },
      { name: 'FactoryProxy', unit: 'contracts/FactoryProxy.sol' },
      { name: 'Batcher', unit: 'contracts/Batcher.sol' },
      { name: 'Cloner', unit: 'contracts/Cloner.sol' },
    ],
    runs: RUNS,
    folders: [inPeers('node_modules'), inPeers()],
  },
  {
    contracts: [
      { name: 'Airdrop', unit: '@thirdweb-dev/contracts/prebuilts/airdrop/Airdrop.sol' },
      {
        name: 'AirdropERC1155Claimable',
        unit: '@thirdweb-dev/contracts/prebuilts/unaudited/airdrop/AirdropERC1155Claimable.sol',
      },
    ],
    runs: RUNS,
    ...thirdweb,
  },
  {
    contracts: [
      { name: 'DropERC1155', unit: '@thirdweb-dev/contracts/prebuilts/drop/DropERC1155.sol' },
    ],
    runs: RUNS_THAT_FIT,
    ...thirdweb,
  },
] as const satisfies readonly Job[]

/** An artifact as a peer's package ships it. */
export function shipped(file: string): Artifact {
  const { abi, bytecode } = JSON.parse(
    fs.readFileSync(inPeers('node_modules', file), 'utf8'),
  ) as Artifact // waffle and Hardhat agree on these two
  return { abi, bytecode: bytecode.startsWith('0x') ? bytecode : `0x${bytecode}` }
}

/** Compiles what is built from source, with our own compiler and settings, or remembers it. */
export function compilePeers(): (name: CompiledName) => Artifact {
  const artifacts = new Map(jobs.flatMap((job) => Object.entries(remembered(job))))
  return (name) => {
    const artifact = artifacts.get(name)
    if (artifact === undefined) throw new Error(`The compiler made no ${name}.`)
    return artifact
  }
}

/** A compilation takes many seconds: its outcome is kept beside the packages, under the hash of all that went in. */
function remembered(job: Job): Record<string, Artifact> {
  const key = createHash('sha256')
    .update(solc.version())
    .update(JSON.stringify(inputOf(job)))
    .update(fs.readFileSync(inPeers('package-lock.json')))
    .digest('hex')
  const file = inPeers('node_modules', '.cache', `${key}.json`)
  if (fs.existsSync(file)) {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, Artifact> // written below
  }
  const names = job.contracts.map(({ name }) => name).join(', ')
  process.stderr.write(`Compiling ${names}, once for all …\n`)
  const artifacts = compile(job)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, JSON.stringify(artifacts))
  return artifacts
}

function compile(job: Job): Record<string, Artifact> {
  const findImport = (unit: string) => {
    const contents = sourceOf({ unit, job })
    return contents === undefined ? { error: `${unit} is in none of the packages` } : { contents }
  }
  const output = JSON.parse(
    solc.compile(JSON.stringify(inputOf(job)), { import: findImport }),
  ) as Output // the form that solc documents
  const failure = output.errors?.find(({ severity }) => severity === 'error')
  if (failure !== undefined) {
    throw new Error(`A peer does not compile: ${failure.formattedMessage}`)
  }
  return Object.fromEntries(
    job.contracts.map(({ name, unit }) => {
      const made = output.contracts[unit]?.[name]
      if (made === undefined) throw new Error(`${unit} holds no contract ${name}.`)
      return [name, { abi: made.abi, bytecode: `0x${made.evm.bytecode.object}` }]
    }),
  )
}

/** The compiler's input, with the settings of hardhat.config.ts. */
function inputOf(job: Job) {
  return {
    language: 'Solidity',
    sources: Object.fromEntries(
      job.contracts.map(({ unit }) => [unit, { content: sourceOf({ unit, job }) }]),
    ),
    settings: {
      evmVersion: 'osaka',
      viaIR: true,
      optimizer: { enabled: true, runs: job.runs },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
}

function sourceOf({ unit, job }: { unit: string; job: Job }): string | undefined {
  const file = job.folders.map((folder) => path.join(folder, unit)).find((it) => fs.existsSync(it))
  return file === undefined ? undefined : fs.readFileSync(file, 'utf8')
}
