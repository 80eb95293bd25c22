import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildContracts, buildWeb, copyMapWorker } from './build.ts'
import { endChildren, type Child } from './children.ts'
import { ChainUnusableError, deploy } from './deploy.ts'
import { takeFolder } from './folder-owner.ts'
import { startIndexer, type Indexer } from './indexer-service.ts'
import { startChain } from './local-chain.ts'
import { freePort } from './ports.ts'
import {
  addressAt,
  startHyperTrack,
  startOracle,
  startRelayer,
  startWeb,
  type HyperTrackAccount,
  type Service,
  type WalletConnectPlace,
} from './services.ts'

const CHAIN = 'chain'
const DEPLOYMENT = 'deployment'
const QUEUE = path.join('relayer', 'db') // of a chain that is gone there is nothing to send
const INDEXER_MS = 60_000 // nothing that decides uses it: nobody waits for it longer

/** Where each program listens. */
export type Ports = {
  chain: number
  oracle: number
  relayer: number
  indexer: number
  web: number
}

type Position = { longitude: number; latitude: number }

/** Everything that runs on this machine: a chain with our contracts, the oracle, the relayer, the indexer, the web app. */
export type World = {
  chain: { child: Child; rpcUrl: string }
  oracle: Service
  relayer: Service
  /** It may come later or not at all, and is no reason for the world to end. */
  indexer: Indexer
  web: Service
  ports: Ports
  /** Resolves with the first program that ends without having been asked to. */
  death: Promise<Child>
  end: () => Promise<void>
}

/** Builds what must be built and starts everything in order; what was there before is found again. */
export async function startWorld({
  folder,
  say,
  isFresh = false,
  firstPorts = { chain: 8545, oracle: 8787, relayer: 8790, indexer: 42069, web: 3000 },
  isWatching = false,
  isIndexed = true,
  deviceAt,
  mapStyleUrl,
  walletConnect,
  onLine,
}: {
  folder: string
  say: (line: string) => void
  /** Puts the chain so far aside and begins a new one. */
  isFresh?: boolean
  firstPorts?: Ports
  /** The web app from its sources, oracle and relayer started anew when they change. */
  isWatching?: boolean
  /** With an indexer; without one pages read history from the chain. */
  isIndexed?: boolean
  /** Rehearses HyperTrack too, with devices that stand here. */
  deviceAt?: Position | undefined
  /** The style of the organiser's map, or `none`; unless it is given, the usual one. */
  mapStyleUrl?: string | undefined
  /** Where wallets on phones are reached; unless it is given, they are not offered. */
  walletConnect?: WalletConnectPlace | undefined
  onLine?: (line: string) => void
}): Promise<World> {
  const owner = await takeFolder({ folder, say })
  let indexer: Indexer | undefined
  const end = async () => {
    await indexer?.end()
    await endChildren()
    owner.release()
  }
  try {
    const aside = isFresh ? setChainAside({ folder, now: new Date() }) : undefined
    if (aside !== undefined) say(`The chain so far is put aside in ${aside}.`)
    await buildContracts({ say })
    await (isWatching ? copyMapWorker() : buildWeb({ say }))
    const ports = await choosePorts(firstPorts)
    const chatter = (name: string) => ({
      isWatching,
      logFile: path.join(folder, 'logs', `${name}.log`),
      onLine: (line: string) => onLine?.(`${name}: ${line}`),
    })

    const chain = await startDeployedChain({ folder, port: ports.chain, say })
    const { rpcUrl } = chain
    if (isIndexed) say('Starting the indexer …')
    indexer = isIndexed
      ? await startIndexer({
          folder: path.join(folder, 'indexer'),
          port: ports.indexer,
          rpcUrl,
          say,
          ...chatter('indexer'),
        })
      : nobody
    const hyperTrack = deviceAt && (await rehearseHyperTrack({ ports, deviceAt, say }))
    say('Starting the oracle, the relayer and the web app …')
    const common = { rpcUrl, webPort: ports.web }
    const [oracle, relayer, web] = await Promise.all([
      startOracle({
        ...common,
        folder: path.join(folder, 'oracle'),
        port: ports.oracle,
        hyperTrack,
        ...chatter('oracle'),
      }),
      startRelayer({
        ...common,
        folder: path.join(folder, 'relayer'),
        port: ports.relayer,
        ...chatter('relayer'),
      }),
      startWeb({
        port: ports.web,
        rpcUrl,
        oracleUrl: addressAt(ports.oracle),
        relayerUrl: addressAt(ports.relayer),
        indexerUrl: isIndexed ? indexer.url : undefined,
        mapStyleUrl,
        walletConnect,
        ...chatter('web'),
      }),
    ])
    if (isIndexed) await waitForIndexer({ indexer, say })
    const death = Promise.race(
      [chain.child, oracle.child, relayer.child, web.child].map((child) =>
        child.ended.then(() => child),
      ),
    )
    return { chain, oracle, relayer, indexer, web, ports, death, end }
  } catch (error) {
    await end()
    throw error
  }
}

// Where none was asked for.
const nobody: Indexer = {
  url: '',
  ready: Promise.resolve(false),
  child: () => undefined,
  end: () => Promise.resolve(),
}

async function waitForIndexer({ indexer, say }: { indexer: Indexer; say: (line: string) => void }) {
  const waited = new AbortController()
  const late = sleep(INDEXER_MS, 'late' as const, { signal: waited.signal })
  const outcome = await Promise.race([indexer.ready, late])
  waited.abort()
  if (outcome === 'late') say('The indexer is not ready yet: until then pages read the chain.')
}

async function rehearseHyperTrack({
  ports,
  deviceAt: position,
  say,
}: {
  ports: Ports
  deviceAt: Position
  say: (line: string) => void
}): Promise<HyperTrackAccount> {
  say('Starting the rehearsal of HyperTrack …')
  const port = await freePort({ first: ports.oracle + 1, promised: Object.values(ports) })
  const { account } = await startHyperTrack({ port, position })
  return account
}

async function startDeployedChain({
  folder,
  port,
  say,
}: {
  folder: string
  port: number
  say: (line: string) => void
}): Promise<{ child: Child; rpcUrl: string }> {
  const logFile = path.join(folder, 'logs', 'chain.log')
  say('Starting the chain …')
  const tryOnce = async () => {
    const chain = await startChain({ folder: path.join(folder, CHAIN), port, logFile, say })
    try {
      await deploy({ rpcUrl: chain.rpcUrl, folder: path.join(folder, DEPLOYMENT), say })
    } catch (error) {
      await chain.child.end()
      throw error
    }
    return chain
  }
  try {
    return await tryOnce()
  } catch (error) {
    if (!(error instanceof ChainUnusableError)) throw error
    const aside = setChainAside({ folder, now: new Date() })
    say(`${error.message} A new chain begins; the old one is in ${aside ?? folder}.`)
    return tryOnce()
  }
}

async function choosePorts(first: Ports): Promise<Ports> {
  const chain = await freePort({ first: first.chain })
  const oracle = await freePort({ first: first.oracle, promised: [chain] })
  const relayer = await freePort({ first: first.relayer, promised: [chain, oracle] })
  const others = [chain, oracle, relayer]
  const indexer = await freePort({ first: first.indexer, promised: others })
  const web = await freePort({ first: first.web, promised: [...others, indexer] })
  return { chain, oracle, relayer, indexer, web }
}

/** Puts the chain, its deployment journal and what the relayer was to send to it aside, so that the next start begins a new one. */
function setChainAside({ folder, now }: { folder: string; now: Date }): string | undefined {
  const old = [CHAIN, DEPLOYMENT, QUEUE].filter((name) => fs.existsSync(path.join(folder, name)))
  if (old.length === 0) return undefined
  const aside = path.join(folder, `before-${now.toISOString().replace(/\D/g, '').slice(0, 14)}`)
  fs.mkdirSync(aside, { recursive: true })
  for (const name of old) {
    fs.mkdirSync(path.dirname(path.join(aside, name)), { recursive: true })
    fs.renameSync(path.join(folder, name), path.join(aside, name))
  }
  return aside
}
