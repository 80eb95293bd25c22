import { expect } from 'chai'
import { expectProblem } from './expectations.ts'
import { book, freshCoupon, holder, insidePosition, messHall, rehearse, WEB } from './rehearsal.ts'

const shouted = holder.address.toUpperCase().replace('0X', '0x')
const twisted = holder.address.replace(/[a-f]/, (letter) => letter.toUpperCase())

describe('oracle: bad input', () => {
  let rehearsal: Awaited<ReturnType<typeof rehearse>>
  let good: Awaited<ReturnType<typeof rehearsal.readyClaim>>

  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse()
    await rehearsal.post({ path: '/v1/geofences', body: messHall })
    good = await rehearsal.readyClaim()
  })
  after(async () => {
    expect({}, 'every object').not.to.have.property('polluted')
    const last = await rehearsal.present(good)
    expect(last.status, 'and nothing of all that used the challenge up').to.equal(200)
  })

  const text = (change: object) => JSON.stringify({ ...good, ...change })
  const at = (change: object) => text({ positions: [{ ...insidePosition, ...change }] })
  const written = ({ member, as }: { member: string; as: string }) =>
    at({ [member]: 'HERE' }).replace('"HERE"', as)

  const bodies: [
    what: string,
    body: () => string,
    code: string,
    field?: string,
    status?: number,
  ][] = [
    // 1 to 4
    ['an empty body', () => '', 'BODY_EMPTY'],
    ['half a body', () => '{', 'JSON_INVALID'],
    ['a list', () => '[]', 'BODY_NOT_OBJECT'],
    ['text', () => '"x"', 'BODY_NOT_OBJECT'],
    ['a number', () => '42', 'BODY_NOT_OBJECT'],
    ['null', () => 'null', 'BODY_NOT_OBJECT'],
    ['NaN', () => written({ member: 'latitude', as: 'NaN' }), 'JSON_INVALID'],
    ['Infinity', () => written({ member: 'latitude', as: 'Infinity' }), 'JSON_INVALID'],
    // 5 to 11
    [
      '1e999',
      () => written({ member: 'latitude', as: '1e999' }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    [
      'a latitude of null',
      () => at({ latitude: null }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    [
      'a latitude in text',
      () => at({ latitude: '12.9' }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    [
      'a latitude in a list',
      () => at({ latitude: [12.9] }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    [
      'a latitude in an object',
      () => at({ latitude: {} }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    [
      'a latitude of true',
      () => at({ latitude: true }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    ['no latitude', () => at({ latitude: undefined }), 'FIELD_MISSING', 'positions.0.latitude'],
    [
      'a latitude beyond the pole',
      () => at({ latitude: 90.0000001 }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    [
      'a latitude beyond the other',
      () => at({ latitude: -91 }),
      'LATITUDE_INVALID',
      'positions.0.latitude',
    ],
    [
      'a longitude beyond half a turn',
      () => at({ longitude: 180.1 }),
      'LONGITUDE_INVALID',
      'positions.0.longitude',
    ],
    [
      'a longitude of a turn and a half',
      () => at({ longitude: 540 }),
      'LONGITUDE_INVALID',
      'positions.0.longitude',
    ],
    // 14, 15
    [
      'no accuracy',
      () => at({ accuracyMetres: undefined }),
      'FIELD_MISSING',
      'positions.0.accuracyMetres',
    ],
    [
      'an accuracy of null',
      () => at({ accuracyMetres: null }),
      'ACCURACY_INVALID',
      'positions.0.accuracyMetres',
    ],
    [
      'an accuracy of nothing',
      () => at({ accuracyMetres: 0 }),
      'ACCURACY_INVALID',
      'positions.0.accuracyMetres',
    ],
    [
      'an accuracy below nothing',
      () => at({ accuracyMetres: -5 }),
      'ACCURACY_INVALID',
      'positions.0.accuracyMetres',
    ],
    // 19, 20
    [
      'a time in seconds',
      () => at({ takenAt: 1_800_000_000 }),
      'TIMESTAMP_UNIT',
      'positions.0.takenAt',
    ],
    [
      'a time in words',
      () => at({ takenAt: 'yesterday' }),
      'TIMESTAMP_INVALID',
      'positions.0.takenAt',
    ],
    [
      'half a millisecond',
      () => at({ takenAt: 1_800_000_000_000.5 }),
      'TIMESTAMP_INVALID',
      'positions.0.takenAt',
    ],
    ['a time before all', () => at({ takenAt: -1 }), 'TIMESTAMP_INVALID', 'positions.0.takenAt'],
    [
      'a time beyond integers',
      () => at({ takenAt: 2 ** 53 + 2 }),
      'TIMESTAMP_INVALID',
      'positions.0.takenAt',
    ],
    // 26 to 29
    ['a field that is not known', () => text({ admin: true }), 'FIELD_UNKNOWN', 'admin'],
    ['one further in', () => at({ altitude: 431 }), 'FIELD_UNKNOWN', 'positions.0.altitude'],
    [
      '__proto__',
      () => text({}).replace('{', '{"__proto__":{"polluted":true},'),
      'FIELD_FORBIDDEN',
      '__proto__',
    ],
    [
      'constructor',
      () => text({ constructor: { prototype: { polluted: true } } }),
      'FIELD_FORBIDDEN',
      'constructor',
    ],
    ['toJSON', () => text({}).replace('{', '{"toJSON":1,'), 'FIELD_FORBIDDEN', 'toJSON'],
    ['hasOwnProperty', () => text({ hasOwnProperty: 1 }), 'FIELD_FORBIDDEN', 'hasOwnProperty'],
    [
      'a key twice',
      () => text({}).replace('"latitude"', '"latitude":1,"latitude"'),
      'JSON_DUPLICATE_KEY',
      'latitude',
    ],
    // 30 to 32
    ['the zero address', () => text({ holder: `0x${'0'.repeat(40)}` }), 'ADDRESS_ZERO', 'holder'],
    ['a wrong checksum', () => text({ holder: twisted }), 'ADDRESS_CHECKSUM', 'holder'],
    [
      'an address of 39 digits',
      () => text({ holder: holder.address.slice(0, -1) }),
      'ADDRESS_INVALID',
      'holder',
    ],
    [
      'an address of 41 digits',
      () => text({ holder: `${holder.address}0` }),
      'ADDRESS_INVALID',
      'holder',
    ],
    [
      'an address with 0X',
      () => text({ holder: holder.address.replace('0x', '0X') }),
      'ADDRESS_INVALID',
      'holder',
    ],
    [
      'an address with a blank',
      () => text({ holder: ` ${holder.address}` }),
      'ADDRESS_INVALID',
      'holder',
    ],
    ['a name for an address', () => text({ holder: 'holder.eth' }), 'ADDRESS_INVALID', 'holder'],
    ['no book', () => text({ book: undefined }), 'FIELD_MISSING', 'book'],
    // 33 to 35
    ['a book that is none', () => text({ book: holder.address }), 'BOOK_UNKNOWN', 'book', 404],
    ['another chain', () => text({ chainId: 1 }), 'CHAIN_UNSUPPORTED', 'chainId'],
    ['a chain in text', () => text({ chainId: '31337' }), 'NUMBER_INVALID', 'chainId'],
    ['chain 0', () => text({ chainId: 0 }), 'NUMBER_INVALID', 'chainId'],
    ['a chain of 2^64', () => text({ chainId: 2 ** 64 }), 'NUMBER_INVALID', 'chainId'],
    // serials and proofs
    ['a serial that is a number', () => text({ serial: 1 }), 'NUMBER_INVALID', 'serial'],
    ['a serial with a sign', () => text({ serial: '-1' }), 'NUMBER_INVALID', 'serial'],
    ['a serial in hex', () => text({ serial: '0x1' }), 'NUMBER_INVALID', 'serial'],
    ['a serial with a zero before it', () => text({ serial: '01' }), 'NUMBER_INVALID', 'serial'],
    [
      'a serial of 2^256',
      () => text({ serial: (2n ** 256n).toString() }),
      'NUMBER_INVALID',
      'serial',
    ],
    [
      'a proof of nine',
      () => text({ proof: Array(9).fill(`0x${'11'.repeat(20)}`) }),
      'FIELD_INVALID',
      'proof',
    ],
    ['half a node in a proof', () => text({ proof: ['0x1111'] }), 'HEX_INVALID', 'proof.0'],
    ['a proof of text', () => text({ proof: '0x' }), 'FIELD_INVALID', 'proof'],
    // 39
    [
      'no signature',
      () => text({ authorisation: { kind: 'holder' } }),
      'FIELD_MISSING',
      'authorisation.signature',
    ],
    ['an empty signature', () => text(signedAs('0x')), 'HEX_INVALID', 'authorisation.signature'],
    [
      'a signature in words',
      () => text(signedAs('yours truly')),
      'HEX_INVALID',
      'authorisation.signature',
    ],
    [
      'a signature of 64 bytes',
      () => text(signedAs(`0x${'11'.repeat(64)}`)),
      'SIGNATURE_INVALID',
      undefined,
      401,
    ],
    [
      'a signature of 66 bytes',
      () => text(signedAs(`0x${'11'.repeat(66)}`)),
      'SIGNATURE_INVALID',
      undefined,
      401,
    ],
    [
      'no such authorisation',
      () => text({ authorisation: { kind: 'admin' } }),
      'FIELD_INVALID',
      'authorisation.kind',
    ],
    // 40
    [
      'a body of 1 MB',
      () => text({ proof: ['x'.repeat(1_000_000)] }),
      'BODY_TOO_LARGE',
      undefined,
      413,
    ],
    ['ten thousand brackets', () => '['.repeat(10_000), 'JSON_TOO_DEEP'],
    // 48
    ['a lone surrogate', () => text({}).replace('"1"', '"\\ud800"'), 'TEXT_INVALID'],
    ['NUL', () => text({}).replace('"1"', '"\\u0000"'), 'TEXT_INVALID'],
    ['a ticket for a serial', () => text({ serial: '🎟' }), 'NUMBER_INVALID', 'serial'],
  ]
  for (const [what, body, code, field, status = 400] of bodies) {
    it(`refuses ${what} as ${code}`, async () => {
      const response = await rehearsal.present(body())
      const answer = await expectProblem({ response, status, code })
      expect(answer.field).to.equal(field)
      expect(answer.message, 'no coordinate comes back').not.to.match(/26\.9|75\.9/)
    })
  }

  it('takes an address in capitals only where no letter is small', async () => {
    const response = await rehearsal.present(text({ holder: shouted }))
    await expectProblem({ response, status: 400, code: 'ADDRESS_CHECKSUM' })
  })

  const headers: [what: string, headers: Record<string, string>, code: string, status: number][] = [
    // 41 to 43
    ['text/plain', { 'content-type': 'text/plain' }, 'CONTENT_TYPE', 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'CONTENT_TYPE', 415],
    ['nearly JSON', { 'content-type': 'application/json5' }, 'CONTENT_TYPE', 415],
    [
      'another charset',
      { 'content-type': 'application/json; charset=utf-16' },
      'CONTENT_TYPE',
      415,
    ],
    ['no content type', { 'content-type': '' }, 'CONTENT_TYPE', 415],
    ['gzip', { 'content-encoding': 'gzip' }, 'ENCODING_UNSUPPORTED', 415],
    ['another page', { origin: 'https://evil.example' }, 'ORIGIN_FORBIDDEN', 403],
    ['a length that is too long', { 'content-length': '70000' }, 'BODY_TOO_LARGE', 413],
  ]
  for (const [what, change, code, status] of headers) {
    it(`refuses ${what} as ${code}, before it looks at the body`, async () => {
      const response = await rehearsal.app.request('/v1/presence', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...change },
        body: 'NOT JSON, NOT EVEN LOOKED AT',
      })
      await expectProblem({ response, status, code })
    })
  }

  it('refuses bytes that are no UTF-8', async () => {
    const response = await rehearsal.app.request('/v1/presence', {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', origin: WEB },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    })
    await expectProblem({ response, status: 400, code: 'TEXT_INVALID' })
  })

  it('refuses the same in a request for a challenge', async () => {
    const coupon = freshCoupon()
    for (const [body, code] of [
      ['', 'BODY_EMPTY'],
      ['[]', 'BODY_NOT_OBJECT'],
      [{ ...coupon, extra: 1 }, 'FIELD_UNKNOWN'],
      [{ ...coupon, holder: '0x12' }, 'ADDRESS_INVALID'],
      [{ ...coupon, campaignId: 1 }, 'NUMBER_INVALID'],
    ] as const) {
      const response = await rehearsal.post({ path: '/v1/challenges', body })
      await expectProblem({ response, status: 400, code })
    }
  })

  it('refuses the same in a request for a document', async () => {
    const read = { ...good, source: undefined, positions: undefined }
    const path = `/v1/geofences/0x${'11'.repeat(32)}/read`
    for (const [body, code] of [
      ['', 'BODY_EMPTY'],
      [good, 'FIELD_UNKNOWN'],
      [{ ...read, proof: ['0x12'] }, 'HEX_INVALID'],
      [{ ...read, challenge: undefined }, 'FIELD_MISSING'],
    ] as const) {
      const response = await rehearsal.post({ path, body })
      await expectProblem({ response, status: 400, code })
    }
  })

  describe('in a geofence document', () => {
    const [site] = messHall.sites
    const [shell = []] = site?.rings ?? []
    const [a, b, c, d] = shell
    const ringed = (...rings: unknown[]) => ({ ...messHall, sites: [{ ...site, rings }] })
    const moved = (change: object) => ringed([{ ...a, ...change }, b, c, d])
    const many = Array.from({ length: 501 }, (_, index) => ({ longitudeE7: index, latitudeE7: 0 }))

    const documents: [what: string, document: unknown, code: string, status?: number][] = [
      ['nothing in it', {}, 'DOCUMENT_INVALID'],
      ['a ring of two', ringed([a, b]), 'RING_TOO_SHORT'],
      ['an empty ring', ringed([]), 'RING_TOO_SHORT'],
      ['a bow-tie', ringed([a, c, b, d]), 'RING_SELF_CROSSES'],
      ['a ring wound twice', ringed([...shell, ...shell]), 'RING_REPEATED'],
      ['a hole outside', ringed(shell, shell.map(eastward)), 'HOLE_OUTSIDE'],
      ['501 vertices', ringed(many), 'RING_TOO_LONG'],
      ['nine rings', ringed(...Array(9).fill(shell)), 'TOO_MANY_RINGS'],
      ['65 sites', { ...messHall, sites: Array(65).fill({ rings: [] }) }, 'TOO_MANY_SITES'],
      ['hardly any area', ringed(shell.map(shrunk)), 'AREA_TOO_SMALL'],
      ['half a vertex', moved({ longitudeE7: 0.5 }), 'GEOMETRY_INVALID'],
      ['a vertex in text', moved({ longitudeE7: '1' }), 'GEOMETRY_INVALID'],
      ['a vertex of null', moved({ longitudeE7: null }), 'GEOMETRY_INVALID'],
      ['a vertex with a height', moved({ altitudeE7: 1 }), 'GEOMETRY_INVALID'],
      ['a URL for a ring', ringed('http://169.254.169.254/'), 'RING_TOO_SHORT'],
      ['no salt', { ...messHall, salt: undefined }, 'SALT_INVALID'],
      ['a salt of zeros', { ...messHall, salt: `0x${'00'.repeat(32)}` }, 'SALT_INVALID'],
      ['a short salt', { ...messHall, salt: '0x12' }, 'SALT_INVALID'],
      ['no policy', { ...messHall, policy: {} }, 'POLICY_INVALID'],
      ['a bbox', { ...messHall, bbox: [0, 0, 1, 1] }, 'DOCUMENT_INVALID'],
      ['69 kB', { ...messHall, name: 'x'.repeat(69_000) }, 'BODY_TOO_LARGE', 413],
      ['a list around it', [messHall], 'BODY_NOT_OBJECT', 400],
    ]
    for (const [what, document, code, status = 422] of documents) {
      it(`refuses ${what} as ${code}`, async () => {
        const response = await rehearsal.post({ path: '/v1/geofences', body: document })
        const answer = await expectProblem({ response, status, code })
        if (status === 422) expect(answer.problems?.[0]?.code).to.equal(code)
      })
    }
  })
})

function signedAs(signature: string) {
  return { book, authorisation: { kind: 'holder', signature } }
}

type Corner = { longitudeE7: number; latitudeE7: number }

function eastward({ longitudeE7, latitudeE7 }: Corner): Corner {
  return { longitudeE7: longitudeE7 + 100_000, latitudeE7 }
}

function shrunk({ longitudeE7, latitudeE7 }: Corner): Corner {
  const towards = ({ from, to }: { from: number; to: number }) => to + Math.round((from - to) / 40)
  return {
    longitudeE7: towards({ from: longitudeE7, to: 759_241_000 }),
    latitudeE7: towards({ from: latitudeE7, to: 269_360_000 }),
  }
}
