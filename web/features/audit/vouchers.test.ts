import { expect } from 'chai'
import type { Entry } from './history.ts'
import { classesOfSender } from './vouchers.ts'

const counter = '0x825cc5DcC5CB41028e011331F073b5F02C2e3CcA'
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const word = (byte: string) => `0x${byte.repeat(32)}` as const
const coupon = { campaignId: 1n, serial: 2n }

describe('classesOfSender', () => {
  const place = (block: bigint) => {
    return { key: `${block}.0`, block, index: 0, transaction: word('00'), at: undefined }
  }
  const terms = {
    opensAt: 0n,
    closesAt: 1_000n,
    heldUntil: 0n,
    grace: 600n,
    supply: 1n,
    sites: 2,
    requiredWitnesses: 2,
    geofenceHash: word('00'),
  }
  const redemption = {
    ...place(9n),
    kind: 'redemption',
    ...coupon,
    holder,
    site: 1,
  } as const
  const campaign: Entry = {
    ...place(1n),
    kind: 'campaign',
    campaignId: 1n,
    name: 'Lunch',
    terms,
    details: '',
  }
  const added = (change: Partial<Extract<Entry, { kind: 'witness' }>> = {}): Entry => ({
    ...place(2n),
    kind: 'witness',
    key_: counter,
    classes: 2,
    site: 0,
    from: 100n,
    until: 900n,
    ...change,
  })
  const classes = ({ events, at = 500n }: { events: Entry[]; at?: bigint }) =>
    classesOfSender({ entries: [...events, campaign], sender: counter, redemption, at })

  it('is a witness’s, while its key and the window last', () => {
    expect(classes({ events: [added()] })).to.equal(2)
    expect([99n, 100n, 899n, 900n].map((at) => classes({ events: [added()], at }))).to.deep.equal([
      0, 2, 2, 0,
    ])
    const long = added({ until: 5_000n })
    expect([999n, 1_000n].map((at) => classes({ events: [long], at }))).to.deep.equal([2, 0])
  })

  it('is none for a stranger, at another site, before it was added, after it was removed', () => {
    const removed: Entry = { ...place(3n), kind: 'witness-removed', key_: counter }
    for (const events of [
      [],
      [added({ key_: holder })],
      [added({ site: 2 })],
      [added({ block: 10n })],
      [removed, added()],
    ]) {
      expect(classes({ events })).to.equal(0)
    }
    expect(classes({ events: [added({ block: 4n }), removed, added()] })).to.equal(2)
  })
})
