import fs from 'node:fs'
import path from 'node:path'
import { chainNames } from '@coupon-secure/protocol/deployments'
import { isAddress } from 'ethers'
import { inRoot, readIfPresent, writeWhole } from './folders.ts'
import { formatted } from './formatted.ts'
import { isNetworkName, publicNetworks, type NetworkName } from './networks.ts'
import { keep, type Kept } from './standard-json.ts'

/** What is known of a deployment: the source of the protocol's addresses and of docs/deployments.md. */
export type DeploymentRecord = {
  chainId: number
  implementation: string
  factory: string
  firstBlock: number
  deployer: string
  /** How the addresses came about: `create2` gives the same deployer the same ones on every chain. */
  strategy: 'create2' | 'basic'
}

/** Where all that concerns one network's deployment is kept, the compiler's input included. */
export function recordFolder({ folder, name }: { folder: string; name: NetworkName }): string {
  return path.join(folder, 'deployments', name)
}

/** The record of a network, or undefined where we have none. */
export function readRecord({
  folder,
  name,
}: {
  folder: string
  name: NetworkName
}): DeploymentRecord | undefined {
  const file = path.join(recordFolder({ folder, name }), 'deployment.json')
  const text = readIfPresent(file)
  if (text === undefined) return undefined
  const record = JSON.parse(text) as DeploymentRecord
  const isSound =
    record.chainId === publicNetworks[name].chainId &&
    isAddress(record.factory) &&
    isAddress(record.implementation) &&
    Number.isSafeInteger(record.firstBlock)
  if (!isSound) throw new Error(`${file} does not hold a deployment on ${name}: restore it.`)
  return record
}

/** Writes the record with the compiler's input, and what others read from all records. */
export async function writeRecord({
  folder,
  name,
  record,
  kept,
}: {
  folder: string
  name: NetworkName
  record: DeploymentRecord
  kept: Kept
}): Promise<void> {
  const place = recordFolder({ folder, name })
  const file = path.join(place, 'deployment.json')
  await keep({ folder: place, kept })
  writeWhole({ file, text: await formatted({ text: JSON.stringify(record), file }) })
  for (const [name, text] of Object.entries(await readersOf(folder))) {
    writeWhole({ file: path.join(folder, name), text })
  }
}

/** The files that follow from all records of a folder, by their paths in it. */
export async function readersOf(folder: string): Promise<Record<string, string>> {
  const place = path.join(folder, 'deployments')
  const names = fs.existsSync(place) ? fs.readdirSync(place).filter(isNetworkName) : []
  const records = names
    .flatMap((name) => readRecord({ folder, name }) ?? [])
    .sort((one, other) => one.chainId - other.chainId)
  const source = 'protocol/src/published.ts'
  const page = 'docs/deployments.md'
  return {
    [source]: await formatted({ text: sourceOf(records), file: inRoot(source) }),
    [page]: await formatted({ text: pageOf(records), file: inRoot(page) }),
  }
}

function sourceOf(records: readonly DeploymentRecord[]): string {
  const entries = records.map(
    ({ chainId, implementation, factory, firstBlock }) => `
      // ${chainNames[chainId] ?? ''}
      ${chainId}: { implementation: '${implementation}', factory: '${factory}', firstBlock: ${firstBlock} },`,
  )
  return `// Written by "npm run deploy" from deployments/; never edited.

/** Where our contracts live on public chains, by chain id. */
export const published = {${entries.join('\n')}} as const
`
}

function pageOf(records: readonly DeploymentRecord[]): string {
  const rows = records.map(
    ({ chainId, factory, implementation, firstBlock, strategy }) =>
      `| ${chainNames[chainId] ?? ''} | ${chainId} | \`${factory}\` | \`${implementation}\` | ${firstBlock} | ${strategy} |`,
  )
  const table = `
| chain | chain id | factory | code of every book | first block | strategy |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`
  return `# Deployments

_Written by \`npm run deploy\` from \`deployments/\`; how it works: [operating.md](operating.md#putting-the-contracts-on-a-chain)._

${records.length === 0 ? 'The contracts are on no public chain yet.' : table}
`
}
