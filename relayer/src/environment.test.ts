import { expect } from 'chai'
import { EnvironmentError } from '@coupon-secure/service/errors'
import { readEnvironment } from './environment.ts'

const key = `0x${'17'.repeat(32)}`
const good = {
  PORT: '8788',
  RPC_URL: 'http://127.0.0.1:8545',
  CHAIN_ID: '31337',
  FACTORY_ADDRESS: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  DATA_DIR: 'somewhere',
  RELAYER_KEY: key,
}

describe('the relayer’s environment', () => {
  it('is read with its defaults, money in wei', () => {
    const read = readEnvironment({ ...good, DAILY_BUDGET_ETHER: '0.5', BATCH_ITEMS: '' })
    expect(read).to.deep.include({ RELAYER_KEY: [key], BATCH_ITEMS: 50, BATCH_MILLISECONDS: 250 })
    expect(read.DAILY_BUDGET_ETHER).to.equal(500_000_000_000_000_000n)
    expect(read.MOST_FEE_GWEI).to.equal(100_000_000_000n)
    const two = readEnvironment({ ...good, RELAYER_KEY: `${key}, 0x${'18'.repeat(32)}` })
    expect(two.RELAYER_KEY).to.have.length(2)
  })

  for (const [what, change, name] of [
    ['no key', { RELAYER_KEY: undefined }, 'RELAYER_KEY'],
    ['a short key among others', { RELAYER_KEY: `${key},0x17` }, 'RELAYER_KEY'],
    [
      'a key and a keystore',
      { RELAYER_KEYSTORE: 'x', RELAYER_KEYSTORE_PASSWORD: 'y' },
      'RELAYER_KEY',
    ],
    [
      'a keystore without its password',
      { RELAYER_KEY: undefined, RELAYER_KEYSTORE: 'x' },
      'RELAYER_KEYSTORE_PASSWORD',
    ],
    ['two databases', { DATABASE_URL: 'postgresql://x/y' }, 'DATA_DIR'],
    ['a batch that no block takes', { BATCH_ITEMS: '201' }, 'BATCH_ITEMS'],
    ['a budget in words', { DAILY_BUDGET_ETHER: 'lots' }, 'DAILY_BUDGET_ETHER'],
    ['a negative floor', { BALANCE_FLOOR_ETHER: '-1' }, 'BALANCE_FLOOR_ETHER'],
  ] as const) {
    it(`refuses ${what}, by name and without a value`, () => {
      expect(() => readEnvironment({ ...good, ...change }))
        .to.throw(EnvironmentError)
        .with.property('message')
        .that.contains(name)
        .and.does.not.contain('1717')
    })
  }
})
