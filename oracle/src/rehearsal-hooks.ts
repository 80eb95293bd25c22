import type { Context } from 'mocha'
import { sharedPostgres } from '@coupon-secure/service/rehearsal-postgres'
import { closeSharedStore } from './rehearsal-store.ts'

/** For mocha's --require, where TEST_STORE is `postgresql`: tells plainly when there is no such server to be had. */
export const mochaHooks = {
  beforeAll: async function (this: Context) {
    this.timeout(60_000)
    const postgres = await sharedPostgres()
    if (!('missing' in postgres)) return
    console.log(`Not run on PostgreSQL: ${postgres.missing}.`)
    this.skip()
  },
  afterAll: closeSharedStore,
}
