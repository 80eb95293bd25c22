// `npm run bench:oracle`: statements a second of the real service as a process of its own, over a real store and a real
// chain (anvil), asked by session-signed claims as the browser makes them; beside it, in the same run and asked by the
// same claims, a naive service (bench/oracle-naive.ts). All of it shares this machine, the load too. `-- --json` prints the
// record alone; `--seconds`, `--phones`; `--database postgres://…` uses that (empty) database instead of PGlite.
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import type { Address } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { buildContracts } from '../scripts/build.ts'
import { endChildren, startChild } from '../scripts/children.ts'
import { deploy, localDeployment } from '../scripts/deploy.ts'
import { startChain } from '../scripts/local-chain.ts'
import { freePort } from '../scripts/ports.ts'
import { loadWith, type Load } from './oracle-load.ts'
import { CHAIN_ID, raiseStage, type Stage } from './oracle-stage.ts'

const WAIT_MILLISECONDS = 60_000
const WARM_UP_SECONDS = 5
const MOST_CLAIMS_A_SECOND = 1_000 // twice what is reached
const REACH = { statementsPerSecond: 500, p99: 250, errors: 0 }

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
    phones: { type: 'string', default: '64' },
    database: { type: 'string' },
    ours: { type: 'boolean', default: false },
  },
})
const say = (line: string) => {
  if (!values.json) console.log(line)
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-bench-'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endChildren().then(() => process.exit(130)))
}
try {
  const record = await measure()
  if (values.json) console.log(JSON.stringify(record, null, 2))
  else show(record)
} finally {
  await endChildren()
  fs.rmSync(folder, { recursive: true, force: true })
}

async function measure() {
  await buildContracts({ say })
  const chainPort = await freePort({ first: 28_545 })
  const { rpcUrl, child: chain } = await startChain({
    folder: path.join(folder, 'chain'),
    port: chainPort,
    say,
  })
  await deploy({ rpcUrl, folder: path.join(folder, 'deployment') })
  const key = `0x${randomBytes(32).toString('hex')}` as const
  say('Making a book whose holders have all signed in …')
  const stage = await raiseStage({
    rpcUrl,
    witnesses: [privateKeyToAccount(key).address],
    claims: MOST_CLAIMS_A_SECOND * (WARM_UP_SECONDS + Number(values.seconds)),
  })

  const common = { stage, rpcUrl, key, chainPid: chain.pid }
  const store = values.database === undefined ? 'PGlite' : 'PostgreSQL'
  say(`Asking our service (${store}) for ${values.seconds} s …`)
  const { address: witness } = privateKeyToAccount(key)
  const ours = await ask({ ...common, program: 'oracle/src/main.ts', witness })
  let naive: Load | undefined
  if (!values.ours) {
    say(`Asking the naive service for ${values.seconds} s …`)
    // What it answers is only counted.
    naive = await ask({ ...common, program: 'bench/oracle-naive.ts', witness: undefined })
  }
  const { statementsPerSecond, p50, p99, errors } = ours
  const cpus = os.cpus().length
  const times = naive && Math.round((10 * statementsPerSecond) / naive.statementsPerSecond) / 10
  const run = { store, cpus, phones: Number(values.phones), seconds: Number(values.seconds) }
  return { statementsPerSecond, p50, p99, errors, ...run, timesNaive: times, ours, naive }
}

async function ask({
  stage,
  rpcUrl,
  key,
  chainPid,
  program,
  witness,
}: {
  stage: Stage
  rpcUrl: string
  key: string
  chainPid: number
  program: string
  witness: Address | undefined
}): Promise<Load> {
  const port = await freePort({ first: 28_787 })
  const child = startChild({
    name: program,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', program],
    env: {
      PORT: String(port),
      RPC_URL: rpcUrl,
      CHAIN_ID: String(CHAIN_ID),
      FACTORY_ADDRESS: localDeployment().factory,
      MAX_HEAD_AGE_SECONDS: '0',
      ORACLE_KEY: key,
      // All phones are on this machine: one network.
      MOST_REQUESTS_PER_NETWORK_AND_MINUTE: '100000000',
      ...(values.database === undefined
        ? { DATA_DIR: path.join(folder, 'store') }
        : { DATABASE_URL: values.database }),
    },
    logFile: path.join(folder, 'service.log'),
  })
  const url = `http://127.0.0.1:${port}`
  try {
    await ready(url)
    await register({ url, document: stage.document })
    return await loadWith({
      url,
      claimants: stage.claimants,
      phones: Number(values.phones),
      seconds: Number(values.seconds),
      warmUpSeconds: WARM_UP_SECONDS,
      position: middleOf(stage.document),
      witness,
      pids: { service: child.pid, chain: chainPid },
    })
  } finally {
    await child.end()
  }
}

async function ready(url: string): Promise<void> {
  const latest = Date.now() + WAIT_MILLISECONDS
  while (Date.now() < latest) {
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await sleep(100)
  }
  throw new Error(`Nothing answers at ${url}.`)
}

async function register({ url, document }: { url: string; document: GeofenceDocument }) {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(document)
  const response = await fetch(`${url}/v1/geofences`, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`The service refused the geofence: ${await response.text()}`)
}

/** The middle of the first site's corners, in degrees. */
function middleOf({ sites: [site] }: GeofenceDocument) {
  const corners = site?.rings[0] ?? []
  const mean = (axis: 'longitudeE7' | 'latitudeE7') =>
    corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length / 1e7
  return { longitude: mean('longitudeE7'), latitude: mean('latitudeE7') }
}

function show({
  ours,
  naive,
  timesNaive,
  store,
  cpus,
  phones,
}: Awaited<ReturnType<typeof measure>>) {
  console.log(`statements of ${phones} phones at once, ${cpus} cores, ${store}, milliseconds`)
  const row = ({ statementsPerSecond, p50, p99, errors, cpu }: Load) => {
    return { statementsPerSecond, p50, p99, errors, cpu: cpu && cpuOf(cpu) }
  }
  console.table({ ours: row(ours), ...(naive && { naive: row(naive) }), reach: REACH })
  for (const [what, times] of Object.entries(ours.wrong)) console.log(`${times} × ${what}`)
  if (timesNaive !== undefined) console.log(`${timesNaive} times the naive service`)
}

function cpuOf({ service, chain, load }: NonNullable<Load['cpu']>): string {
  return `${service} + chain ${chain} + load ${load}`
}
