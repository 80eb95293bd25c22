import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '@coupon-secure/service/rehearsal-postgres'
import { openWorld } from './rehearsal.ts'
import { killAgainAndAgain } from './rehearsal-kill.ts'

// npm run test:kill -- --of relayer --times 200 [--database pglite]

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

const world = await openWorld()
const keys = [await world.fundedKey('1000'), await world.fundedKey('1000')]
if (values.database === 'pglite') {
  const folder = await mkdtemp(join(tmpdir(), 'relayer-kill-'))
  const database = { DATA_DIR: folder }
  console.log(await killAgainAndAgain({ world, keys, times, relayers: 1, database, onKill }))
  await rm(folder, { recursive: true })
} else {
  // As in service: what is committed is on the disk.
  const postgres = await startPostgres({ isDurable: true })
  if ('missing' in postgres) throw new Error(`There is no PostgreSQL: ${postgres.missing}.`)
  const database = { DATABASE_URL: await postgres.freshDatabase() }
  console.log(await killAgainAndAgain({ world, keys, times, relayers: 2, database, onKill }))
  await postgres.stop()
}
await world.close()
