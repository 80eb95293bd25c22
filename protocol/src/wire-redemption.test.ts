import { expect } from 'chai'
import { encode } from 'zod/mini'
import { readWire } from './wire-fields.ts'
import {
  isSettled,
  redemptionRequestSchema,
  redemptionSentenceFor,
  redemptionStatusSchema,
} from './wire-redemption.ts'

const bytes = (pair: string, length: number) => `0x${pair.repeat(length)}`
const request = {
  chainId: 31337,
  book: bytes('b0', 20),
  campaignId: '1',
  serial: '258',
  site: 1,
  deadline: 1_800_000_000,
  holder: bytes('1a', 20),
  signature: bytes('5e', 64),
  statements: [
    {
      r: bytes('01', 32),
      vs: bytes('02', 32),
      geofenceHash: bytes('03', 32),
      observedAt: '1799999990',
      validUntil: '1800000100',
      evidenceHash: bytes('04', 32),
    },
  ],
  proof: [bytes('09', 20)],
}
const read = (change: object) =>
  readWire({
    schema: redemptionRequestSchema,
    json: JSON.parse(JSON.stringify({ ...request, ...change })),
  })

describe('redemptions on the wire', () => {
  it('come out as they went in', () => {
    const once = read({})
    expect(once.ok).to.equal(true)
    if (once.ok) expect(encode(redemptionRequestSchema, once.value)).to.deep.equal(request)
  })

  for (const [what, change, code, field] of [
    [
      'a serial that no batch holds',
      { serial: (2n ** 40n).toString() },
      'NUMBER_INVALID',
      'serial',
    ],
    ['a serial as a number', { serial: 258 }, 'NUMBER_INVALID', 'serial'],
    ['a negative site', { site: -1 }, 'NUMBER_INVALID', 'site'],
    ['a site above 16 bits', { site: 65_536 }, 'NUMBER_INVALID', 'site'],
    ['a deadline that no batch holds', { deadline: 2 ** 32 }, 'TIMESTAMP_INVALID', 'deadline'],
    ['a deadline in milliseconds', { deadline: 1.8e12 }, 'TIMESTAMP_UNIT', 'deadline'],
    ['a short signature', { signature: bytes('5e', 63) }, 'HEX_INVALID', 'signature'],
    ['no holder', { holder: undefined }, 'FIELD_MISSING', 'holder'],
    ['a field too many', { note: 'x' }, 'FIELD_UNKNOWN', 'note'],
    [
      'five statements',
      { statements: Array(5).fill(request.statements[0]) },
      'FIELD_INVALID',
      'statements',
    ],
    ['nine nodes', { proof: Array(9).fill(bytes('09', 20)) }, 'FIELD_INVALID', 'proof'],
    ['a node of 32 bytes', { proof: [bytes('09', 32)] }, 'HEX_INVALID', 'proof.0'],
  ] as const) {
    it(`are refused with ${what}`, () => {
      const { ok, ...rest } = read(change)
      expect(ok).to.equal(false)
      expect(rest).to.have.deep.nested.property('problems[0].code', code)
      expect(rest).to.have.deep.nested.property('problems[0].field', field)
    })
  }

  it('have a sentence for each refusal, and are settled only at their end', () => {
    for (const sentence of Object.values(redemptionSentenceFor)) expect(sentence).to.match(/\.$/)
    const digest = bytes('07', 32)
    const told = { digest, version: 3, state: 'refused', code: 'NO_SUCH', message: 'No.' }
    expect(readWire({ schema: redemptionStatusSchema, json: told }).ok).to.equal(false)
    const states = ['waiting', 'sent', 'confirmed', 'final', 'refused'] as const
    expect(states.filter((state) => isSettled({ state }))).to.deep.equal(['final', 'refused'])
  })
})
