import { expect } from 'chai'
import { recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { domainOf } from './presence.ts'
import { hashWorker, workerHandleField, workerTypes } from './worker.ts'

const holder = privateKeyToAccount(`0x${'17'.repeat(32)}`)
const place = { chainId: 31337, book: `0x${'b0'.repeat(20)}` } as const

describe('worker', () => {
  it('has the digest that wallets sign', async () => {
    const worker = {
      holder: holder.address,
      workerHandle: 'james@ht.com',
      issuedAt: 1_800_000_000n,
    }
    const signature = await holder.signTypedData({
      domain: domainOf(place),
      types: workerTypes,
      primaryType: 'Worker',
      message: worker,
    })
    const hash = hashWorker({ ...place, worker })
    expect(await recoverAddress({ hash, signature })).to.equal(holder.address)
    for (const other of [
      { ...place, worker: { ...worker, workerHandle: '' } },
      { ...place, worker: { ...worker, issuedAt: 1_800_000_001n } },
      { ...place, chainId: 1, worker },
    ]) {
      expect(hashWorker(other)).not.to.equal(hash)
    }
  })

  it('takes handles as the tracking app makes them', () => {
    for (const handle of [
      'james@ht.com',
      'worker001',
      '+41791234567',
      'a',
      'AAA-111',
      'x'.repeat(128),
    ]) {
      expect(workerHandleField.safeParse(handle).success, handle).to.equal(true)
    }
  })

  it('takes nothing that an address or a person could misread', () => {
    const refused = [
      '',
      '.',
      '..',
      '...',
      '../x',
      'a/b',
      'a?b',
      'a#b',
      'a b',
      'a\n',
      'jämes',
      'a%2e',
    ]
    for (const handle of [...refused, 'x'.repeat(129), 7, null, undefined, ['a']]) {
      expect(workerHandleField.safeParse(handle).success, String(handle)).to.equal(false)
    }
  })
})
