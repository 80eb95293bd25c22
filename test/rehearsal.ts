import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { JsonRpcProvider } from 'ethers'
import { startChild, type Child } from '../scripts/children.ts'
import { inRoot } from '../scripts/folders.ts'
import { askChain, startChain } from '../scripts/local-chain.ts'
import { freePort } from '../scripts/ports.ts'
import { programOf } from '../scripts/programs.ts'

// The one who signed CreateX's creation, once for all chains; nobody has the key.
const CREATE_X_DEPLOYER = '0xeD456e05CaAb11d66C4c797dD6c1D6f9A7F352b5'

/** One of our programs, with the folder in which it rehearses and the environment it may know. */
export type Programme = {
  folder: string
  program: 'deploy-network.ts' | 'bytecode.ts' | 'verify.ts'
  args: readonly string[]
  env?: Record<string, string>
}

/** A chain that stands in for a public one. */
export type StandIn = { child: Child; rpcUrl: string; provider: JsonRpcProvider }

/** Starts a chain with this id; with CreateX on it, as the public chains have it, if asked for. */
export async function startStandIn({
  folder,
  chainId,
  hasCreateX = false,
}: {
  folder: string
  chainId: number
  hasCreateX?: boolean
}): Promise<StandIn> {
  const port = await freePort({ first: 39545 })
  const place = path.join(folder, `chain-${chainId}-${port}`)
  const { child, rpcUrl } = await startChain({ folder: place, port, chainId })
  if (hasCreateX) await addCreateX(rpcUrl)
  const options = { staticNetwork: true, cacheTimeout: -1 }
  const provider = new JsonRpcProvider(rpcUrl, chainId, options)
  provider.pollingInterval = 50
  return { child, rpcUrl, provider }
}

/** Starts one of our programs with this environment and nothing of the developer's own. */
export function startProgram({ folder, program, args, env = {} }: Programme): Child {
  return startChild({
    name: program,
    command: process.execPath,
    args: [inRoot('scripts', program), ...args, '--into', folder],
    env: { ...homeIn(folder), ...env },
  })
}

/** Runs one of our programs to its end: how it ended, and what it said. */
export async function runProgram(
  programme: Programme,
): Promise<{ code: number | null; words: string }> {
  const child = startProgram(programme)
  const { code } = await child.ended
  return { code, words: child.lastLines().join('\n') }
}

/** Puts a value into the development keystore, as `npm run keystore -- set --dev <name>` does. */
export async function putIntoKeystore({
  folder,
  name,
  value,
}: {
  folder: string
  name: string
  value: string
}): Promise<void> {
  const args = [programOf({ owner: 'hardhat' }), 'keystore', 'set', '--dev', name]
  const env = { ...process.env, ...homeIn(folder) }
  const hardhat = spawn(process.execPath, args, { cwd: inRoot(), env })
  hardhat.stdin.end(`${value}\n`)
  const [code] = (await once(hardhat, 'close')) as [number | null]
  if (code !== 0) throw new Error(`hardhat keystore set failed (exit code ${String(code)}).`)
}

/** Where Hardhat looks for keystores on each system, so that nobody's own one answers. */
function homeIn(folder: string): Record<string, string> {
  const home = path.join(folder, 'home')
  return { HOME: home, XDG_CONFIG_HOME: home, APPDATA: home, LOCALAPPDATA: home }
}

/** CreateX's creation is one signed transaction that works on every chain; Ignition's package has it. */
async function addCreateX(rpcUrl: string): Promise<void> {
  const core = import.meta.resolve('@nomicfoundation/ignition-core')
  const file = new URL('./internal/execution/strategy/createx-artifact.js', core)
  const { presignedTx } = (await import(file.href)) as { presignedTx: string }
  const params = [CREATE_X_DEPLOYER, `0x${(10n ** 18n).toString(16)}`]
  await askChain({ rpcUrl, method: 'anvil_setBalance', params })
  await askChain({ rpcUrl, method: 'eth_sendRawTransaction', params: [presignedTx] })
}
