import fs from 'node:fs'
import { expect } from 'chai'

import { type GasRecord, measureGas } from '../bench/gas-measure.ts'

const SNAPSHOT = new URL('../snapshots/gas.json', import.meta.url)
const UPDATE = 'npm run bench:gas -- --write'

describe('gas', () => {
  it('is what snapshots/gas.json says, to the unit', async function () {
    this.timeout(120_000)
    const kept = JSON.parse(fs.readFileSync(SNAPSHOT, 'utf8')) as Partial<GasRecord>
    const { record } = await measureGas()
    const changes = Object.entries({ ...kept, ...record }).flatMap(([name, gas]) => {
      const before = kept[name as keyof GasRecord]
      const now = record[name as keyof GasRecord] as number | undefined
      if (before === now) return []
      return `${name}: ${before ?? 'new'} → ${now ?? 'gone'} (${sign(gas - (before ?? gas))})`
    })
    expect(changes, `If you meant it: ${UPDATE}\n${changes.join('\n')}`).to.deep.equal([])
  })
})

function sign(difference: number): string {
  return difference > 0 ? `+${difference}` : `${difference}`
}
