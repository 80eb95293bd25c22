import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { killAgainAndAgain } from './rehearsal-kill.ts'
import { sharedPostgres } from '@coupon-secure/service/rehearsal-postgres'

// npm run test:kill does this two hundred times.
describe('kill -9 under load', () => {
  it('loses no entry and lets no challenge be used twice: two oracles on one PostgreSQL', async function () {
    this.timeout(300_000) // two cores under load say nothing about the code
    const postgres = await sharedPostgres()
    if ('missing' in postgres) {
      console.log(`      not run: ${postgres.missing}`)
      return this.skip()
    }
    const database = { DATABASE_URL: await postgres.freshDatabase() }
    const report = await killAgainAndAgain({ times: 5, oracles: 2, database, atLeast: 2 })
    expect(report.kills).to.equal(5)
    expect(report.granted, JSON.stringify(report)).to.be.greaterThan(5)
    expect(report.replaysRefused).to.be.greaterThan(5)
  })

  it('loses no entry and lets no challenge be used twice: PGlite in a folder', async function () {
    this.timeout(300_000) // two cores under load say nothing about the code
    const folder = await mkdtemp(join(tmpdir(), 'oracle-kill-'))
    const database = { DATA_DIR: folder }
    const report = await killAgainAndAgain({ times: 1, oracles: 1, database, atLeast: 2 })
    expect(report.granted, JSON.stringify(report)).to.be.greaterThan(1)
    await rm(folder, { recursive: true })
  })
})
