import {
  defaultPolicy,
  type GeofenceDocument,
  hashGeofence,
} from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { askOracle, knowsGeofence, readGeofence, registerGeofence } from './oracle-client.ts'

const oracleUrl = 'https://oracle.example'
const document: GeofenceDocument = {
  version: 1,
  readers: 'holders',
  salt: `0x${'11'.repeat(32)}`,
  policy: defaultPolicy,
  sites: [
    {
      number: 1,
      name: 'Mess hall',
      rings: [
        [
          { longitudeE7: 759233000, latitudeE7: 269356000 },
          { longitudeE7: 759239000, latitudeE7: 269356000 },
          { longitudeE7: 759239000, latitudeE7: 269361000 },
        ],
      ],
    },
  ],
}
const answering =
  ({ body, status = 200 }: { body: unknown; status?: number }): typeof fetch =>
  () =>
    Promise.resolve(Response.json(body, { status }))

describe('registerGeofence', () => {
  it('gives the hash when the oracle’s is ours', async () => {
    const fetch = answering({ body: { geofenceHash: hashGeofence(document) }, status: 201 })
    expect(await registerGeofence({ oracleUrl, document, fetch })).to.deep.equal({
      ok: true,
      answer: hashGeofence(document),
    })
  })

  it('refuses another hash', async () => {
    const fetch = answering({ body: { geofenceHash: `0x${'22'.repeat(32)}` } })
    expect(await registerGeofence({ oracleUrl, document, fetch })).to.include({
      ok: false,
      code: 'ORACLE_HASH_DIFFERS',
    })
  })

  it('hands on the oracle’s own refusal', async () => {
    const error = { code: 'RING_OPEN', message: 'The ring is open.', requestId: 'r1' }
    const fetch = answering({ body: { error }, status: 422 })
    expect(await registerGeofence({ oracleUrl, document, fetch })).to.deep.equal({
      ok: false,
      code: 'RING_OPEN',
      sentence: 'The ring is open.',
    })
  })
})

describe('readGeofence', () => {
  const hash = hashGeofence(document)
  it('gives the document that the hash promises, and no other', async () => {
    const read = await readGeofence({ oracleUrl, hash, fetch: answering({ body: document }) })
    expect(read.ok && read.answer.sites).to.deep.equal(document.sites)
    const other = { ...document, salt: `0x${'22'.repeat(32)}` }
    for (const body of [other, {}, null]) {
      expect(await readGeofence({ oracleUrl, hash, fetch: answering({ body }) })).to.include({
        ok: false,
        code: 'ORACLE_UNREADABLE',
      })
    }
  })

  it('says what to do where only holders may read it', async () => {
    const error = { code: 'READERS_ONLY', message: 'No.', requestId: 'r1' }
    const read = await readGeofence({
      oracleUrl,
      hash,
      fetch: answering({ body: { error }, status: 403 }),
    })
    expect(read).to.include({ ok: false, code: 'READERS_ONLY' })
    expect(read).to.have.property('sentence').that.contains('Load the file')
  })
})

describe('askOracle', () => {
  it('says when nobody answers', async () => {
    const fetch: typeof globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await askOracle({ oracleUrl, fetch })).to.include({ ok: false, code: 'ORACLE_AWAY' })
  })

  it('does not take another server for an oracle', async () => {
    const fetch = answering({ body: { hello: 'world' } })
    expect(await askOracle({ oracleUrl, fetch })).to.include({ code: 'ORACLE_UNREADABLE' })
  })
})

describe('knowsGeofence', () => {
  const knows = (fetch: typeof globalThis.fetch) =>
    knowsGeofence({ oracleUrl, hash: hashGeofence(document), fetch })
  const refusing = (code: string, status: number) =>
    answering({ body: { error: { code, message: 'No.', requestId: 'r1' } }, status })

  it('is so where it may be read, or by holders alone, and not where it was never given', async () => {
    expect(await knows(answering({ body: document }))).to.equal(true)
    expect(await knows(refusing('READERS_ONLY', 403))).to.equal(true)
    expect(await knows(refusing('GEOFENCE_UNKNOWN', 404))).to.equal(false)
  })

  it('is left open where the oracle does not say', async () => {
    expect(await knows(refusing('BUSY', 503))).to.equal(null)
    expect(await knows(() => Promise.reject(new TypeError('Failed to fetch')))).to.equal(null)
  })
})
