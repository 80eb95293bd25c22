import { idOf } from '@coupon-secure/protocol/coupon'
import { readClaimLink } from '@coupon-secure/protocol/claim-link'
import { expect } from 'chai'
import { zeroHash } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import type { Campaign } from '../../chain/book-queries.ts'
import { type ClaimBatch, makeClaimRows } from './claim-batch.ts'
import { cardsOf, couponsByHolder, issuedRows, mailMergeOf } from './claim-files.ts'
import { readList } from './read-list.ts'

const book = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const origin = 'https://coupons.example'
const list = readList({
  bytes: new TextEncoder().encode('Name;E-mail;Table\nAnn;ann@example.org;=7\nBob;;\nCid;;9\n'),
})
const rows = await makeClaimRows({ rows: list.rows, onProgress: () => undefined })
const batch: ClaimBatch = { chainId: 31337, book, id: 'one', madeAt: 0, header: list.header, rows }
const [ann, bob] = rows
const shards = [
  { campaignId: 1n, index: 0n, holders: [book, ann!.holder] as const },
  { campaignId: 1n, index: 1n, holders: [bob!.holder] as const },
  { campaignId: 2n, index: 0n, holders: [ann!.holder] as const },
]
const coupons = couponsByHolder(shards)
const issued = issuedRows({ batch, coupons })

describe('claim links', () => {
  it('have keys of their own, which are those of their addresses', () => {
    expect(new Set(rows.map(({ key }) => key)).size).to.equal(3)
    for (const { key, holder } of rows) expect(privateKeyToAddress(key)).to.equal(holder)
  })

  it('go into the list with all columns of their rows, formulas disarmed, for whom the chain shows a coupon', () => {
    const lines = mailMergeOf({ batch, rows: issued, origin }).slice(1).trim().split('\r\n')
    expect(lines).to.have.length(3)
    expect(lines[0]).to.equal('Name,E-mail,Table,Claim link')
    const cells = lines[1]!.split(',')
    expect(cells.slice(0, 3)).to.deep.equal(['Ann', 'ann@example.org', "'=7"])
    expect(cells[3]).to.match(/^https:\/\/coupons\.example\/c#CSC1\.31337\./)
    const read = readClaimLink(cells[3]!)
    expect(read.ok && read.link).to.deep.equal({ chainId: 31337, book, key: ann!.key })
    expect(lines[2]).to.match(/^Bob,,,https/)
  })

  it('go onto a card for each coupon, with the window in the place’s zone', () => {
    const campaign = (id: bigint, name: string): Campaign => ({
      id,
      name,
      details: '',
      pausedAt: 0n,
      terms: {
        opensAt: 1_800_000_000n,
        closesAt: 1_800_007_200n,
        heldUntil: 0n,
        grace: 0n,
        supply: 9n,
        sites: 1,
        requiredWitnesses: 1,
        geofenceHash: zeroHash,
      },
    })
    const cards = cardsOf({
      ...{ batch, rows: issued, coupons, origin },
      campaigns: [campaign(1n, 'Lunch'), campaign(2n, 'Dinner')],
      zone: 'Asia/Kolkata',
      placeOf: ({ name }) => `Place of ${name}`,
    })
    expect(cards.map(({ name, campaign }) => `${name}: ${campaign}`)).to.deep.equal([
      'Ann: Lunch',
      'Ann: Dinner',
      'Bob: Lunch',
    ])
    const [first] = cards
    expect(first).to.include({
      place: 'Place of Lunch',
      id: idOf({ chainId: 31337, book, campaignId: 1n, serial: 1n }),
    })
    expect(first!.window).to.match(/15 Jan 2027, 13:30.+15:30 GMT\+5:30/)
  })
})
