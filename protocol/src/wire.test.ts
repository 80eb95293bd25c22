import { expect } from 'chai'
import * as z from 'zod/mini'
import { errorSentenceFor } from './wire-errors.ts'
import { readWire } from './wire-fields.ts'
import {
  authorisationSchema,
  challengeRequestSchema,
  errorAnswerSchema,
  presenceAnswerSchema,
  presenceRequestSchema,
  sentenceFor,
} from './wire.ts'

const HOLDER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const WORD = `0x${'5a'.repeat(32)}`
const NODE = `0x${'5b'.repeat(20)}` as const
const position = {
  longitude: 75.9235,
  latitude: 26.9359,
  accuracyMetres: 20.5,
  takenAt: 2_000_000_000_000,
}
const request = {
  chainId: 31337,
  book: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  campaignId: '7',
  serial: '529',
  holder: HOLDER,
  proof: [NODE],
  challenge: WORD,
  source: 'browser',
  positions: [position],
  authorisation: { kind: 'holder', signature: `0x${'11'.repeat(65)}` },
}
const statement = {
  r: WORD,
  vs: WORD,
  geofenceHash: WORD,
  observedAt: '2000000000',
  validUntil: '2000000300',
  evidenceHash: WORD,
}
const opening = {
  ruleset: 'coupon-secure/2',
  challenge: WORD,
  evidence: { source: 'browser', fixes: [] },
}
const grant = {
  granted: true,
  presence: {
    campaignId: '7',
    serial: '529',
    holder: HOLDER,
    site: 1,
    geofenceHash: WORD,
    observedAt: '2000000000',
    validUntil: '2000000300',
    evidenceHash: WORD,
  },
  site: 1,
  statement,
  logged: { index: 12, loggedAt: 2_000_000_000 },
  opening,
}

describe('wire', () => {
  describe('presence request', () => {
    it('becomes bigints inside and text again outside', () => {
      const read = readWire({ schema: presenceRequestSchema, json: request })
      if (!read.ok) expect.fail(JSON.stringify(read.problems))
      expect(read.value.campaignId).to.equal(7n)
      expect(read.value.serial).to.equal(529n)
      expect(z.encode(presenceRequestSchema, read.value)).to.deep.equal(request)
    })

    const refused: [string, string, string, unknown][] = [
      ['null', 'BODY_NOT_OBJECT', '', null],
      ['a list', 'BODY_NOT_OBJECT', '', []],
      ['text', 'BODY_NOT_OBJECT', '', 'x'],
      ['an unknown field', 'FIELD_UNKNOWN', 'x', { ...request, x: 1 }],
      ['__proto__', 'FIELD_FORBIDDEN', '__proto__', withKey('__proto__')],
      ['constructor', 'FIELD_FORBIDDEN', 'constructor', withKey('constructor')],
      ['toJSON', 'FIELD_FORBIDDEN', 'toJSON', withKey('toJSON')],
      ['no holder', 'FIELD_MISSING', 'holder', without('holder')],
      ['no positions', 'FIELD_MISSING', 'positions', without('positions')],
      ['a chain as text', 'NUMBER_INVALID', 'chainId', { ...request, chainId: '31337' }],
      ['chain 0', 'NUMBER_INVALID', 'chainId', { ...request, chainId: 0 }],
      ['chain 2^64', 'NUMBER_INVALID', 'chainId', { ...request, chainId: 2 ** 64 }],
      ['a campaign as number', 'NUMBER_INVALID', 'campaignId', { ...request, campaignId: 7 }],
      ['a campaign with a sign', 'NUMBER_INVALID', 'campaignId', { ...request, campaignId: '-7' }],
      ['a leading zero', 'NUMBER_INVALID', 'campaignId', { ...request, campaignId: '07' }],
      ['hexadecimal digits', 'NUMBER_INVALID', 'serial', { ...request, serial: '0x07' }],
      ['other digits', 'NUMBER_INVALID', 'serial', { ...request, serial: '１２' }],
      ['2^256', 'NUMBER_INVALID', 'serial', { ...request, serial: (2n ** 256n).toString() }],
      ['a thousand digits', 'NUMBER_INVALID', 'serial', { ...request, serial: '9'.repeat(1000) }],
      ['the zero address', 'ADDRESS_ZERO', 'holder', { ...request, holder: `0x${'0'.repeat(40)}` }],
      ['39 digits', 'ADDRESS_INVALID', 'holder', { ...request, holder: HOLDER.slice(0, -1) }],
      ['41 digits', 'ADDRESS_INVALID', 'holder', { ...request, holder: `${HOLDER}0` }],
      ['0X', 'ADDRESS_INVALID', 'holder', { ...request, holder: HOLDER.replace('x', 'X') }],
      ['a name', 'ADDRESS_INVALID', 'holder', { ...request, holder: 'someone.eth' }],
      ['spaces', 'ADDRESS_INVALID', 'holder', { ...request, holder: ` ${HOLDER}` }],
      [
        'a wrong checksum',
        'ADDRESS_CHECKSUM',
        'holder',
        { ...request, holder: HOLDER.replace('C', 'c') },
      ],
      [
        'a long proof',
        'FIELD_INVALID',
        'proof',
        { ...request, proof: Array.from({ length: 9 }, () => NODE) },
      ],
      ['a short node', 'HEX_INVALID', 'proof.0', { ...request, proof: [NODE.slice(0, -2)] }],
      ['half a byte', 'HEX_INVALID', 'challenge', { ...request, challenge: `${WORD}0` }],
      [
        'another kind',
        'FIELD_INVALID',
        'authorisation.kind',
        { ...request, authorisation: { kind: 'none' } },
      ],
      [
        'no signature',
        'FIELD_MISSING',
        'authorisation.signature',
        { ...request, authorisation: { kind: 'holder' } },
      ],
      ['latitude null', 'LATITUDE_INVALID', 'positions.0.latitude', at({ latitude: null })],
      ['latitude as text', 'LATITUDE_INVALID', 'positions.0.latitude', at({ latitude: '12.9' })],
      ['latitude in a list', 'LATITUDE_INVALID', 'positions.0.latitude', at({ latitude: [12.9] })],
      [
        'latitude 1e999',
        'LATITUDE_INVALID',
        'positions.0.latitude',
        at({ latitude: JSON.parse('1e999') }),
      ],
      ['latitude NaN', 'LATITUDE_INVALID', 'positions.0.latitude', at({ latitude: NaN })],
      [
        'latitude 90.0000001',
        'LATITUDE_INVALID',
        'positions.0.latitude',
        at({ latitude: 90.0000001 }),
      ],
      ['longitude 180.1', 'LONGITUDE_INVALID', 'positions.0.longitude', at({ longitude: 180.1 })],
      ['longitude true', 'LONGITUDE_INVALID', 'positions.0.longitude', at({ longitude: true })],
      [
        'accuracy null',
        'ACCURACY_INVALID',
        'positions.0.accuracyMetres',
        at({ accuracyMetres: null }),
      ],
      ['accuracy 0', 'ACCURACY_INVALID', 'positions.0.accuracyMetres', at({ accuracyMetres: 0 })],
      [
        'accuracy Infinity',
        'ACCURACY_INVALID',
        'positions.0.accuracyMetres',
        at({ accuracyMetres: Infinity }),
      ],
      [
        'a time in seconds',
        'TIMESTAMP_UNIT',
        'positions.0.takenAt',
        at({ takenAt: 2_000_000_000 }),
      ],
      ['a time as text', 'TIMESTAMP_INVALID', 'positions.0.takenAt', at({ takenAt: 'yesterday' })],
      ['a time of 1.5', 'TIMESTAMP_INVALID', 'positions.0.takenAt', at({ takenAt: 1.5 })],
      ['a time of -1', 'TIMESTAMP_INVALID', 'positions.0.takenAt', at({ takenAt: -1 })],
      [
        'a time of 2^53 + 1',
        'TIMESTAMP_INVALID',
        'positions.0.takenAt',
        at({ takenAt: 2 ** 53 + 1 }),
      ],
      ['a word', 'FIELD_UNKNOWN', 'positions.0.speed', at({ speed: 1 })],
    ]
    for (const [what, code, field, json] of refused) {
      it(`refuses ${what} as ${code}`, () => {
        const read = readWire({ schema: presenceRequestSchema, json })
        const problems = read.ok ? [] : read.problems
        expect(problems.map((problem) => [problem.code, problem.field])).to.deep.include([
          code,
          field,
        ])
        expect(problems.every(({ message }) => message.endsWith('.'))).to.equal(true)
        expect(Reflect.get({}, 'polluted')).to.equal(undefined)
      })
    }

    it('says the same of a million nested lists as of one', () => {
      const json: unknown = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000))
      expect(readWire({ schema: presenceRequestSchema, json }).ok).to.equal(false)
    })
  })

  describe('challenge request', () => {
    it('reads the coupon and its holder, no more', () => {
      const { chainId, book, campaignId, serial, holder } = request
      const json = { chainId, book, campaignId, serial, holder }
      expect(readWire({ schema: challengeRequestSchema, json }).ok).to.equal(true)
      expect(readWire({ schema: challengeRequestSchema, json: request }).ok).to.equal(false)
    })
  })

  describe('authorisation', () => {
    const session = {
      kind: 'session',
      publicKey: `0x04${'11'.repeat(64)}`,
      expiresAt: 2_000_000_000,
      holderSignature: `0x${'11'.repeat(65)}`,
      signature: `0x${'11'.repeat(64)}`,
    }

    it('takes a session', () => {
      expect(authorisationSchema.safeParse(session).success).to.equal(true)
    })

    it('refuses a compressed key, a signature of 65 bytes, and an end in milliseconds', () => {
      for (const change of [
        { publicKey: `0x02${'11'.repeat(32)}` },
        { publicKey: `0x05${'11'.repeat(64)}` },
        { signature: `0x${'11'.repeat(65)}` },
        { expiresAt: 2_000_000_000_000 },
      ]) {
        expect(authorisationSchema.safeParse({ ...session, ...change }).success).to.equal(false)
      }
    })
  })

  describe('presence answer', () => {
    it('reads a grant into the contract’s tuple', () => {
      const answer = presenceAnswerSchema.parse(grant)
      expect(answer).to.deep.include({
        granted: true,
        statement: { ...statement, observedAt: 2_000_000_000n, validUntil: 2_000_000_300n },
      })
      expect(z.encode(presenceAnswerSchema, answer)).to.deep.equal(grant)
    })

    it('reads every refusal, and none that has no sentence', () => {
      for (const code of [...Object.keys(sentenceFor), 'SOMETHING_ELSE', 'toString']) {
        const { campaignId, serial, holder, evidenceHash } = grant.presence
        const asked = { campaignId, serial, holder, evidenceHash }
        const refusal = { ...asked, code, refusedAt: '2000000000' }
        const told = { code, message: '', requestId: 'r' }
        const signed = { refusal, signature: `0x${'ab'.repeat(65)}` }
        const answer = { granted: false, ...told, ...signed, opening, logged: grant.logged }
        const isKnown = Object.hasOwn(sentenceFor, code)
        expect(presenceAnswerSchema.safeParse(answer).success, code).to.equal(isKnown)
      }
    })

    it('is never half a grant', () => {
      for (const json of [
        { granted: true },
        { ...grant, granted: 'true' },
        { ...grant, statement: undefined },
        { ...grant, statement: { ...statement, geofenceHash: undefined } },
        { ...grant, statement: { ...statement, witness: HOLDER } }, // the signature says who
      ]) {
        expect(presenceAnswerSchema.safeParse(json).success).to.equal(false)
      }
    })
  })

  describe('error answer', () => {
    it('reads one problem or a list', () => {
      const error = { code: 'RING_OPEN', message: 'Close it.', requestId: 'r' }
      const problems = [{ code: 'RING_OPEN', message: 'Close it.', path: 'sites.0' }]
      expect(errorAnswerSchema.safeParse({ error }).success).to.equal(true)
      expect(errorAnswerSchema.safeParse({ error, problems }).success).to.equal(true)
      expect(errorAnswerSchema.safeParse({ error: { ...error, stack: '' } }).success).to.equal(
        false,
      )
    })
  })

  describe('sentences', () => {
    it('are sentences', () => {
      for (const sentence of [...Object.values(sentenceFor), ...Object.values(errorSentenceFor)]) {
        expect(sentence).to.match(/^[A-Z].*\.$/)
      }
    })
  })
})

function at(change: Record<string, unknown>) {
  return { ...request, positions: [{ ...position, ...change }] }
}

function without(field: string) {
  return Object.fromEntries(Object.entries(request).filter(([name]) => name !== field))
}

/** As JSON.parse makes it: an own property, whatever the name. */
function withKey(key: string): unknown {
  return JSON.parse(`{"${key}":{"polluted":1},${JSON.stringify(request).slice(1)}`)
}
