import { expect } from 'chai'
import { type Hex, recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  beaconTypes,
  freshnessOf,
  hashBeacon,
  readBeacon,
  type SignedBeacon,
  turnAt,
  writeBeacon,
} from './beacon.ts'
import { compactOf, domainOf } from './presence.ts'

const counter = privateKeyToAccount(`0x${'c0'.repeat(32)}`)
const place = { chainId: 31337, book: `0x${'b0'.repeat(20)}` } as const
const TURN = 1_800_000_000
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const beacon = { campaignId: 7n, site: 3, shownAt: BigInt(TURN) }

describe('beacon', () => {
  let plain: Hex
  let signed: SignedBeacon
  let text: string

  before(async () => {
    plain = await counter.signTypedData({
      domain: domainOf(place),
      types: beaconTypes,
      primaryType: 'Beacon',
      message: beacon,
    })
    const { r, vs } = compactOf(plain)
    signed = { ...beacon, signature: `${r}${vs.slice(2)}` as Hex }
    text = writeBeacon(signed)
  })

  it('has the digest that the counter’s key signs', async () => {
    const hash = hashBeacon({ ...place, beacon })
    expect(await recoverAddress({ hash, signature: plain })).to.equal(counter.address)
    expect(hashBeacon({ ...place, beacon: { ...beacon, site: 4 } })).not.to.equal(hash)
    expect(hashBeacon({ ...place, chainId: 1, beacon })).not.to.equal(hash)
  })

  describe('its text', () => {
    it('is short and comes back whole', () => {
      expect(text).to.match(/^CSB1\.7\.3\.1800000000\.[\w-]{86}$/)
      expect(readBeacon(text)).to.deep.equal(signed)
      expect(readBeacon(`\n ${text} \t`)).to.deep.equal(signed)
    })

    it('is the same for a signature of 65 bytes', () => {
      expect(writeBeacon({ ...beacon, signature: plain })).to.equal(text)
    })

    it('holds the largest campaign and site', () => {
      const large = { ...signed, campaignId: 2n ** 256n - 1n, site: 65_535 }
      expect(readBeacon(writeBeacon(large))).to.deep.equal(large)
    })

    it('is refused where it is anything else', () => {
      const parts = text.split('.')
      const signature = parts[4]!
      const last = signature.at(-1)!
      for (const wrong of [
        '',
        'CSB1',
        text.slice(0, -1),
        `${text}A`,
        `${text}.`,
        text.replace('CSB1', 'CSB2'),
        text.toLowerCase(),
        text.replaceAll('.', ' . '),
        ['CSB1', '0', '3', TURN, signature].join('.'),
        ['CSB1', '07', '3', TURN, signature].join('.'),
        ['CSB1', '-7', '3', TURN, signature].join('.'),
        ['CSB1', '7e1', '3', TURN, signature].join('.'),
        ['CSB1', '٧', '3', TURN, signature].join('.'),
        ['CSB1', (2n ** 256n).toString(), '3', TURN, signature].join('.'),
        ['CSB1', '7', '0', TURN, signature].join('.'),
        ['CSB1', '7', '65536', TURN, signature].join('.'),
        ['CSB1', '7', '3', TURN + 1, signature].join('.'),
        ['CSB1', '7', '3', TURN * 1e6, signature].join('.'),
        ['CSB1', '7', '3', TURN, `${signature.slice(0, -1)}=`].join('.'),
        ['CSB1', '7', '3', TURN, `${signature.slice(0, -1)}+`].join('.'),
        // The last digit has four bits to spare: another that decodes alike is another text.
        ['CSB1', '7', '3', TURN, signature.slice(0, -1) + DIGITS[DIGITS.indexOf(last) + 1]!].join(
          '.',
        ),
        // The upper of the two s: all bits of the second word.
        [
          'CSB1',
          '7',
          '3',
          TURN,
          `${signature.slice(0, 42)}${DIGITS[DIGITS.indexOf(signature[42]!) | 3]!}${'_'.repeat(42)}w`,
        ].join('.'),
        `https://coupons.example/#${text}`,
        text.repeat(2),
        'x'.repeat(1_000_000),
      ]) {
        expect(readBeacon(wrong), wrong.slice(0, 150)).to.equal(undefined)
      }
    })

    it('read from any text is nothing, or writes that very text again', () => {
      const random = randomFrom(15)
      let read = 0
      for (let round = 0; round < 20_000; round++) {
        const mutated = mutate({ text, random })
        const found = readBeacon(mutated)
        if (found === undefined) continue
        read++
        expect(writeBeacon(found)).to.equal(mutated.trim())
      }
      expect(read, 'some mutations leave a beacon').to.be.greaterThan(100)
    })
  })

  describe('freshness', () => {
    const at = (seconds: number) => freshnessOf({ shownAt: BigInt(TURN), now: seconds * 1000 })

    it('lasts for its turn and the next', () => {
      expect(turnAt((TURN + 14.999) * 1000)).to.equal(TURN)
      for (const later of [0, 14.999, 15, 29.999])
        expect(at(TURN + later), `${later}`).to.equal('fresh')
      for (const later of [30, 31, 3_600, 1e9])
        expect(at(TURN + later), `${later}`).to.equal('stale')
    })

    it('begins five seconds early, for clocks that are a little ahead', () => {
      expect(at(TURN - 5)).to.equal('fresh')
      expect(at(TURN - 5.001)).to.equal('ahead')
    })

    it('is not to be had from a clock that is no number', () => {
      expect(freshnessOf({ shownAt: BigInt(TURN), now: NaN })).to.equal('stale')
    })
  })
})

function mutate({ text, random }: { text: string; random: () => number }): string {
  const alphabet = 'CSB1.0123456789abcXYZ-_+/= \0\u202e٧'
  const characters = Array.from(text)
  for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits--) {
    const position = Math.floor(random() * characters.length)
    const kind = random()
    const digit = alphabet[Math.floor(random() * alphabet.length)]!
    if (kind < 0.6) characters[position] = digit
    else if (kind < 0.8) characters.splice(position, 1)
    else characters.splice(position, 0, digit)
  }
  return characters.join('')
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
