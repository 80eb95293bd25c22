// `npm run bench:gas`: the gas of a coupon's life on the optimised contracts, beside what design.md asks
// for. `-- --json` prints the record alone; `-- --write` keeps it in snapshots/gas.json, which test/gas.test.ts
// holds the contracts to.
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { tasks } from 'hardhat'

import { measureGas } from './gas-measure.ts'

const SNAPSHOT = new URL('../snapshots/gas.json', import.meta.url)
const reach: Record<string, number> = { issuePerCoupon: 1_500, redeem: 50_000, newBook: 250_000 }

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, write: { type: 'boolean' } },
})
await tasks.getTask('build').run({ quiet: true })
const { record, breakdown } = await measureGas()
const json = `${JSON.stringify(record, null, 2)}\n`

if (values.write) {
  fs.mkdirSync(new URL('.', SNAPSHOT), { recursive: true })
  fs.writeFileSync(SNAPSHOT, json)
}
if (values.json) process.stdout.write(json)
else {
  console.log('gas, by receipts; osaka; 10,200 holders; shards of 255')
  console.table(
    Object.fromEntries(
      Object.entries(record).map(([name, gas]) => [
        name,
        {
          gas,
          reach: reach[name] ?? '',
          isReached: name in reach ? gas <= (reach[name] ?? 0) : '',
        },
      ]),
    ),
  )
  console.log('redeem, later seat: where it goes')
  console.table(Object.fromEntries(Object.entries(breakdown).map(([part, gas]) => [part, { gas }])))
}
