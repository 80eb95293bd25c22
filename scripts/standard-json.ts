import path from 'node:path'
import { keccak256, toUtf8Bytes } from 'ethers'
import { type HardhatRuntimeEnvironment } from 'hardhat/types/hre'
import solc from 'solc'
import {
  CONTRACTS,
  readArtifact,
  type Artifact,
  type ContractName,
  type ImmutableReferences,
} from './artifacts.ts'
import { inRoot, readIfPresent, writeWhole } from './folders.ts'
import { formatted } from './formatted.ts'

// What a rebuild must tell; Hardhat asks for much more, which changes the answer's size and nothing else.
const WANTED = [
  'abi',
  'evm.bytecode.object',
  'evm.deployedBytecode.immutableReferences',
  'evm.deployedBytecode.object',
  'metadata',
]

/** By what anybody can tell that a rebuild is the same, and with which compiler it is to be made. */
export type Hashes = {
  compiler: string
  /** keccak256 of creation code without arguments, and of runtime code with zeros for its immutables. */
  contracts: Record<ContractName, { creation: string; runtime: string }>
}

/** The compiler's whole input with its hashes, as it lies in a folder. */
export type Kept = { input: string; hashes: Hashes }

/** What solc makes of an input on its own. */
export type Rebuilt = { compiler: string; contracts: Record<ContractName, Artifact> }

/** Where the input of the contracts as they are now is kept. */
export function standardJsonFolder(folder = inRoot()): string {
  return path.join(folder, 'deployments', 'standard-json')
}

/**
 * The compiler's input for the factory and all it imports, the book among it. Our sources are in it whole; a package's are
 * named with their version and hash, which the compiler checks, for other people's code is not ours to keep.
 */
export async function standardJsonOf(hardhat: HardhatRuntimeEnvironment): Promise<string> {
  const root = inRoot('contracts', 'CouponBookFactory.sol')
  const jobs = await hardhat.solidity.getCompilationJobs([root], { quiet: true, force: true })
  const job = jobs.success ? jobs.compilationJobsPerFile.get(root) : undefined
  if (job === undefined) throw new Error('Hardhat could not put the compiler input together.')
  const { settings, sources, ...input } = await job.getSolcInput()
  const selection = { outputSelection: { '*': { '*': WANTED } } }
  return formatted({
    text: JSON.stringify({
      ...input,
      sources: withPackagesNamed(sources),
      settings: { ...settings, ...selection },
    }),
    file: 'CouponSecure.json',
  })
}

/** Compiles an input with the pinned solc and the packages that it names, as any stranger would. */
export function rebuild(input: string): Rebuilt {
  const { compile } = solc as {
    compile: (input: string, callbacks: { import: (file: string) => Found }) => string
  }
  const { contracts = {}, errors = [] } = JSON.parse(
    compile(input, { import: fromPackage }),
  ) as Output
  const failure = errors.find(({ severity }) => severity === 'error')
  if (failure !== undefined) throw new Error(`solc refused the input: ${failure.formattedMessage}`)
  const output = (name: ContractName) => {
    const source = Object.keys(contracts).find((file) => file.endsWith(`contracts/${name}.sol`))
    const found = source === undefined ? undefined : contracts[source]?.[name]
    if (found === undefined) throw new Error(`The input holds no ${name}.`)
    return found
  }
  const { compiler } = JSON.parse(output('CouponBook').metadata) as Metadata
  return {
    compiler: compiler.version,
    contracts: {
      CouponBook: artifactOf(output('CouponBook')),
      CouponBookFactory: artifactOf(output('CouponBookFactory')),
    },
  }
}

/** The hashes of what a rebuild gave. */
export function hashesOf({ compiler, contracts }: Rebuilt): Hashes {
  return {
    compiler,
    contracts: {
      CouponBook: hashesOfOne(contracts.CouponBook),
      CouponBookFactory: hashesOfOne(contracts.CouponBookFactory),
    },
  }
}

/** The names of contracts whose built artifacts are not what these hashes say. */
export function differingArtifacts({ contracts }: Hashes): ContractName[] {
  return CONTRACTS.filter((name) => {
    const { creation, runtime } = hashesOfOne(readArtifact(name))
    return contracts[name].creation !== creation || contracts[name].runtime !== runtime
  })
}

/** What is kept in a folder, or undefined where nothing is. */
export function readKept(folder: string): Kept | undefined {
  const input = readIfPresent(path.join(folder, 'CouponSecure.json'))
  const hashes = readIfPresent(path.join(folder, 'hashes.json'))
  if (input === undefined || hashes === undefined) return undefined
  return { input, hashes: JSON.parse(hashes) as Hashes }
}

/** Keeps an input and its hashes in a folder. */
export async function keep({ folder, kept }: { folder: string; kept: Kept }): Promise<void> {
  writeWhole({ file: path.join(folder, 'CouponSecure.json'), text: kept.input })
  const file = path.join(folder, 'hashes.json')
  writeWhole({ file, text: await formatted({ text: JSON.stringify(kept.hashes), file }) })
}

type Found = { contents: string } | { error: string }
type Source = { content: string } | { keccak256: string; urls: string[] }

/** A source named `npm/<package>@<version>/<file>` becomes its hash, and where it lies among installed packages. */
function withPackagesNamed(sources: Record<string, { content: string }>): Record<string, Source> {
  const named = Object.entries(sources).map(([name, { content }]): [string, Source] => {
    const [, packageName, file] = /^npm\/(.+)@[^/@]+\/(.+)$/.exec(name) ?? []
    if (packageName === undefined || file === undefined) return [name, { content }]
    return [name, { keccak256: keccak256(toUtf8Bytes(content)), urls: [`${packageName}/${file}`] }]
  })
  return Object.fromEntries(named)
}

function fromPackage(file: string): Found {
  const contents = readIfPresent(inRoot('node_modules', file))
  return contents === undefined ? { error: `${file} is not installed.` } : { contents }
}

type Metadata = { compiler: { version: string } }

type Output = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts?: Record<string, Record<string, OutputContract>>
}

type OutputContract = {
  metadata: string
  evm: {
    bytecode: { object: string }
    deployedBytecode: { object: string; immutableReferences?: ImmutableReferences }
  }
}

function artifactOf({ evm: { bytecode, deployedBytecode } }: OutputContract): Artifact {
  const { object, immutableReferences = {} } = deployedBytecode
  return { bytecode: `0x${bytecode.object}`, deployedBytecode: `0x${object}`, immutableReferences }
}

function hashesOfOne({ bytecode, deployedBytecode }: Artifact) {
  return { creation: keccak256(bytecode), runtime: keccak256(deployedBytecode) }
}
