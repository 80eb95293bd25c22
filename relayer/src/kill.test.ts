import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sharedPostgres } from '@coupon-secure/service/rehearsal-postgres'
import { expect } from 'chai'
import { sharedWorld } from './rehearsal.ts'
import { killAgainAndAgain } from './rehearsal-kill.ts'

// npm run test:kill -- --of relayer does this two hundred times.
describe('kill -9 under load', function () {
  this.timeout(300_000) // two cores under load say nothing about the code

  it('loses nothing and sends nothing twice: two relayers with the same keys on one PostgreSQL', async function () {
    const postgres = await sharedPostgres()
    if ('missing' in postgres) {
      console.log(`      not run: ${postgres.missing}`)
      return this.skip()
    }
    const world = await sharedWorld()
    const keys = [await world.fundedKey(), await world.fundedKey()]
    const database = { DATABASE_URL: await postgres.freshDatabase() }
    const report = await killAgainAndAgain({ world, keys, times: 3, relayers: 2, database })
    expect(report.kills).to.equal(3)
    expect(report.redeemed, JSON.stringify(report)).to.be.greaterThan(3)
  })

  it('loses nothing and sends nothing twice: PGlite in a folder', async () => {
    const world = await sharedWorld()
    const keys = [await world.fundedKey()]
    const folder = await mkdtemp(join(tmpdir(), 'relayer-kill-'))
    const database = { DATA_DIR: folder }
    const report = await killAgainAndAgain({ world, keys, times: 1, relayers: 1, database })
    expect(report.redeemed, JSON.stringify(report)).to.be.greaterThan(1)
    await rm(folder, { recursive: true })
  })
})
