import { hashEvidence, RULESET } from '@coupon-secure/protocol/evidence'
import {
  defaultPolicy,
  type GeofenceDocument,
  hashGeofence,
} from '@coupon-secure/protocol/geofence'
import { submissionFrom } from '@coupon-secure/protocol/wire-evidence'
import { expect } from 'chai'
import { type OracleLine, readGeofence, vouchFor } from './oracle.ts'

const word = (byte: string) => `0x${byte.repeat(32)}` as const
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const stranger = '0x825cc5DcC5CB41028e011331F073b5F02C2e3CcA'
const coupon = {
  campaignId: 2n,
  serial: 7n,
  holder,
  proof: [word('0a')],
  root: word('0b'),
} as const
const held = { ...coupon, proof: [...coupon.proof] }
const position = { longitude: 75, latitude: 26, accuracyMetres: 5, takenAt: 1.8e12 }
const geofenceHash = word('33')
const challenge = word('44')
const { source, fixes } = submissionFrom({ source: 'browser', positions: [position] })
const opening = { ruleset: RULESET, challenge, evidence: { source, fixes } }
const evidenceHash = hashEvidence(opening)
const presence = {
  campaignId: '2',
  serial: '7',
  holder,
  site: 1,
  geofenceHash,
  observedAt: '1800000000',
  validUntil: '1800000300',
  evidenceHash,
}
const statement = {
  r: word('05'),
  vs: word('06'),
  geofenceHash,
  observedAt: '1800000000',
  validUntil: '1800000300',
  evidenceHash,
}
const logged = { index: 4, loggedAt: 1_800_000_000 }
const grant = { granted: true, presence, site: 1, statement, opening, logged }
const refusal = {
  campaignId: '2',
  serial: '7',
  holder,
  code: 'OUTSIDE_GEOFENCE',
  refusedAt: '1800000000',
  evidenceHash,
}
const refused = {
  granted: false,
  code: 'OUTSIDE_GEOFENCE',
  message: '?',
  requestId: 'r',
  refusal,
  signature: `0x${'ab'.repeat(65)}`,
  opening,
  logged,
}
const document: GeofenceDocument = {
  version: 1,
  readers: 'holders',
  salt: word('07'),
  policy: defaultPolicy,
  sites: [
    {
      number: 1,
      name: 'Mess hall',
      rings: [
        [
          { longitudeE7: 0, latitudeE7: 0 },
          { longitudeE7: 10_000, latitudeE7: 0 },
          { longitudeE7: 10_000, latitudeE7: 10_000 },
        ],
      ],
    },
  ],
}

const elsewhere = { source, fixes: fixes.map((fix) => ({ ...fix, latitudeE7: 0 })) }

/** What a grant would say that was given for other evidence, all of it in agreement. */
function openedBy(change: { ruleset?: string; evidence?: typeof elsewhere }) {
  const opened = { ...opening, ...change }
  const hash = hashEvidence(opened)
  return {
    opening: opened,
    presence: { ...presence, evidenceHash: hash },
    statement: { ...statement, evidenceHash: hash },
  }
}

/** An oracle that answers by path; what it does not know, it does not answer. */
function oracle(answers: Record<string, unknown>) {
  const bodies: Record<string, unknown> = {}
  const line: OracleLine = {
    url: 'https://oracle.example',
    pocket: { chainId: 31337, book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E', holder },
    authorise: () => Promise.resolve({ kind: 'holder', signature: `0x${'ab'.repeat(65)}` }),
    fetch: (url, init) => {
      const { pathname } = new URL(url)
      bodies[pathname] = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
      return pathname in answers
        ? Promise.resolve(Response.json(answers[pathname]))
        : Promise.reject(new TypeError('failed to fetch'))
    },
  }
  return { line, bodies }
}

const challenged = { '/v1/challenges': { challenge, expiresAt: 1_800_000_060 } }

function vouch(answer: unknown) {
  const { line, bodies } = oracle({ ...challenged, '/v1/presence': answer })
  return {
    vouching: vouchFor({
      line,
      coupon: held,
      geofenceHash,
      position,
      showing: { source: 'browser' },
    }),
    bodies,
  }
}

describe('vouchFor', () => {
  it('brings back the site and the statement', async () => {
    const answer = await vouch(grant).vouching
    expect(answer).to.have.nested.property('vouched.site', 1)
    expect(answer).to.have.nested.property('vouched.statements[0].observedAt', 1_800_000_000n)
  })

  it('sends the coupon, its proof, the position and what signs for them', async () => {
    const { vouching, bodies } = vouch(grant)
    await vouching
    expect(bodies['/v1/presence']).to.deep.include({
      campaignId: '2',
      serial: '7',
      proof: [word('0a')],
      challenge,
      source: 'browser',
      positions: [position],
    })
  })

  it('says why the oracle refuses, in our own words, and brings back what it signed', async () => {
    const answer = await vouch(refused).vouching
    expect(!answer.granted && answer.failure).to.deep.equal({
      code: 'OUTSIDE_GEOFENCE',
      sentence: 'You are not at the place where this coupon is used.',
    })
    expect(!answer.granted && answer.refused?.refusal).to.deep.equal({
      ...refusal,
      campaignId: 2n,
      serial: 7n,
      refusedAt: 1_800_000_000n,
    })
  })

  for (const [name, changed] of [
    ['another coupon', { refusal: { ...refusal, serial: '8' } }],
    ['another campaign', { refusal: { ...refusal, campaignId: '3' } }],
    ['another holder', { refusal: { ...refusal, holder: stranger } }],
    ['another reason', { refusal: { ...refusal, code: 'FIX_STALE' } }],
    ['other evidence', { refusal: { ...refusal, evidenceHash: word('35') } }],
    ['an opening of something else', { opening: { ...opening, challenge: word('36') } }],
    ['nothing', { signature: undefined }],
  ] as const) {
    it(`does not keep a refusal that is signed for ${name}`, async () => {
      const answer = await vouch({ ...refused, ...changed }).vouching
      expect(!answer.granted && answer.failure.code).to.equal('ORACLE_ANSWER_STRANGE')
      expect(answer).not.to.have.property('refused')
    })
  }

  it('passes on what the oracle says it could not do', async () => {
    const error = { code: 'RATE_LIMITED', message: 'Wait a moment.', requestId: 'r' }
    const answer = await vouch({ error }).vouching
    expect(!answer.granted && answer.failure.code).to.equal('RATE_LIMITED')
  })

  for (const [name, changed] of [
    ['another coupon', { presence: { ...presence, serial: '8' } }],
    ['another holder', { presence: { ...presence, holder: stranger } }],
    ['another geofence', { presence: { ...presence, geofenceHash: word('34') } }],
    ['a geofence that was not said', { statement: { ...statement, geofenceHash: word('34') } }],
    ['another site', { site: 2 }],
    ['other evidence', { statement: { ...statement, evidenceHash: word('35') } }],
    ['an opening of something else', { opening: { ...opening, challenge: word('36') } }],
    ['rules that we do not know', openedBy({ ruleset: 'coupon-secure/9' })],
    ['a place where we said we were not', openedBy({ evidence: elsewhere })],
    ['another time', { statement: { ...statement, validUntil: '1800000999' } }],
  ] as const) {
    it(`does not believe a statement for ${name}`, async () => {
      const answer = await vouch({ ...grant, ...changed }).vouching
      expect(!answer.granted && answer.failure.code).to.equal('ORACLE_ANSWER_STRANGE')
    })
  }

  it('says so when the oracle is away', async () => {
    const { line } = oracle({})
    const answer = await vouchFor({
      line,
      coupon: held,
      geofenceHash,
      position,
      showing: { source: 'browser' },
    })
    expect(!answer.granted && answer.failure.code).to.equal('ORACLE_AWAY')
  })
})

describe('readGeofence', () => {
  const hash = hashGeofence(document)

  it('reads a document as a holder', async () => {
    const { line } = oracle({ ...challenged, [`/v1/geofences/${hash}/read`]: document })
    const read = await readGeofence({ line, geofenceHash: hash, coupon: held })
    expect(read.ok && read.document).to.deep.equal(document)
  })

  it('does not believe a document that has another hash', async () => {
    const moved = { ...document, salt: word('08') }
    const { line } = oracle({ ...challenged, [`/v1/geofences/${hash}/read`]: moved })
    const read = await readGeofence({ line, geofenceHash: hash, coupon: held })
    expect(!read.ok && read.failure.code).to.equal('ORACLE_ANSWER_STRANGE')
  })

  it('asks plainly where nobody has signed in', async () => {
    const error = { code: 'READERS_ONLY', message: 'Only holders.', requestId: 'r' }
    const { line } = oracle({ [`/v1/geofences/${hash}`]: { error } })
    const { fetch, url, pocket } = line
    const read = await readGeofence({
      line: { fetch, url, pocket },
      geofenceHash: hash,
      coupon: held,
    })
    expect(!read.ok && read.failure.code).to.equal('READERS_ONLY')
  })
})
