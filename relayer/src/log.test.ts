import { expect } from 'chai'
import { createLogger } from '@coupon-secure/service/log'
import { holderAt, openBook, sharedWorld } from './rehearsal.ts'
import { rehearse } from './rehearsal-relayer.ts'
import { openLocalStore } from './store.ts'

describe('the log', function () {
  this.timeout(60_000)

  it('holds what happened, and no signature, statement, key or holder, whatever goes wrong', async () => {
    const lines: string[] = []
    const destination = { write: (line: string) => void lines.push(line) }
    const logger = createLogger({ level: 'debug', destination })
    const world = await sharedWorld()
    const book = await openBook(world)
    const key = await world.fundedKey()
    const store = await openLocalStore()
    const relayer = await rehearse({ world, key, store, logger, stuckAfter: 1 })
    const [good, bad, late] = await Promise.all([
      book.signed({ seat: 0, campaignId: 2n }),
      book.signed({ seat: 1, isVouched: true, campaignId: 2n }),
      book.signed({ seat: 2 }),
    ])
    const { digest } = await relayer.take(good)
    await relayer.take(good)
    await relayer.take({ ...bad, site: 2 }).catch(() => undefined)
    await relayer.bring({ ...bad, secret: good.signature })
    await relayer.bring(`{"signature":"${good.signature}"`)
    await world.ask('evm_setAutomine', false)
    await relayer.worker.turn()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await relayer.worker.turn() // replaced
    await world.ask('evm_setAutomine', true)
    await world.ask('anvil_mine', '0x1')
    await relayer.workUntil({ digest, state: 'final' })
    const sees = { headers: { referer: good.signature } }
    await relayer.ask(`/v1/redemptions/${digest}?holder=${good.holder}`, sees)
    await store.close() // the database's own errors quote the query and its values
    await relayer.bring(late)
    await relayer.ask(`/v1/redemptions/${digest}`)

    const all = lines.join('').replaceAll(/"requestId":"[^"]+"/g, '')
    const codes = lines.map((line): string => JSON.parse(line).code).filter(Boolean)
    expect(codes).to.include.members(['FIELD_UNKNOWN', 'JSON_INVALID', 'STORE_UNAVAILABLE'])
    expect(all).to.contain('"sent"').and.to.contain('in a block').and.to.contain('made dearer')
    const [statement] = good.statements
    for (const canary of [
      key,
      digest,
      good.signature,
      late.signature,
      good.holder,
      holderAt(2).address,
      good.proof[0] ?? '',
      statement?.r ?? '',
      statement?.vs ?? '',
      statement?.evidenceHash ?? '',
      statement?.geofenceHash ?? '',
    ]) {
      expect(canary).to.have.length.greaterThan(20)
      expect(all.toLowerCase()).not.to.contain(canary.slice(2, 34).toLowerCase())
    }
    expect(all).not.to.contain('insert into')
  })
})
