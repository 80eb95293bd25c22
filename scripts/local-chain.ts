import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { HDNodeWallet, JsonRpcProvider, Mnemonic, NonceManager } from 'ethers'
import { startChild, type Child } from './children.ts'
import { readIfPresent } from './folders.ts'

// Published in anvil's and Hardhat's manuals: its accounts are everybody's, and worthless on any other chain.
const PUBLIC_MNEMONIC = 'test test test test test test test test test test test junk'
const STATE_SECONDS = 2
const WAIT_MS = 20_000

/** The account with this number of the local chain's public mnemonic. */
export function localAccount(number: number): HDNodeWallet {
  const mnemonic = Mnemonic.fromPhrase(PUBLIC_MNEMONIC)
  return HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${number}`)
}

/** A provider that asks the local chain often enough for people not to notice. */
export function localProvider(rpcUrl: string): JsonRpcProvider {
  const provider = new JsonRpcProvider(rpcUrl, LOCAL_CHAIN_ID, { staticNetwork: true })
  provider.pollingInterval = 100
  return provider
}

/** An account that signs and sends on the local chain, counting its nonces itself. */
export function localSender({
  number,
  provider,
}: {
  number: number
  provider: JsonRpcProvider
}): NonceManager {
  return new NonceManager(localAccount(number).connect(provider))
}

/** Starts anvil with the state kept in `folder`, and waits until it answers. */
export async function startChain({
  folder,
  port,
  chainId = LOCAL_CHAIN_ID,
  stateSeconds = STATE_SECONDS,
  logFile,
  say = () => undefined,
}: {
  folder: string
  port: number
  /** Another chain than the local one: a stand-in for a public chain, in rehearsals. */
  chainId?: number
  /** How often it writes its state down. */
  stateSeconds?: number
  logFile?: string
  say?: (line: string) => void
}): Promise<{ child: Child; rpcUrl: string }> {
  fs.mkdirSync(folder, { recursive: true })
  const stateFile = path.join(folder, 'state.json')
  secureState({ stateFile, say })
  const child = startChild({
    name: 'The chain',
    command: anvilBinary(),
    args: [
      ...['--port', String(port), '--chain-id', String(chainId)],
      ...['--mnemonic', PUBLIC_MNEMONIC],
      ...['--state', stateFile, '--state-interval', String(stateSeconds)],
      '--enable-tx-gas-limit', // as on the real chains (EIP-7825)
    ],
    ...(logFile === undefined ? {} : { logFile }),
  })
  const rpcUrl = `http://127.0.0.1:${port}`
  await waitForChain({ child, rpcUrl, chainId })
  return { child, rpcUrl }
}

/** A JSON-RPC endpoint's refusal, as it put it. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

type Refusal = { code: number; message: string; data?: unknown }

/** Asks a JSON-RPC endpoint one question. */
export async function askChain({
  rpcUrl,
  method,
  params = [],
}: {
  rpcUrl: string
  method: string
  params?: readonly unknown[]
}): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(rpcUrl, { method: 'POST', headers, body })
  const answer = (await response.json()) as { result: unknown } | { error: Refusal }
  if ('result' in answer) return answer.result
  throw new RefusedError(answer.error)
}

/** anvil's own program for this machine: the npm package's wrapper would stand between us and its signals. */
function anvilBinary(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const require = createRequire(import.meta.url)
  const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  const owner = `@foundry-rs/anvil-${process.platform}-${arch}`
  try {
    return path.join(path.dirname(require.resolve(`${owner}/package.json`)), 'bin', file)
  } catch (cause) {
    throw new Error(`${owner} is not installed: run npm ci with Node 24.`, { cause })
  }
}

/**
 * anvil writes its state in place, so that a power cut in the middle leaves half a file, which it
 * then refuses. The state of the last good start is kept beside it for that day.
 */
function secureState({ stateFile, say }: { stateFile: string; say: (line: string) => void }): void {
  const spare = `${stateFile}.spare`
  const state = readIfPresent(stateFile)
  if (state === undefined) {
    fs.rmSync(spare, { force: true })
    return
  }
  if (isWholeJson(state)) {
    fs.copyFileSync(stateFile, spare)
  } else if (fs.existsSync(spare)) {
    say('The chain state was cut short; going back to that of the last start.')
    fs.copyFileSync(spare, stateFile)
  } else {
    say('The chain state was cut short and there is no earlier one; beginning a new chain.')
    fs.rmSync(stateFile)
  }
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function waitForChain({
  child,
  rpcUrl,
  chainId,
}: {
  child: Child
  rpcUrl: string
  chainId: number
}): Promise<void> {
  const latest = Date.now() + WAIT_MS
  while (Date.now() < latest && !child.hasEnded()) {
    const found = await askChain({ rpcUrl, method: 'eth_chainId' }).catch(() => undefined)
    if (Number(found) === chainId) return
    if (found !== undefined) throw new Error(`Somebody else's chain answers at ${rpcUrl}.`)
    await sleep(50)
  }
  await child.end()
  throw new Error(`The local chain did not start. Its last lines:\n${child.lastLines().join('\n')}`)
}
