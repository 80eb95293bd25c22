import { sharedPostgres } from '@coupon-secure/service/rehearsal-postgres'
import { openLocalStore, openPostgresStore, type Store } from './store.ts'

// For the tests beside this file; nothing of the service uses it.

/** How a test opens the database: each call is one oracle's store, and on PostgreSQL all are on the same database. */
export type Opening = () => Promise<Store>

const databases: { name: string; place: () => Promise<Opening | { missing: string }> }[] = [
  { name: 'in memory (PGlite)', place: () => Promise.resolve(() => openLocalStore()) },
  {
    name: 'in PostgreSQL',
    place: async () => {
      const postgres = await sharedPostgres()
      if ('missing' in postgres) return postgres
      const url = await postgres.freshDatabase()
      return () => openPostgresStore({ url })
    },
  },
]

/** The same tests for each kind of database, or for the shared one alone; says why where one is not to be had. */
export function onDatabases({
  isShared = false,
  tests,
}: {
  isShared?: boolean
  tests: (open: Opening) => void
}): void {
  for (const { name, place } of databases.slice(isShared ? 1 : 0)) {
    describe(name, () => {
      let opening: Opening | undefined
      const opened = new Set<Store>()

      before(async function () {
        this.timeout(60_000)
        const found = await place()
        if ('missing' in found) {
          console.log(`      not run: ${found.missing}`)
          return this.skip()
        }
        opening = found
      })
      after(() => Promise.all([...opened].map((store) => store.close())))

      tests(async () => {
        if (!opening) throw new Error('There is no database yet.')
        const store = await opening()
        opened.add(store)
        const close = () => {
          opened.delete(store)
          return store.close()
        }
        return { ...store, close }
      })
    })
  }
}
