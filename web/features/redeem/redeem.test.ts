import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import type { RefusalAnswer } from '@coupon-secure/protocol/wire'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { expect } from 'chai'
import { wrongNetwork } from './failures.ts'
import { journalOf } from './journal.ts'
import type { Vouching } from './oracle.ts'
import type { Located } from './position.ts'
import { redeem, type Tools } from './redeem.ts'
import type { Progress } from './redemption.ts'
import type { SignIn } from './sign-in.ts'
import type { Elsewhere } from './wallet-side.ts'

const NOW = 1_800_000_000
const word = `0x${'5a'.repeat(32)}` as const
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const coupon: HeldCoupon = { campaignId: 2n, serial: 7n, holder, proof: [], root: word }
const position = { longitude: 75, latitude: 26, accuracyMetres: 5, takenAt: NOW * 1000 }
const signedIn: SignIn = {
  privateKey: {} as CryptoKey,
  publicKey: '0x04',
  expiresAt: NOW + 1_000,
  holderSignature: '0x01',
}
const statement = {
  r: word,
  vs: word,
  geofenceHash: word,
  observedAt: BigInt(NOW),
  validUntil: BigInt(NOW + 300),
  evidenceHash: word,
} as const
const vouched = { site: 1, statements: [statement] }
const redeemed = { hash: word, site: 1, at: BigInt(NOW + 2) }

/** A world in which everything goes well, except for what is given. */
function world(given: Partial<Tools> = {}) {
  const kept = new Map<string, string>()
  const shelf = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => kept.set(name, text),
    removeItem: (name: string) => kept.delete(name),
  }
  const asked: string[] = []
  const note = (name: string) => asked.push(name)
  const journal = journalOf({ shelf, pocket: { chainId: 1, book, holder } })
  const tools: Tools = {
    now: () => NOW * 1000,
    obstacle: () => undefined,
    hasLeft: () => false,
    locate: () => Promise.resolve({ ok: true, position }),
    findSignIn: () => Promise.resolve(signedIn),
    signIn: () => Promise.resolve(signedIn),
    signOut: () => Promise.resolve(undefined),
    vouch: () => Promise.resolve({ granted: true, vouched }),
    canPay: () => Promise.resolve(true),
    hand: failing('UNEXPECTED'),
    send: () => Promise.resolve(word),
    wait: () => Promise.resolve(),
    follow: () => Promise.resolve({ kind: 'redeemed', redeemed }),
    redemptionOf: () => Promise.resolve(undefined),
    journal,
    keep: () => undefined,
    explain: (error) => ({ code: error instanceof Error ? error.message : '', sentence: 'No.' }),
    ...given,
  }
  const told: Record<string, Tools[keyof Tools]> = {}
  for (const name of ['locate', 'signIn', 'signOut', 'vouch', 'send', 'follow'] as const) {
    const tool = tools[name] as (...args: unknown[]) => unknown
    told[name] = (...args: unknown[]) => (note(name), tool(...args))
  }
  return { tools: { ...tools, ...told }, journal, asked }
}

async function run(tools: Tools, place: Parameters<typeof redeem>[0]['place'] = { isAsked: true }) {
  const reports: Progress[] = []
  await redeem({ coupon, place, tools, report: (progress) => reports.push(progress) })
  return reports
}

const typesOf = (reports: Progress[]) => reports.map(({ type }) => type)
const failing = (code: string) => () => Promise.reject(new Error(code))

describe('redeem', () => {
  it('goes from the position to the receipt and leaves no note', async () => {
    const { tools, journal, asked } = world()
    const reports = await run(tools)
    expect(typesOf(reports)).to.deep.equal(['locating', 'asking', 'vouched', 'sent', 'redeemed'])
    expect(asked).to.deep.equal(['locate', 'vouch', 'send', 'follow'])
    expect(journal.read(coupon)).to.be.undefined
  })

  it('signs in once where there is no sign-in yet', async () => {
    const { tools } = world({ findSignIn: () => Promise.resolve(undefined) })
    expect(typesOf(await run(tools))).to.include('signing-in')
  })

  it('takes the position again if signing in took long', async () => {
    let now = NOW * 1000
    const signIn = () => {
      now += 40_000
      return Promise.resolve(signedIn)
    }
    const { tools, asked } = world({
      findSignIn: () => Promise.resolve(undefined),
      signIn,
      now: () => now,
    })
    await run(tools)
    expect(asked.filter((name) => name === 'locate')).to.have.lengthOf(2)
  })

  describe('where the oracle is unsure', () => {
    const unsure = { code: 'TOO_CLOSE_TO_EDGE', sentence: 'Go further in.' }
    /** An oracle that says these things in turn, and then yes; a phone whose clock and fixes go on by a second. */
    const asking = (codes: string[], given: Partial<Tools> = {}) => {
      const wishes: { than?: { takenAt: number }; isUnsure?: boolean | undefined }[] = []
      const kept: unknown[] = []
      let seconds = 0
      return {
        wishes,
        kept,
        ...world({
          locate: ({ than, isUnsure }) => {
            wishes.push({ ...(than && { than, isUnsure }) })
            const takenAt = (NOW + (seconds += 1)) * 1000
            return Promise.resolve({ ok: true, position: { ...position, takenAt } })
          },
          now: () => (NOW + seconds) * 1000,
          vouch: () => {
            const code = codes.shift()
            const refused = { code } as unknown as RefusalAnswer
            return Promise.resolve(
              code === undefined
                ? { granted: true, vouched }
                : { granted: false, failure: { ...unsure, code }, refused },
            )
          },
          keep: (refused) => kept.push(refused),
          ...given,
        }),
      }
    }

    it('tries again by itself with a newer position, says which try it is, and keeps each no', async () => {
      const { tools, wishes, kept } = asking(['TOO_CLOSE_TO_EDGE', 'ACCURACY_POOR'])
      const reports = await run(tools)
      expect(typesOf(reports).join(' ')).to.equal(
        'locating asking locating asking locating asking vouched sent redeemed',
      )
      expect(reports.flatMap((one) => ('again' in one ? [one.again] : []))).to.deep.equal([
        { number: 2, of: 5, failure: unsure },
        { number: 3, of: 5, failure: { ...unsure, code: 'ACCURACY_POOR' } },
      ])
      const takenAt = (NOW + 1) * 1000
      expect(wishes[1]).to.deep.equal({ than: { ...position, takenAt }, isUnsure: true })
      expect(kept).to.have.length(2)
    })

    it('stops after the fifth', async () => {
      const { tools, wishes } = asking(Array<string>(9).fill('TOO_CLOSE_TO_EDGE'))
      const reports = await run(tools)
      expect(wishes).to.have.length(5)
      expect(reports.at(-1)).to.deep.include({ type: 'stopped', failure: unsure })
    })

    for (const code of ['OUTSIDE_GEOFENCE', 'MOCKED', 'WINDOW_CLOSED', 'RATE_LIMITED']) {
      it(`takes a firm ${code} for an answer`, async () => {
        const { tools, wishes } = asking([code])
        expect((await run(tools)).at(-1)).to.have.nested.property('failure.code', code)
        expect(wishes).to.have.length(1)
      })
    }

    it('says what the oracle said where no newer position comes', async () => {
      const { tools } = asking(['TOO_CLOSE_TO_EDGE'], {
        locate: ({ than }) =>
          Promise.resolve(
            than
              ? { ok: false, failure: { code: 'POSITION_TIMEOUT', sentence: 'None.' } }
              : { ok: true, position },
          ),
      })
      expect((await run(tools)).at(-1)).to.deep.include({ type: 'stopped', failure: unsure })
    })

    it('waits for nothing surer where the position was only old', async () => {
      const { tools, wishes } = asking(['FIX_STALE'])
      await run(tools)
      expect(wishes[1]).to.have.property('isUnsure', false)
    })

    it('says that the clock is behind where positions of now are old to the oracle', async () => {
      const { tools } = asking(['FIX_STALE', 'FIX_STALE'])
      expect((await run(tools)).at(-1)).to.have.nested.property('failure.code', 'CLOCK_BEHIND')
    })

    it('uses a counter’s code once', async () => {
      const { tools, wishes } = asking(['TOO_CLOSE_TO_EDGE'])
      const beacon = { site: 1, shownAt: NOW, signature: word }
      await run(tools, { isAsked: true, showing: { source: 'browser', beacon } })
      expect(wishes).to.have.length(1)
    })

    it('asks nobody any more once the person has left', async () => {
      let hasLeft = false
      const { tools, wishes } = asking(['TOO_CLOSE_TO_EDGE'], { hasLeft: () => hasLeft })
      const { vouch } = tools
      tools.vouch = (claim) => ((hasLeft = true), vouch(claim))
      await run(tools)
      expect(wishes).to.have.length(1)
    })
  })

  describe('where another browser has the position', () => {
    const shown = { code: 'K7QF', expiresAt: NOW + 300, isOpened: false, isOld: false }
    const elsewhereSaying = (located: Located[]) => {
      const wishes: { than?: Position | undefined }[] = []
      let ends = 0
      const elsewhere: Elsewhere = {
        locate: ({ than, onShown }) => {
          wishes.push({ than })
          onShown(shown)
          return Promise.resolve(located.shift() ?? { ok: false, failure: wrongNetwork })
        },
        end: () => ((ends += 1), Promise.resolve()),
      }
      return { elsewhere, wishes, ends: () => ends }
    }

    it('signs in first, so that nobody has to come back to the wallet twice, and ends the code', async () => {
      const { elsewhere, ends } = elsewhereSaying([{ ok: true, position }])
      const findSignIn = () => Promise.resolve(undefined)
      const { tools, asked } = world({ findSignIn, elsewhere })
      const reports = await run(tools)
      expect(typesOf(reports).join(' ')).to.equal('signing-in pairing asking vouched sent redeemed')
      expect(asked).not.to.include('locate')
      expect(ends()).to.equal(1)
    })

    it('waits for a newer one where the oracle is unsure, and says why', async () => {
      const newer = { ...position, takenAt: position.takenAt + 1 }
      const { elsewhere, wishes } = elsewhereSaying([
        { ok: true, position },
        { ok: true, position: newer },
      ])
      const unsure = { code: 'TOO_CLOSE_TO_EDGE', sentence: 'Go further in.' }
      const answers: Vouching[] = [
        { granted: false, failure: unsure },
        { granted: true, vouched },
      ]
      const vouch = () => Promise.resolve(answers.shift()!)
      const { tools } = world({ elsewhere, vouch })
      const reports = await run(tools)
      expect(wishes).to.deep.equal([{ than: undefined }, { than: position }])
      const again = { number: 2, of: 5, failure: unsure }
      expect(reports).to.deep.include({ type: 'pairing', shown, again })
      expect(reports.at(-1)).to.have.property('type', 'redeemed')
    })

    it('says why there is none, ends the code, and asks no wallet', async () => {
      const { elsewhere, ends } = elsewhereSaying([])
      const { tools, asked } = world({ elsewhere })
      expect((await run(tools)).at(-1)).to.deep.include({ type: 'stopped', failure: wrongNetwork })
      expect(asked).to.deep.equal([])
      expect(ends()).to.equal(1)
    })
  })

  it('leaves the position to the oracle where a managed device has it', async () => {
    const claims: unknown[] = []
    const { tools, asked } = world({
      findSignIn: () => Promise.resolve(undefined),
      vouch: (claim) => {
        claims.push(claim)
        return Promise.resolve({ granted: true, vouched })
      },
    })
    const beacon = { site: 1, shownAt: NOW, signature: word }
    const showing = { source: 'hypertrack', beacon } as const
    const reports = await run(tools, { isAsked: true, showing })
    expect(typesOf(reports)).to.deep.equal(['signing-in', 'asking', 'vouched', 'sent', 'redeemed'])
    expect(asked).not.to.include('locate')
    expect(claims).to.deep.equal([{ signIn: signedIn, position: undefined, showing }])
  })

  it('asks for no position where the campaign asks for none', async () => {
    const { tools, asked } = world()
    const reports = await run(tools, { isAsked: false, site: 3 })
    expect(asked).to.deep.equal(['send', 'follow'])
    expect(reports[0]).to.deep.equal({ type: 'vouched', vouched: { site: 3, statements: [] } })
  })

  describe('what must outlive a reload', () => {
    it('notes the statement before the wallet is asked', async () => {
      const { tools, journal } = world()
      let noted: unknown
      tools.send = () => {
        noted = journal.read(coupon)
        return Promise.resolve(word)
      }
      await run(tools)
      expect(noted).to.deep.equal({ vouched })
    })

    it('notes the hash before the chain is asked', async () => {
      const { tools, journal } = world()
      let noted: unknown
      tools.follow = () => {
        noted = journal.read(coupon)
        return Promise.resolve({ kind: 'redeemed', redeemed })
      }
      await run(tools)
      expect(noted).to.deep.equal({ vouched, hash: word })
    })

    it('notes the hash even if the person has left meanwhile', async () => {
      const { tools, journal } = world({ follow: failing('CHAIN_AWAY') })
      let hasLeft = false
      tools.hasLeft = () => hasLeft
      tools.send = () => {
        hasLeft = true
        return Promise.resolve(word)
      }
      await run(tools)
      expect(journal.read(coupon)?.hash).to.equal(word)
    })

    it('goes on with a statement that is still good', async () => {
      const { tools, journal, asked } = world()
      journal.write({ coupon, note: { vouched } })
      await run(tools)
      expect(asked).to.deep.equal(['send', 'follow'])
    })

    it('asks anew where the statement is about to end', async () => {
      const { tools, journal, asked } = world({ now: () => (NOW + 290) * 1000 })
      journal.write({ coupon, note: { vouched } })
      await run(tools)
      expect(asked).to.include('vouch')
    })

    it('follows what was sent, and asks the wallet for nothing', async () => {
      const { tools, journal, asked } = world({ obstacle: () => wrongNetwork })
      journal.write({ coupon, note: { vouched, hash: word } })
      await run(tools)
      expect(asked).to.deep.equal(['follow'])
    })

    it('shows the receipt if the wallet had signed and its answer was lost', async () => {
      const { tools, journal } = world({
        send: failing('CouponAlreadyRedeemed'),
        redemptionOf: () => Promise.resolve(redeemed),
      })
      journal.write({ coupon, note: { vouched } })
      expect((await run(tools)).at(-1)).to.deep.equal({ type: 'redeemed', redeemed })
    })
  })

  describe('when the wallet is declined', () => {
    it('says that nothing was used, and keeps the statement', async () => {
      const { tools, journal } = world({ send: failing('SIGNATURE_REJECTED') })
      const last = (await run(tools)).at(-1)
      expect(last).to.deep.include({ type: 'stopped', rest: { kind: 'vouched', vouched } })
      expect(last).to.have.nested.property(
        'failure.sentence',
        'You did not sign; nothing was used.',
      )
      expect(journal.read(coupon)).to.deep.equal({ vouched })
    })
  })

  describe('when the oracle refuses', () => {
    const refused = (code: string) => () =>
      Promise.resolve({ granted: false, failure: { code, sentence: 'No.' } } as const)

    it('never asks the wallet to send', async () => {
      const { tools, asked } = world({ vouch: refused('OUTSIDE_GEOFENCE') })
      const last = (await run(tools)).at(-1)
      expect(last).to.have.nested.property('failure.code', 'OUTSIDE_GEOFENCE')
      expect(asked).not.to.include('send')
    })

    it('keeps what the oracle signed', async () => {
      const signed = { requestId: 'signed' } as RefusalAnswer
      const kept: RefusalAnswer[] = []
      const { tools } = world({
        vouch: async () => ({ ...(await refused('OUTSIDE_GEOFENCE')()), refused: signed }),
        keep: (one) => kept.push(one),
      })
      await run(tools)
      expect(kept).to.deep.equal([signed])
    })

    it('forgets a sign-in that it does not take', async () => {
      const { tools, asked } = world({ vouch: refused('SESSION_EXPIRED') })
      await run(tools)
      expect(asked).to.include('signOut')
    })

    it('says when and where a used coupon was used', async () => {
      const { tools } = world({
        vouch: refused('COUPON_REDEEMED'),
        redemptionOf: () => Promise.resolve(redeemed),
      })
      expect((await run(tools)).at(-1)).to.deep.include({ rest: { kind: 'over', redeemed } })
    })
  })

  describe('when the contract refuses', () => {
    for (const code of ['StatementExpired', 'StatementForOtherGeofence', 'NotAWitness']) {
      it(`drops a statement that will never do (${code})`, async () => {
        const { tools, journal } = world({ send: failing(code) })
        const last = (await run(tools)).at(-1)
        expect(last).to.deep.include({ rest: { kind: 'nothing' } })
        expect(journal.read(coupon)).to.be.undefined
      })
    }

    for (const code of ['CampaignIsPaused', 'StandbyNotYet', 'NothingLeft']) {
      it(`keeps a statement that may still do (${code})`, async () => {
        const { tools, journal } = world({ send: failing(code) })
        const last = (await run(tools)).at(-1)
        expect(last).to.deep.include({ type: 'stopped', rest: { kind: 'vouched', vouched } })
        expect(journal.read(coupon)).to.deep.equal({ vouched })
      })
    }

    it('calls a coupon used that another phone has used', async () => {
      const { tools } = world({
        send: failing('CouponAlreadyRedeemed'),
        redemptionOf: () => Promise.resolve(redeemed),
      })
      const last = (await run(tools)).at(-1)
      expect(last).to.have.nested.property('failure.code', 'COUPON_REDEEMED')
    })

    it('keeps the statement when the transaction reverts', async () => {
      const { tools, journal } = world({ follow: () => Promise.resolve({ kind: 'reverted' }) })
      const last = (await run(tools)).at(-1)
      expect(last).to.have.nested.property('failure.code', 'TRANSACTION_REVERTED')
      expect(journal.read(coupon)).to.deep.equal({ vouched })
    })

    it('says so when the wallet cancelled it', async () => {
      const { tools } = world({ follow: () => Promise.resolve({ kind: 'cancelled' }) })
      const last = (await run(tools)).at(-1)
      expect(last).to.have.nested.property('failure.code', 'TRANSACTION_CANCELLED')
    })
  })

  it('loses nothing when the chain is away after signing', async () => {
    const { tools, journal } = world({ follow: failing('CHAIN_AWAY') })
    const last = (await run(tools)).at(-1)
    expect(last).to.deep.include({ rest: { kind: 'sent', hash: word, site: 1 } })
    expect(journal.read(coupon)?.hash).to.equal(word)
  })

  it('begins nothing on the wrong network', async () => {
    const { tools, asked } = world({ obstacle: () => wrongNetwork })
    const reports = await run(tools)
    expect(reports[0]).to.have.nested.property('failure.code', 'WRONG_NETWORK')
    expect(asked).to.be.empty
  })

  it('asks the wallet for nothing once the person has left', async () => {
    const { tools, asked } = world({ hasLeft: () => true })
    await run(tools)
    expect(asked).to.deep.equal(['locate'])
  })

  it('asks the wallet for nothing where its account changes while the chain is asked what it can pay', async () => {
    let hasLeft = false
    const { tools, journal, asked } = world({
      hasLeft: () => hasLeft,
      canPay: () => {
        hasLeft = true
        return Promise.resolve(true)
      },
    })
    await run(tools)
    expect(asked).to.deep.equal(['locate', 'vouch'])
    expect(journal.read(coupon), 'kept for when it is this account’s turn again').to.deep.equal({
      vouched,
    })
  })

  describe('given the key of a claim link', () => {
    const handed: HandedRedemption = {
      ...{ chainId: 1, book, holder, campaignId: 2n, serial: 7n, site: 1 },
      ...{
        deadline: BigInt(NOW + 299),
        signature: `0x${'5a'.repeat(64)}`,
        statements: [statement],
      },
    }
    const byKey = { canPay: () => Promise.resolve(false), hand: () => Promise.resolve(handed) }
    const signing = ['locating', 'asking', 'vouched']

    it('signs, hands it over, and ends with the receipt once somebody has sent it', async () => {
      const answers = [undefined, redeemed]
      const { tools, asked } = world({
        ...byKey,
        redemptionOf: () => Promise.resolve(answers.shift()),
      })
      const reports = await run(tools)
      expect(typesOf(reports)).to.deep.equal([
        'locating',
        'asking',
        'vouched',
        'handing',
        'redeemed',
      ])
      expect(asked, 'this phone sends nothing').not.to.include('send')
    })

    it('keeps what the oracle said when signing fails', async () => {
      const { tools, journal } = world({ ...byKey, hand: failing('UNEXPECTED') })
      const reports = await run(tools)
      expect(reports.at(-1)).to.deep.include({
        type: 'stopped',
        rest: { kind: 'vouched', vouched },
      })
      expect(journal.read(coupon)).to.deep.equal({ vouched })
    })

    it('has the relayer send it, from sent to final, and keeps no note of it then', async () => {
      const { tools, journal, asked } = world({
        ...byKey,
        relay: ({ handed: brought, onSent, onRedeemed }) => {
          expect(brought).to.deep.equal(handed)
          expect(journal.read(coupon), 'kept before anybody hears of it').to.deep.equal({
            vouched,
            handed,
          })
          onSent(word)
          onRedeemed({ ...redeemed, isFinal: false })
          onRedeemed({ ...redeemed, isFinal: true })
          return Promise.resolve({ kind: 'redeemed' })
        },
      })
      const reports = await run(tools)
      expect(typesOf(reports)).to.deep.equal([...signing, 'sent', 'redeemed', 'redeemed'])
      expect(reports.at(-1)).to.have.nested.property('redeemed.isFinal', true)
      expect(journal.read(coupon)).to.equal(undefined)
      expect(asked).not.to.include('send')
    })

    it('brings the very same again after a reload, and signs and asks for nothing', async () => {
      const { tools, journal, asked } = world({
        ...byKey,
        hand: failing('UNEXPECTED'),
        relay: ({ handed: brought, onRedeemed }) => {
          expect(brought).to.deep.equal(handed)
          onRedeemed({ ...redeemed, isFinal: true })
          return Promise.resolve({ kind: 'redeemed' })
        },
      })
      journal.write({ coupon, note: { vouched, handed } })
      expect(typesOf(await run(tools))).to.deep.equal(['redeemed'])
      expect(asked).to.deep.equal([])
      expect(journal.read(coupon)).to.equal(undefined)
    })

    it('shows it to the staff, and says why, where the relayer does not send it', async () => {
      const failure = { code: 'BUDGET_SPENT', sentence: 'Spent.' }
      const { tools } = world({
        ...byKey,
        relay: () => Promise.resolve({ kind: 'away', failure }),
        redemptionOf: () => Promise.resolve(redeemed),
      })
      const reports = await run(tools)
      expect(typesOf(reports)).to.deep.equal([...signing, 'handing', 'redeemed'])
      expect(reports.find(({ type }) => type === 'handing')).to.have.deep.property('why', failure)
    })

    it('keeps a contract’s signature that is too long for a code, and brings it again', async () => {
      const failure = { code: 'RELAYER_AWAY', sentence: 'Away.' }
      const long: HandedRedemption = { ...handed, signature: `0x${'a7'.repeat(640)}` }
      let waits = 0 // shown as a code it would be waited for until the person leaves
      const { tools, journal } = world({
        ...byKey,
        hand: () => Promise.resolve(long),
        relay: () => Promise.resolve({ kind: 'away', failure }),
        wait: () => {
          waits += 1
          return Promise.resolve()
        },
        hasLeft: () => waits > 3,
      })
      const reports = await run(tools)
      expect(typesOf(reports)).to.deep.equal([...signing, 'stopped'])
      expect(reports.at(-1)).to.deep.include({ failure, rest: { kind: 'signed' } })
      expect(journal.read(coupon)).to.deep.equal({ vouched, handed: long })
    })

    it('takes what is used for the receipt only where it was signed before a reload', async () => {
      const failure = { code: 'COUPON_REDEEMED', sentence: 'Used.' }
      const used: Partial<Tools> = {
        ...byKey,
        relay: () => Promise.resolve({ kind: 'refused', failure }),
        redemptionOf: () => Promise.resolve(redeemed),
      }
      const fresh = world(used)
      expect((await run(fresh.tools)).at(-1)).to.deep.include({
        type: 'stopped',
        rest: { kind: 'over', redeemed },
      })
      const resumed = world(used)
      resumed.journal.write({ coupon, note: { vouched, handed } })
      expect((await run(resumed.tools)).at(-1)).to.deep.equal({ type: 'redeemed', redeemed })
    })

    it('begins anew where the relayer hears that the contract would refuse it', async () => {
      const failure = { code: 'STATEMENT_EXPIRED', sentence: 'Expired.' }
      const relay = () => Promise.resolve({ kind: 'refused', failure } as const)
      const { tools, journal } = world({ ...byKey, relay })
      const last = (await run(tools)).at(-1)
      expect(last).to.deep.equal({ type: 'stopped', failure, rest: { kind: 'nothing' } })
      expect(journal.read(coupon)).to.equal(undefined)
    })
  })
})
