import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startChain } from '../../scripts/local-chain.ts'
import { startWorld, type World } from '../../scripts/local-world.ts'
import { startOracle, startRelayer } from '../../scripts/services.ts'

/** The local world of one test file. */
export type WalkWorld = World & { folder: string; close: () => Promise<void> }

// Ended by a signal, a process takes its children along only if it leaves by its own door.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(130))
}

// Two walks on one machine look for free ports in places of their own: between finding one and listening there time passes.
const APART = (process.pid % 100) * 10

/** What `npm start` starts, on free ports and in a folder of its own that goes at the end; the indexer only if asked for. */
export async function openWorld({
  isIndexed = false, // the heaviest of all, and few pages ask it
  deviceAt,
  mapStyleUrl = 'none', // nobody out there is to be asked by a test
  walletConnect,
}: {
  isIndexed?: boolean
  deviceAt?: { longitude: number; latitude: number }
  mapStyleUrl?: string
  walletConnect?: { projectId: string; relayUrl: string }
} = {}): Promise<WalkWorld> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-walk-'))
  try {
    const world = await startWorld({
      folder,
      say: () => undefined,
      isIndexed,
      deviceAt,
      mapStyleUrl,
      walletConnect,
      firstPorts: {
        chain: 18_545 + APART,
        oracle: 20_787 + APART,
        relayer: 22_787 + APART,
        indexer: 12_069 + APART,
        web: 14_000 + APART,
      },
    })
    const close = async () => {
      await world.end()
      fs.rmSync(folder, { recursive: true, force: true })
    }
    return { ...world, folder, close }
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Starts again what a test has ended, where it was and with what it knew. */
export async function mend(world: WalkWorld): Promise<void> {
  const { folder, ports } = world
  if (world.chain.child.hasEnded()) {
    world.chain = await startChain({ folder: path.join(folder, 'chain'), port: ports.chain })
  }
  const { rpcUrl } = world.chain
  const webPort = ports.web
  if (world.relayer.child.hasEnded()) {
    const place = { folder: path.join(folder, 'relayer'), port: ports.relayer }
    world.relayer = await startRelayer({ ...place, webPort, rpcUrl })
  }
  if (!world.oracle.child.hasEnded()) return
  world.oracle = await startOracle({
    folder: path.join(folder, 'oracle'),
    port: ports.oracle,
    webPort,
    rpcUrl,
  })
}
