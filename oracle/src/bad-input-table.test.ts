import { expect } from 'chai'
import { errorAnswerSchema, refusalAnswerSchema } from '@coupon-secure/protocol/wire'
import { hashGeofence } from '@coupon-secure/protocol/geofence'
import { zeroAddress } from 'viem'
import {
  book,
  browserAt,
  claimOf,
  freshCoupon,
  holder,
  insidePosition,
  messHall,
  NOW,
  openTerms,
  oracleKey,
  rehearse,
  SECONDS,
  signedByHolder,
  stranger,
} from './rehearsal.ts'

// One line for each row of the table of bad inputs, in its order, with what this house answers. More of each kind is in
// app-bad-input.test.ts, app-claims.test.ts and app-presence.test.ts.

type Rehearsal = Awaited<ReturnType<typeof rehearse>>
type Row = [row: number, what: string, status: number, code: string, ask: () => Promise<Response>]

const FIRST_OF_FENCES = 50
const LAST = 60
// Rows that other suites play on a stage of their own.
const ELSEWHERE = new Map([
  [24, 'app-memory.test.ts, protocol/src/giveaway.test.ts'],
  [47, 'app-sources.test.ts, hypertrack.test.ts'],
])

describe('the table of bad inputs', () => {
  let on: Rehearsal
  let good: Awaited<ReturnType<Rehearsal['readyClaim']>>

  before(async function () {
    this.timeout(60_000)
    on = await rehearse()
    await on.post({ path: '/v1/geofences', body: messHall })
    good = await on.readyClaim()
  })
  beforeEach(() => on.reset())

  const say = (body: unknown) => on.present(body)
  const text = (change: object) => say({ ...good, ...change })
  const at = (change: object) => text(browserAt({ ...insidePosition, ...change }))
  const raw = (put: string) => say(JSON.stringify(good).replace(`${insidePosition.latitude}`, put))
  const put = (before: string) => say(JSON.stringify(good).replace('{', `{${before},`))
  const claimed = async (change: object) =>
    say(await on.readyClaim({ position: { ...insidePosition, ...change } }))
  const given = (change: Partial<Rehearsal['says']>) => async () => {
    const ready = await on.readyClaim()
    Object.assign(on.says, change)
    return say(ready)
  }
  const sent = (headers: Record<string, string>, method = 'POST') =>
    on.app.request('/v1/presence', {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'POST' && { body: '{}' }),
    })
  const metre = 1 / 111_195 // degrees of latitude
  const north = 26.937 // the fence's northern edge

  const rows: Row[] = [
    [1, 'an empty body', 400, 'BODY_EMPTY', () => say('')],
    [2, 'broken JSON', 400, 'JSON_INVALID', () => say('{')],
    [3, 'a list', 400, 'BODY_NOT_OBJECT', () => say('[]')],
    [3, 'null', 400, 'BODY_NOT_OBJECT', () => say('null')],
    [4, 'NaN', 400, 'JSON_INVALID', () => raw('NaN')],
    [4, 'Infinity', 400, 'JSON_INVALID', () => raw('Infinity')],
    [5, '1e999', 400, 'LATITUDE_INVALID', () => raw('1e999')],
    [6, 'a latitude of null', 400, 'LATITUDE_INVALID', () => raw('null')],
    [7, 'a latitude in text', 400, 'LATITUDE_INVALID', () => raw('"26.9"')],
    [8, 'a latitude in a list', 400, 'LATITUDE_INVALID', () => raw('[26.9]')],
    [8, 'a latitude of true', 400, 'LATITUDE_INVALID', () => raw('true')],
    [9, 'no latitude', 400, 'FIELD_MISSING', () => at({ latitude: undefined })],
    [10, 'a latitude beyond the pole', 400, 'LATITUDE_INVALID', () => at({ latitude: 90.0000001 })],
    [11, 'a longitude too far', 400, 'LONGITUDE_INVALID', () => at({ longitude: 180.1 })],
    [12, 'null island', 422, 'LOCATION_IMPLAUSIBLE', () => claimed({ longitude: 0, latitude: 0 })],
    // No hint that they may be swapped: it would tell of a fence that may be secret.
    [13, 'swapped', 422, 'OUTSIDE_GEOFENCE', () => claimed({ latitude: 75.92, longitude: 26.93 })],
    [14, 'no accuracy', 400, 'FIELD_MISSING', () => at({ accuracyMetres: undefined })],
    [14, 'an accuracy of null', 400, 'ACCURACY_INVALID', () => at({ accuracyMetres: null })],
    [15, 'an accuracy of nothing', 400, 'ACCURACY_INVALID', () => at({ accuracyMetres: 0 })],
    [16, 'a coarse fix', 422, 'ACCURACY_POOR', () => claimed({ accuracyMetres: 5_000 })],
    [17, 'an old fix', 422, 'FIX_STALE', () => claimed({ takenAt: NOW - 61_000 })],
    [18, 'a fix of later', 422, 'FIX_FROM_FUTURE', () => claimed({ takenAt: NOW + 10_000 })],
    [19, 'a time in seconds', 400, 'TIMESTAMP_UNIT', () => at({ takenAt: SECONDS })],
    [20, 'a time in words', 400, 'TIMESTAMP_INVALID', () => at({ takenAt: 'yesterday' })],
    [20, 'a time of 2^53', 400, 'TIMESTAMP_INVALID', () => at({ takenAt: 2 ** 53 + 2 })],
    [
      21,
      'a challenge twice',
      409,
      'CHALLENGE_USED',
      async () => {
        const ready = await on.readyClaim()
        expect((await say(ready)).status).to.equal(200)
        return say(ready)
      },
    ],
    [
      22,
      'a challenge of long ago',
      410,
      'CHALLENGE_EXPIRED',
      async () => {
        const ready = await on.readyClaim()
        on.clock.now += 60_000
        return say(ready)
      },
    ],
    [
      23,
      'a challenge of another coupon',
      403,
      'CHALLENGE_FOR_ANOTHER',
      async () => {
        const challenge = await on.challengeFor(freshCoupon())
        const coupon = freshCoupon()
        const submitted = browserAt(insidePosition)
        const claim = claimOf({ coupon, challenge, positions: submitted.positions })
        const authorisation = await signedByHolder({ claim })
        return say({ ...coupon, proof: [], challenge, ...submitted, authorisation })
      },
    ],
    [
      25,
      'a metre outside',
      422,
      'OUTSIDE_GEOFENCE',
      () => claimed({ latitude: north + 30 * metre, accuracyMetres: 5.25 }),
    ],
    [
      25,
      'a metre inside, known to 50 m',
      422,
      'TOO_CLOSE_TO_EDGE',
      () => claimed({ latitude: north - metre, accuracyMetres: 50.25 }),
    ],
    [26, 'an unknown field', 400, 'FIELD_UNKNOWN', () => text({ admin: true })],
    [27, '__proto__', 400, 'FIELD_FORBIDDEN', () => put('"__proto__":{"polluted":true}')],
    [28, 'constructor', 400, 'FIELD_FORBIDDEN', () => put('"constructor":{"prototype":{}}')],
    [28, 'toJSON', 400, 'FIELD_FORBIDDEN', () => put('"toJSON":1')],
    [29, 'a key twice', 400, 'JSON_DUPLICATE_KEY', () => put(`"holder":"${holder.address}"`)],
    [30, 'the zero address', 400, 'ADDRESS_ZERO', () => text({ holder: zeroAddress })],
    [
      31,
      'a wrong checksum',
      400,
      'ADDRESS_CHECKSUM',
      () => text({ holder: holder.address.toUpperCase().replace('0X', '0x') }),
    ],
    [32, 'a name for an address', 400, 'ADDRESS_INVALID', () => text({ holder: 'holder.eth' })],
    [33, 'a book of no factory', 404, 'BOOK_UNKNOWN', () => text({ book: holder.address })],
    [34, 'a person for a book', 404, 'BOOK_UNKNOWN', () => text({ book: stranger.address })],
    [35, 'another chain', 400, 'CHAIN_UNSUPPORTED', () => text({ chainId: 1 })],
    [35, 'a chain in text', 400, 'NUMBER_INVALID', () => text({ chainId: '31337' })],
    // A no that was signed for is a signed refusal, whose status is 422.
    [36, 'a used coupon', 422, 'COUPON_REDEEMED', given({ status: 'redeemed' })],
    [36, 'a coupon taken back', 422, 'COUPON_REVOKED', given({ status: 'revoked' })],
    [36, 'a coupon of nobody', 422, 'COUPON_UNKNOWN', given({ status: 'not-issued' })],
    [
      37,
      'too early',
      422,
      'WINDOW_NOT_OPEN',
      given({ terms: { ...openTerms, opensAt: BigInt(SECONDS + 1) } }),
    ],
    [
      37,
      'too late',
      422,
      'WINDOW_CLOSED',
      given({ terms: { ...openTerms, closesAt: BigInt(SECONDS) } }),
    ],
    [
      38,
      'a signature over another coupon',
      401,
      'SIGNATURE_INVALID',
      async () => say({ ...(await on.readyClaim()), authorisation: good.authorisation }),
    ],
    [
      39,
      'a signature of 66 bytes',
      401,
      'SIGNATURE_INVALID',
      () => text({ authorisation: { kind: 'holder', signature: `0x${'11'.repeat(66)}` } }),
    ],
    [
      39,
      'no hexadecimal',
      400,
      'HEX_INVALID',
      () => text({ authorisation: { kind: 'holder', signature: 'yours' } }),
    ],
    [40, 'a megabyte', 413, 'BODY_TOO_LARGE', () => say('x'.repeat(1_000_000))],
    [40, 'ten thousand brackets', 400, 'JSON_TOO_DEEP', () => say('['.repeat(10_000))],
    [41, 'text/plain', 415, 'CONTENT_TYPE', () => sent({ 'content-type': 'text/plain' })],
    [42, 'gzip', 415, 'ENCODING_UNSUPPORTED', () => sent({ 'content-encoding': 'gzip' })],
    [43, 'another page', 403, 'ORIGIN_FORBIDDEN', () => sent({ origin: 'https://evil.example' })],
    [44, 'another method', 405, 'METHOD', () => sent({}, 'PUT')],
    [
      45,
      'a hundred from one wallet',
      429,
      'RATE_LIMITED',
      async () => {
        const coupon = freshCoupon()
        let last = await on.post({ path: '/v1/challenges', body: coupon })
        for (let asked = 1; asked < 100 && last.status === 200; asked++) {
          last = await on.post({ path: '/v1/challenges', body: coupon })
        }
        expect(Number(last.headers.get('retry-after'))).to.be.greaterThan(0)
        return last
      },
    ],
    [46, 'a chain that is away', 503, 'CHAIN_UNAVAILABLE', given({ isAway: true })],
    [48, 'a lone surrogate', 400, 'TEXT_INVALID', () => put('"x":"\\ud800"')],
    [48, 'NUL', 400, 'TEXT_INVALID', () => put('"x":"\\u0000"')],
    [48, 'a ticket in an id', 400, 'NUMBER_INVALID', () => text({ serial: '🎟' })],
    [
      49,
      'a way out of the house',
      404,
      'NOT_FOUND',
      () => on.app.request('/v1/presence/../../etc/passwd'),
    ],
    [49, 'a NUL in the path', 404, 'NOT_FOUND', () => on.app.request('/v1/%00')],
  ]

  const [site] = messHall.sites
  const [shell = []] = site?.rings ?? []
  const [a, b, c, d] = shell
  const fence = (body: unknown) => on.post({ path: '/v1/geofences', body })
  const ringed = (...rings: unknown[]) => fence({ ...messHall, sites: [{ ...site, rings }] })
  const corner = (change: object) => ringed([{ ...a, ...change }, b, c, d])
  const box = ([west, south, east, north]: readonly [number, number, number, number]) => [
    { longitudeE7: west, latitudeE7: south },
    { longitudeE7: east, latitudeE7: south },
    { longitudeE7: east, latitudeE7: north },
    { longitudeE7: west, latitudeE7: north },
  ]
  const hole = box([759_235_000, 269_355_000, 759_245_000, 269_365_000])
  const many = Array.from({ length: 501 }, (_, index) => ({ longitudeE7: index, latitudeE7: 0 }))

  const fences: Row[] = [
    [50, 'a ring of two', 422, 'RING_TOO_SHORT', () => ringed([a, b])],
    [50, 'an empty ring', 422, 'RING_TOO_SHORT', () => ringed([])],
    // In a document a ring is closed by itself; the same point again is a repetition.
    [50, 'a ring closed by hand', 422, 'RING_REPEATED', () => ringed([a, b, c, d, a])],
    [51, 'a bow-tie', 422, 'RING_SELF_CROSSES', () => ringed([a, c, b, d])],
    [52, 'a ring wound twice', 422, 'RING_REPEATED', () => ringed([...shell, ...shell])],
    [
      53,
      'a hole outside its shell',
      422,
      'HOLE_OUTSIDE',
      () => ringed(shell, box([760_000_000, 269_355_000, 760_010_000, 269_365_000])),
    ],
    [
      53,
      'two holes over each other',
      422,
      'HOLE_OVERLAP',
      () => ringed(shell, hole, box([759_240_000, 269_357_000, 759_248_000, 269_363_000])),
    ],
    [54, '501 vertices', 422, 'RING_TOO_LONG', () => ringed(many)],
    [54, 'a megabyte of them', 413, 'BODY_TOO_LARGE', () => ringed(Array(25_000).fill(a))],
    [55, 'hardly any area', 422, 'AREA_TOO_SMALL', () => ringed(box([0, 0, 500, 500]))],
    [
      55,
      'half a country',
      422,
      'AREA_TOO_LARGE',
      () => ringed(box([700_000_000, 200_000_000, 740_000_000, 240_000_000])),
    ],
    [
      56,
      'across the antimeridian',
      422,
      'FENCE_ANTIMERIDIAN',
      () => ringed(box([-1_790_000_000, 0, 1_790_000_000, 10_000])),
    ],
    [56, 'at a pole', 422, 'FENCE_POLAR', () => ringed(box([0, 899_000_000, 10_000, 900_000_000]))],
    [57, 'a vertex of null', 422, 'GEOMETRY_INVALID', () => corner({ longitudeE7: null })],
    [57, 'a vertex in text', 422, 'GEOMETRY_INVALID', () => corner({ longitudeE7: '1' })],
    [57, 'latitude 95', 422, 'GEOMETRY_INVALID', () => corner({ latitudeE7: 950_000_000 })],
    [57, 'a height', 422, 'GEOMETRY_INVALID', () => corner({ altitudeE7: 1 })],
    [57, 'a bbox', 422, 'DOCUMENT_INVALID', () => fence({ ...messHall, bbox: [0, 0, 1, 1] })],
    [57, 'a Point', 422, 'DOCUMENT_INVALID', () => fence({ type: 'Point', coordinates: [1, 2] })],
    [58, 'no salt', 422, 'SALT_INVALID', () => fence({ ...messHall, salt: undefined })],
    [
      58,
      'a salt of zeros',
      422,
      'SALT_INVALID',
      () => fence({ ...messHall, salt: `0x${'00'.repeat(32)}` }),
    ],
    [
      59,
      'a document that the campaign does not use',
      409,
      'GEOFENCE_MISMATCH',
      async () => {
        const coupon = freshCoupon()
        const challenge = await on.challengeFor(coupon)
        const authorisation = await signedByHolder({ claim: claimOf({ coupon, challenge }) })
        on.says.terms = { ...openTerms, geofenceHash: `0x${'44'.repeat(32)}` }
        const path = `/v1/geofences/${hashGeofence(messHall)}/read`
        return on.post({ path, body: { ...coupon, proof: [], challenge, authorisation } })
      },
    ],
    [60, 'a URL for a ring', 422, 'RING_TOO_SHORT', () => ringed('http://169.254.169.254/')],
    [60, 'a file for a document', 400, 'BODY_NOT_OBJECT', () => fence('"file:///etc/passwd"')],
  ]

  for (const [row, what, status, code, ask] of [...rows, ...fences]) {
    it(`${row}: ${what} is ${status} ${code}`, async () => {
      const response = await ask()
      const said = await response.text()
      const answer: unknown = JSON.parse(said)
      const refusal = refusalAnswerSchema.safeParse(answer)
      const told = refusal.success ? refusal.data.code : errorAnswerSchema.parse(answer).error.code
      expect({ status: response.status, code: told }).to.deep.equal({ status, code })
      // The opening of a refusal is the holder's own; what could not be done says nothing back.
      const foreign = refusal.success
        ? JSON.stringify({ ...refusal.data, opening: 0 }, spelled)
        : said
      const secrets = [
        /\.ts:\d/,
        /\n? {4}at /,
        new RegExp(oracleKey.slice(2)),
        new RegExp(messHall.salt),
      ]
      // Whoever registers a fence is told where it crosses itself; nobody else is told anything of one.
      if (row < FIRST_OF_FENCES) secrets.push(/26\.93/, /2693\d{5}/)
      for (const secret of secrets) expect(foreign).not.to.match(secret)
    })
  }

  it('has every row, or names who plays it', () => {
    const played = new Set([...rows, ...fences].map(([row]) => row))
    for (let row = 1; row <= LAST; row++) {
      expect(played.has(row) || ELSEWHERE.has(row), `row ${row}`).to.equal(true)
    }
    expect(fences.every(([row]) => row >= FIRST_OF_FENCES)).to.equal(true)
  })

  it('has polluted no object, and used up no challenge of a claim that was never understood', async () => {
    expect({}).not.to.have.property('polluted')
    expect((await say(good)).status).to.equal(200)
    expect(book).to.equal(good.book)
  })
})

function spelled(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
