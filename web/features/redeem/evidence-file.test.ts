import { hashEvidence, RULESET } from '@coupon-secure/protocol/evidence'
import {
  defaultPolicy,
  type GeofenceDocument,
  hashGeofence,
} from '@coupon-secure/protocol/geofence'
import { evidenceFileSchema, replay } from '@coupon-secure/protocol/replay'
import { expect } from 'chai'
import { evidenceFileOf } from './evidence-file.ts'

const pocket = {
  chainId: 31337,
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  holder: '0x337201b5882056C2404587bda79e8Bbd61FB0EB5',
} as const
const word = `0x${'5a'.repeat(32)}` as const
const geofence: GeofenceDocument = {
  version: 1,
  readers: 'holders',
  salt: word,
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
const fix = {
  longitudeE7: 8_000,
  latitudeE7: 3_000,
  accuracyMillimetres: 5_000,
  takenAt: 1_800_000_000_000,
}
const opening = {
  ruleset: RULESET,
  challenge: word,
  evidence: { source: 'browser' as const, fixes: [fix] },
}
const evidenceHash = hashEvidence(opening)
const times = { observedAt: '1800000000', validUntil: '1800000300' }
const seen = { geofenceHash: hashGeofence(geofence), ...times, evidenceHash }
const grant = {
  granted: true,
  presence: { campaignId: '2', serial: '7', holder: pocket.holder, site: 1, ...seen },
  site: 1,
  statement: { r: word, vs: word, ...seen },
  opening,
  logged: { index: 0, loggedAt: 1_800_000_000 },
}

function fileWith(answer: unknown) {
  return evidenceFileOf({ pocket, answer, geofence })
}

describe('evidence file', () => {
  it('is what anybody can decide again by', () => {
    const file = evidenceFileSchema.parse(JSON.parse(JSON.stringify(fileWith(grant))))
    expect(replay(file)).to.include({ isSame: true, decided: 'inside, site 1' })
  })

  it('is none of what an oracle never says', () => {
    expect(fileWith({ ...grant, opening: undefined })).to.be.undefined
    expect(fileWith('yes')).to.be.undefined
  })
})
