import { decide } from '@coupon-secure/protocol/decide'
import { presenceAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { insidePosition, messHall, NOW, outsidePosition, rehearse } from './rehearsal.ts'

// A square of 220,000 by 200,000 in degrees × 10⁷, some 220 m; the prober knows its middle and that it ends within a kilometre.
const MIDDLE = { longitudeE7: 759_241_000, latitudeE7: 269_360_000 }
const KILOMETRE_E7 = 90_000
const AREA = 22_000 * 20_000

/** What a prober makes of the fence who spends so many claims on each of some rays, halving what is left each time. */
function probed({ rays, claims }: { rays: number; claims: number }): number {
  const ends = Array.from({ length: rays }, (_, ray) => {
    const angle = (2 * Math.PI * ray) / rays + 0.1
    const at = (distance: number) => ({
      longitudeE7: Math.round(MIDDLE.longitudeE7 + distance * Math.cos(angle)),
      latitudeE7: Math.round(MIDDLE.latitudeE7 + distance * Math.sin(angle)),
    })
    let [inside, outside] = [0, KILOMETRE_E7]
    for (let claim = 0; claim < claims; claim += 1) {
      const distance = (inside + outside) / 2
      const fix = { ...at(distance), accuracyMillimetres: 1, takenAt: NOW }
      const evidence = { source: 'browser' as const, fixes: [fix] }
      const { verdict } = decide({ document: messHall, evidence, now: NOW })
      if (verdict === 'inside') inside = distance
      else outside = distance
    }
    return at((inside + outside) / 2)
  })
  const twice = ends.reduce((sum, end, index) => {
    const next = ends[(index + 1) % rays] ?? end
    return sum + end.longitudeE7 * next.latitudeE7 - next.longitudeE7 * end.latitudeE7
  }, 0)
  return Math.abs(twice) / 2
}

const errorOf = (split: { rays: number; claims: number }) => Math.abs(probed(split) / AREA - 1)

describe('a prober of a fence', () => {
  it('learns nothing from any position without a coupon that may be used now', async () => {
    const { says, present, readyClaim } = await rehearse()
    for (const status of ['not-issued', 'revoked', 'redeemed'] as const) {
      says.status = status
      const answers = await Promise.all(
        [insidePosition, outsidePosition].map(async (position) => {
          const response = await present(await readyClaim({ position }))
          const answer = presenceAnswerSchema.parse(await response.json())
          return !answer.granted && answer.code
        }),
      )
      expect(answers[0], 'inside as outside').to.equal(answers[1])
    }
  })

  it('who holds a coupon feels out an area with the claims of an hour, and could have read it at once', () => {
    // 30 claims of one coupon, well spent, and the 120 of a holder: docs/threats.md says what that means.
    const best = (claims: number) =>
      Math.min(
        ...[3, 4, 5, 6, 8, 10, 12].map((rays) =>
          errorOf({ rays, claims: Math.floor(claims / rays) }),
        ),
      )
    const [ofCoupon, ofHolder] = [best(30), best(120)]
    console.log(
      `      area known to ${percent(ofCoupon)} by 30 claims, within ${percent(ofHolder)} by 120`,
    )
    expect(ofCoupon).to.be.greaterThan(0.05)
  })
})

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
