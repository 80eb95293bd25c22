import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { toBeHex, Wallet } from 'ethers'
import { startChild, type Child } from './children.ts'
import { localDeployment } from './deploy.ts'
import { inRoot, readIfPresent, writeWhole } from './folders.ts'
import { askChain } from './local-chain.ts'
import { programOf } from './programs.ts'

const WAIT_MS = 120_000 // several start at once, perhaps on a busy machine
const RELAYER_WEI = 100n * 10n ** 18n
const HOST = '127.0.0.1' // the local world is for this machine alone

/** Where a service on this port will answer. */
export function addressAt(port: number): string {
  return `http://${HOST}:${port}`
}

/** A program of ours that answers at an address. */
export type Service = { child: Child; url: string }

type Watching = {
  /** Starts anew, or reloads, when its sources change. */
  isWatching?: boolean
  logFile?: string
  onLine?: (line: string) => void
}

/** An account of HyperTrack, or of its rehearsal. */
export type HyperTrackAccount = { url: string; accountId: string; secretKey: string }

/** Starts the rehearsal of HyperTrack (docs/operating.md#hypertrack), whose devices stand at this place. */
export async function startHyperTrack({
  port,
  position: { longitude, latitude },
  ...words
}: Omit<Watching, 'isWatching'> & {
  port: number
  position: { longitude: number; latitude: number }
}): Promise<Service & { account: HyperTrackAccount }> {
  const url = addressAt(port)
  const account = { url, accountId: 'rehearsal', secretKey: randomBytes(16).toString('hex') }
  const child = startChild({
    name: 'The rehearsal of HyperTrack',
    command: process.execPath,
    args: ['oracle/src/hypertrack-rehearsal-main.ts'],
    env: {
      PORT: String(port),
      POSITION: `${longitude},${latitude}`,
      HYPERTRACK_ACCOUNT_ID: account.accountId,
      HYPERTRACK_SECRET_KEY: account.secretKey,
    },
    ...words,
  })
  await waitFor({ child, question: url })
  return { child, url, account }
}

/** Starts the location oracle with its key and its database in `folder`; the key is made once, at random. */
export async function startOracle({
  folder,
  port,
  rpcUrl,
  webPort,
  hyperTrack,
  isWatching = false,
  ...words
}: Watching & {
  folder: string
  port: number
  rpcUrl: string
  webPort: number
  hyperTrack?: HyperTrackAccount | undefined
}): Promise<Service> {
  const child = startChild({
    name: 'The oracle',
    command: process.execPath,
    args: [...(isWatching ? ['--watch', '--watch-preserve-output'] : []), 'oracle/src/main.ts'],
    env: {
      HOST,
      PORT: String(port),
      RPC_URL: rpcUrl,
      CHAIN_ID: String(LOCAL_CHAIN_ID),
      FACTORY_ADDRESS: localDeployment().factory,
      MAX_HEAD_AGE_SECONDS: '0', // anvil makes a block when there is something to put in it
      DRAIN_SECONDS: '0', // no balancer has to hear of it first
      DATA_DIR: path.join(folder, 'db'),
      ORACLE_KEY: keyIn(folder),
      CORS_ORIGINS: `http://localhost:${webPort},http://${HOST}:${webPort}`,
      ...(hyperTrack && {
        HYPERTRACK_URL: hyperTrack.url,
        HYPERTRACK_ACCOUNT_ID: hyperTrack.accountId,
        HYPERTRACK_SECRET_KEY: hyperTrack.secretKey,
      }),
    },
    ...words,
  })
  const url = addressAt(port)
  await waitFor({ child, question: `${url}/readyz` })
  return { child, url }
}

/** Starts the relayer with its key and its queue in `folder`; the key is made once, at random, and paid for by the local chain. */
export async function startRelayer({
  folder,
  port,
  rpcUrl,
  webPort,
  isWatching = false,
  ...words
}: Watching & {
  folder: string
  port: number
  rpcUrl: string
  webPort: number
}): Promise<Service> {
  const key = keyIn(folder)
  const funds = [new Wallet(key).address, toBeHex(RELAYER_WEI)]
  await askChain({ rpcUrl, method: 'anvil_setBalance', params: funds })
  const child = startChild({
    name: 'The relayer',
    command: process.execPath,
    args: [...(isWatching ? ['--watch', '--watch-preserve-output'] : []), 'relayer/src/main.ts'],
    env: {
      HOST,
      PORT: String(port),
      RPC_URL: rpcUrl,
      CHAIN_ID: String(LOCAL_CHAIN_ID),
      FACTORY_ADDRESS: localDeployment().factory,
      MAX_HEAD_AGE_SECONDS: '0', // anvil makes a block when there is something to put in it
      FINAL_AFTER_BLOCKS: '0', // and takes none back
      DRAIN_SECONDS: '0', // no balancer has to hear of it first
      DATA_DIR: path.join(folder, 'db'),
      RELAYER_KEY: key,
      CORS_ORIGINS: `http://localhost:${webPort},http://${HOST}:${webPort}`,
    },
    ...words,
  })
  const url = addressAt(port)
  await waitFor({ child, question: `${url}/readyz` })
  return { child, url }
}

/** A relay to wallets on phones, and the project that it knows us by; without a project there are none. */
export type WalletConnectPlace = {
  projectId: string | undefined
  relayUrl: string | undefined
}

/** Starts the web app as it was built, or (watching) from its sources. */
export async function startWeb({
  port,
  rpcUrl,
  oracleUrl,
  relayerUrl,
  indexerUrl,
  mapStyleUrl = '',
  walletConnect,
  isWatching = false,
  ...words
}: Watching & {
  port: number
  rpcUrl: string
  oracleUrl: string
  relayerUrl: string
  /** Without it history is read from the chain. */
  indexerUrl: string | undefined
  /** Unless it is given, the usual one. */
  mapStyleUrl?: string | undefined
  /** Where wallets on phones are reached; unless it is given, they are not offered. */
  walletConnect?: WalletConnectPlace | undefined
}): Promise<Service> {
  const { factory, firstBlock } = localDeployment()
  const child = startChild({
    name: 'The web app',
    command: process.execPath,
    args: [
      programOf({ owner: 'next' }),
      isWatching ? 'dev' : 'start',
      '-H',
      HOST,
      '-p',
      String(port),
    ],
    cwd: inRoot('web'),
    env: {
      RPC_URL: rpcUrl,
      CHAIN_ID: String(LOCAL_CHAIN_ID),
      FACTORY_ADDRESS: factory,
      FACTORY_BLOCK: String(firstBlock),
      ORACLE_URL: oracleUrl,
      RELAYER_URL: relayerUrl,
      INDEXER_URL: indexerUrl ?? '',
      MAP_STYLE_URL: mapStyleUrl,
      WALLETCONNECT_PROJECT_ID: walletConnect?.projectId ?? '',
      WALLETCONNECT_RELAY_URL: walletConnect?.relayUrl ?? '',
      DEMO: '1',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    ...words,
  })
  await waitFor({ child, question: addressAt(port) })
  return { child, url: `http://localhost:${port}` } // browsers take this name for a secure place
}

/** A service's private key, made at random the first time and readable by its owner only. */
function keyIn(folder: string): string {
  const file = path.join(folder, 'key')
  const known = readIfPresent(file)?.trim()
  if (known !== undefined && /^0x[0-9a-f]{64}$/.test(known)) return known
  if (known !== undefined) throw new Error(`${file} holds no key: restore it, or delete it.`)
  const key = `0x${randomBytes(32).toString('hex')}`
  writeWhole({ file, text: `${key}\n`, mode: 0o600 })
  return key
}

/** Waits until the service answers well; if it ends or stays silent, its last lines say why. */
async function waitFor({ child, question }: { child: Child; question: string }): Promise<void> {
  const latest = Date.now() + WAIT_MS
  while (Date.now() < latest && !child.hasEnded()) {
    const isReady = await fetch(question, { signal: AbortSignal.timeout(WAIT_MS) }).then(
      ({ status }) => status < 500, // not ready is 503, and a page that fails to draw 500
      () => false,
    )
    if (isReady) return
    await sleep(100)
  }
  await child.end()
  const words = child.lastLines().join('\n')
  throw new Error(`${child.name} did not start. Its last lines:\n${words}`)
}
