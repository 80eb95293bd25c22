// `npm run bench:gas`: the gas of a coupon's life on the optimised contracts beside what design.md asks for,
// where it goes, and, on the same chain in the same run, what the contracts cost that users would pick instead.
// `-- --json` prints the record alone; `-- --write` keeps ours in snapshots/gas.json, which test/gas.test.ts holds
// the contracts to; `-- --ours` leaves the peers out.
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { network, tasks } from 'hardhat'

import { measureGas } from './gas-measure.ts'
import { PeersMissingError } from './peer-packages.ts'
import { notesOf, rowsOf } from './peer-table.ts'
import { measurePeers } from './peers.ts'

const SNAPSHOT = new URL('../snapshots/gas.json', import.meta.url)
const reach: Record<string, number> = {
  issuePerCoupon: 1_500,
  redeem: 50_000,
  batch100: 15_000,
  bytesPerBatched: 320,
  newBook: 250_000,
}

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, write: { type: 'boolean' }, ours: { type: 'boolean' } },
})
await tasks.getTask('build').run({ quiet: true, noTests: true })
const connection = await network.create({
  override: { hardfork: 'osaka', initialDate: '2026-06-01T06:00:00Z' },
})
const { record, breakdown, l2 } = await measureGas(connection)
const peers = values.ours || values.write ? null : await peersOrNothing()

if (values.write) {
  fs.mkdirSync(new URL('.', SNAPSHOT), { recursive: true })
  fs.writeFileSync(SNAPSHOT, `${JSON.stringify(record, null, 2)}\n`)
}
if (values.json) console.log(JSON.stringify({ ...record, breakdown, l2, peers }, null, 2))
else {
  console.log('gas, by receipts; osaka; 10,200 holders; shards of 255')
  console.table(
    rowsFrom(record, (name, gas) => ({
      gas,
      reach: reach[name] ?? '',
      isReached: name in reach ? gas <= (reach[name] ?? 0) : '',
    })),
  )
  console.log('redeem, later seat: where it goes, beside the least that the EVM asks for such work')
  console.table(
    rowsFrom(breakdown.ours, (part, ours) => ({ ours, floor: breakdown.floor[part] ?? 0 })),
  )
  console.log('bytes of a signed transaction on a rollup')
  console.table(l2)
  if (peers !== null) {
    console.log('what peers cost, on the same chain in the same run')
    console.table(rowsOf(peers))
    console.log(notesOf(peers).join('\n'))
  }
}

function rowsFrom(figures: Record<string, number>, row: (name: string, figure: number) => object) {
  return Object.fromEntries(Object.entries(figures).map(([name, it]) => [name, row(name, it)]))
}

async function peersOrNothing() {
  try {
    return await measurePeers(connection)
  } catch (error) {
    if (!(error instanceof PeersMissingError)) throw error
    console.error(error.message)
    process.exitCode = 1 // what was asked for is not there
    return null
  }
}
