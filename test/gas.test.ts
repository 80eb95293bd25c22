import fs from 'node:fs'
import { expect } from 'chai'
import { network } from 'hardhat'

import { type GasRecord, measureGas } from '../bench/gas-measure.ts'
import { chain } from './book-fixture.ts'

const SNAPSHOT = new URL('../snapshots/gas.json', import.meta.url)
const UPDATE = 'npm run bench:gas -- --write'

describe('gas', () => {
  it('is what snapshots/gas.json says, to the unit', async function () {
    this.timeout(180_000)
    const kept = JSON.parse(fs.readFileSync(SNAPSHOT, 'utf8')) as Partial<GasRecord>
    const { record } = await measureGas(await network.create(chain))
    const changes = Object.keys({ ...kept, ...record }).flatMap((name) => {
      const before = kept[name]
      const now = record[name]
      if (before === now) return []
      return `${name}: ${before ?? 'new'} → ${now ?? 'gone'} (${sign((now ?? 0) - (before ?? 0))})`
    })
    expect(changes, `If you meant it: ${UPDATE}\n${changes.join('\n')}`).to.deep.equal([])
  })
})

function sign(difference: number): string {
  return difference > 0 ? `+${difference}` : `${difference}`
}
