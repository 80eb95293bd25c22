import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killAgainAndAgain } from './rehearsal-kill.ts'
import { startPostgres } from '@coupon-secure/service/rehearsal-postgres'

// npm run test:kill -- --times 200 [--database pglite]

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    database: { type: 'string', default: 'postgresql' },
  },
})
const times = Number(values.times)
const onKill = (kills: number) => {
  if (kills % 10 === 0) console.log(`${kills} of ${times}`)
}

if (values.database === 'pglite') {
  const folder = await mkdtemp(join(tmpdir(), 'oracle-kill-'))
  console.log(
    await killAgainAndAgain({ times, oracles: 1, database: { DATA_DIR: folder }, onKill }),
  )
  await rm(folder, { recursive: true })
} else {
  // As in service: what is committed is on the disk.
  const postgres = await startPostgres({ isDurable: true })
  if ('missing' in postgres) throw new Error(`There is no PostgreSQL: ${postgres.missing}.`)
  const database = { DATABASE_URL: await postgres.freshDatabase() }
  console.log(await killAgainAndAgain({ times, oracles: 2, database, onKill }))
  await postgres.stop()
}
