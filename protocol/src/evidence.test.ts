import { expect } from 'chai'
import vectors from '../vectors/presence.json' with { type: 'json' }
import {
  type Evidence,
  type Fix,
  hashEvidence,
  hashSubmission,
  RULESET,
  sightingOf,
  type Submission,
} from './evidence.ts'
import { evidenceSchema } from './wire-evidence.ts'
import { bytes32Field } from './wire-fields.ts'

const challenge = `0x${'5a'.repeat(32)}` as const
const signature = `0x${'c5'.repeat(64)}` as const
const fix: Fix = {
  longitudeE7: 759_235_000,
  latitudeE7: 269_359_000,
  accuracyMillimetres: 20_500,
  takenAt: 2_000_000_000_000,
}
const added: Fix = {
  ...fix,
  altitudeMillimetres: 0,
  altitudeAccuracyMillimetres: 0,
  headingCentidegrees: 0,
  speedMillimetresPerSecond: 0,
}
const beacon = { site: 0, shownAt: 0, signature }
const bare: Evidence = { source: 'browser', fixes: [fix] }

describe('evidence', () => {
  describe('vectors', () => {
    for (const { name, evidence, challenge: word, ruleset, hash } of vectors.evidences) {
      it(`hold for the evidence of ${name}`, () => {
        const given = { evidence: evidenceSchema.parse(evidence), ruleset }
        expect(hashEvidence({ ...given, challenge: bytes32Field.parse(word) })).to.equal(hash)
      })
    }
    for (const { name, submission, challenge: word, ruleset, hash } of vectors.submissions) {
      it(`hold for the submission of ${name}`, () => {
        // What is submitted is evidence with parts left out.
        const { source, fixes } = evidenceSchema.parse({ ...submission, beacon: undefined })
        const scanned = submission.beacon && { ...submission.beacon, signature }
        const given = {
          submission: { source, fixes, ...(scanned && { beacon: scanned }) },
          ruleset,
        }
        expect(hashSubmission({ ...given, challenge: bytes32Field.parse(word) })).to.equal(hash)
      })
    }
  })

  describe('hashEvidence', () => {
    const hashOf = (evidence: Evidence) => hashEvidence({ evidence, challenge, ruleset: RULESET })

    it('differs with every field, the challenge and the rules', () => {
      const seen = { longitudeCell: 0, latitudeCell: 0, takenAt: 0 }
      const full = { ...bare, fixes: [added], earlier: seen }
      const checked = { ...beacon, isFromCounter: false }
      const hashes = [
        hashEvidence({ evidence: bare, challenge, ruleset: 'coupon-secure/1' }),
        hashEvidence({ evidence: bare, challenge: `0x${'5b'.repeat(32)}`, ruleset: RULESET }),
        ...[
          bare,
          { ...bare, source: 'hypertrack' as const },
          { ...bare, fixes: [] },
          { ...bare, fixes: [fix, fix] },
          ...(Object.keys(added) as (keyof Fix)[]).map((name) => ({
            ...bare,
            fixes: [{ ...added, [name]: 1 }],
          })),
          { ...bare, condition: 'ACTIVE' as const },
          { ...bare, condition: 'DEVICE_LOCATION_MOCKED' as const },
          full,
          { ...full, earlier: { ...seen, longitudeCell: 1 } },
          { ...full, earlier: { ...seen, latitudeCell: 1 } },
          { ...full, earlier: { ...seen, takenAt: 1 } },
          { ...bare, beacon: checked },
          { ...bare, beacon: { ...checked, site: 1 } },
          { ...bare, beacon: { ...checked, shownAt: 1 } },
          { ...bare, beacon: { ...checked, signature: `0x${'c6'.repeat(64)}` as const } },
          { ...bare, beacon: { ...checked, isFromCounter: true } },
        ].map(hashOf),
      ]
      expect(new Set(hashes).size).to.equal(hashes.length)
    })

    it('never takes a part that is absent for one of zeros', () => {
      const hashes = [
        bare,
        { ...bare, fixes: [{ ...fix, altitudeMillimetres: 0 }] },
        { ...bare, fixes: [{ ...fix, altitudeAccuracyMillimetres: 0 }] },
        { ...bare, fixes: [{ ...fix, headingCentidegrees: 0 }] },
        { ...bare, fixes: [{ ...fix, speedMillimetresPerSecond: 0 }] },
        { ...bare, earlier: { longitudeCell: 0, latitudeCell: 0, takenAt: 0 } },
        { ...bare, beacon: { ...beacon, isFromCounter: false } },
      ].map(hashOf)
      expect(new Set(hashes).size).to.equal(hashes.length)
    })

    it('takes a part that is undefined for absent', () => {
      expect(hashOf({ ...bare, earlier: undefined, beacon: undefined })).to.equal(hashOf(bare))
    })
  })

  describe('hashSubmission', () => {
    it('differs with its parts, and from the evidence that they become', () => {
      const submitted: Submission = { source: 'browser', fixes: [fix] }
      const hashes = [
        submitted,
        { ...submitted, source: 'hypertrack' as const },
        { ...submitted, fixes: [added] },
        { ...submitted, beacon },
        { ...submitted, beacon: { ...beacon, site: 1 } },
        { ...submitted, beacon: { ...beacon, shownAt: 1 } },
      ].map((submission) => hashSubmission({ submission, challenge, ruleset: RULESET }))
      const became = hashEvidence({ evidence: bare, challenge, ruleset: RULESET })
      expect(new Set([...hashes, became]).size).to.equal(hashes.length + 1)
    })
  })

  describe('sightingOf', () => {
    it('keeps the time and a cell of a tenth of a degree', () => {
      expect(sightingOf(fix)).to.deep.equal({
        longitudeCell: 759,
        latitudeCell: 269,
        takenAt: 2_000_000_000_000,
      })
    })

    it('rounds down south and west of zero too', () => {
      const { longitudeCell, latitudeCell } = sightingOf({
        ...fix,
        longitudeE7: -1,
        latitudeE7: -900_000_000,
      })
      expect([longitudeCell, latitudeCell]).to.deep.equal([-1, -900])
    })
  })
})
