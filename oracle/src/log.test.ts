import { expect } from 'chai'
import { createLogger, traceOf } from '@coupon-secure/service/log'
import {
  claimOf,
  freshCoupon,
  holder,
  insidePosition,
  messHall,
  oracleKey,
  rehearse,
  signedByHolder,
} from './rehearsal.ts'
import { openLocalStore } from './store.ts'

describe('the log', () => {
  it('holds what happened, and no position, key, holder, signature or body, whatever goes wrong', async function () {
    this.timeout(60_000)
    const lines: string[] = []
    const destination = { write: (line: string) => void lines.push(line) }
    const logger = createLogger({ level: 'debug', destination })
    const store = await openLocalStore()
    const rehearsal = await rehearse({ logger, store })
    const { post, present, app, says, clock } = rehearsal
    const secret = 'a canary that sings'

    await post({ path: '/v1/geofences', body: messHall })
    await post({ path: '/v1/geofences', body: { ...messHall, secret } })
    const good = await rehearsal.readyClaim()
    await present(good) // granted
    await present(good) // used
    await present({ ...good, secret })
    await present(`{"position":{"latitude":26.9362468},"secret":"${secret}"`)
    const outside = { ...insidePosition, latitude: 27.1234567 }
    await present(await rehearsal.readyClaim({ position: outside }))
    await app.request(`/v1/${secret}?latitude=26.9362468`, { headers: { referer: secret } })
    const pairing = await pairingFor(rehearsal)
    const { id, readerToken } = pairing
    const writerToken = `0x${'77'.repeat(32)}` as const
    const answer = `0x${'a7'.repeat(60)}` as const
    await post({ path: '/v1/pairings', body: pairing })
    await post({ path: '/v1/pairings', body: { ...pairing, secret } })
    await post({ path: '/v1/pairings/open', body: { id, writerToken } })
    await post({ path: '/v1/pairings/open', body: { id, writerToken: `0x${'78'.repeat(32)}` } })
    await post({ path: '/v1/pairings/answer', body: { id, writerToken, answer } })
    await post({ path: '/v1/pairings/look', body: { id, readerToken } })
    await post({ path: '/v1/pairings/end', body: { id, readerToken } })
    await post({ path: '/v1/pairings/look', body: { id, readerToken } })
    says.isAway = true
    await present(good)
    says.isAway = false
    clock.now += 60_000
    await present(good)
    await present(await rehearsal.readyClaim({ position: { ...insidePosition, takenAt: 1e12 } }))
    // The database's own errors quote the query and its values.
    const coupon = freshCoupon()
    const challenge = await rehearsal.challengeFor(coupon)
    await store.close()
    const authorisation = await signedByHolder({
      claim: claimOf({ coupon, challenge, positions: [insidePosition] }),
    })
    await present({ ...good, ...coupon, challenge, authorisation })
    await post({ path: '/v1/geofences', body: { ...messHall, salt: `0x${'5b'.repeat(32)}` } })
    await post({ path: '/v1/challenges', body: coupon })
    await post({ path: '/v1/pairings/open', body: { id, writerToken } })
    await post({ path: '/v1/pairings/answer', body: { id, writerToken, answer } })

    const all = lines.join('').replaceAll(/"requestId":"[^"]+"/g, '') // random, so it may hold any digits
    const codes = lines.map((line): string => JSON.parse(line).code).filter(Boolean)
    expect(codes).to.include.members([
      'DOCUMENT_INVALID',
      'CHALLENGE_USED',
      'FIELD_UNKNOWN',
      'JSON_INVALID',
      'OUTSIDE_GEOFENCE',
      'CHAIN_UNAVAILABLE',
      'FIX_STALE',
      'STORE_UNAVAILABLE',
      'PAIRING_TAKEN',
      'PAIRING_OVER',
    ])
    expect(all, 'where the failure was').to.contain('service/src/database.ts')
    for (const canary of [
      secret,
      /\d\d\.\d{4}/, // any coordinate
      /(26936|75924|27123|26935|75923|26937)\d/, // and in integers
      holder.address,
      holder.address.slice(2).toLowerCase(),
      good.challenge,
      challenge,
      good.authorisation.signature.slice(2, 40),
      id.slice(2),
      readerToken.slice(2),
      writerToken.slice(2),
      pairing.request.slice(2),
      answer.slice(2),
      oracleKey.slice(2),
      messHall.salt.slice(2),
      'insert into',
      'accuracyMetres',
    ]) {
      expect(all).not.to.match(canary instanceof RegExp ? canary : new RegExp(canary, 'i'))
    }
  })
})

/** What a wallet's page asks for its other browser, with everything right. */
async function pairingFor({ challengeFor }: Awaited<ReturnType<typeof rehearse>>) {
  const id = `0x${'d1'.repeat(32)}` as const
  const coupon = freshCoupon()
  const challenge = await challengeFor(coupon)
  const claim = { ...claimOf({ coupon, challenge }), evidenceHash: id }
  return {
    ...{ ...coupon, proof: [], challenge, id },
    authorisation: await signedByHolder({ claim }),
    readerToken: `0x${'76'.repeat(32)}`,
    request: `0x${'a6'.repeat(60)}`,
  } as const
}

describe('traceOf', () => {
  it('names kinds, codes and places, and no message', () => {
    const cause = Object.assign(new TypeError('secret of the cause'), { code: 'ECONNREFUSED' })
    const trace = traceOf(new RangeError('secret', { cause }))
    expect(trace.kinds).to.deep.equal(['RangeError', 'TypeError ECONNREFUSED'])
    expect(trace.places[0]).to.contain('log.test.ts')
    expect(JSON.stringify(trace)).not.to.contain('secret')
  })

  it('takes anything', () => {
    for (const thrown of ['secret', null, undefined, { message: 'secret' }]) {
      expect(traceOf(thrown)).to.deep.equal({ kinds: [], places: [] })
    }
    const loop = new Error('loop')
    loop.cause = loop
    expect(traceOf(loop).kinds).to.have.length(8)
  })
})
