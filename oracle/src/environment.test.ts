import { expect } from 'chai'
import { readEnvironment } from './environment.ts'
import { EnvironmentError } from '@coupon-secure/service/errors'

const key = `0x${'11'.repeat(32)}`
const enough = {
  PORT: '8787',
  RPC_URL: 'http://127.0.0.1:8545',
  CHAIN_ID: '31337',
  FACTORY_ADDRESS: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  DATA_DIR: '.local/oracle',
  ORACLE_KEY: key,
  CORS_ORIGINS: 'http://localhost:3000, https://coupons.example',
}
const account = { HYPERTRACK_ACCOUNT_ID: 'a', HYPERTRACK_SECRET_KEY: 'b' }

describe('readEnvironment', () => {
  it('reads what is enough, and listens on this machine only', () => {
    expect(readEnvironment(enough)).to.deep.equal({
      ...enough,
      PORT: 8787,
      CHAIN_ID: 31337,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      HYPERTRACK_URL: 'https://v3.api.hypertrack.com',
      MAX_HEAD_AGE_SECONDS: 60,
      TRUSTED_PROXIES: [],
      MOST_REQUESTS_AT_ONCE: 512,
      MOST_REQUESTS_PER_NETWORK_AND_MINUTE: 6_000,
      MOST_CLAIMS_PER_HOLDER_AND_HOUR: 120,
      DRAIN_SECONDS: 2,
      CORS_ORIGINS: ['http://localhost:3000', 'https://coupons.example'],
    })
  })

  it('takes a variable that is set to nothing for one that is not set', () => {
    expect(readEnvironment({ ...enough, DATABASE_URL: '', HOST: '' }).HOST).to.equal('127.0.0.1')
  })

  const refused: [what: string, change: Record<string, string | undefined>, names: string][] = [
    ['no port', { PORT: undefined }, 'PORT'],
    ['a port beyond all ports', { PORT: '65536' }, 'PORT'],
    ['a node without http', { RPC_URL: 'file:///etc/passwd' }, 'RPC_URL'],
    ['chain 0', { CHAIN_ID: '0' }, 'CHAIN_ID'],
    ['a chain in words', { CHAIN_ID: 'mainnet' }, 'CHAIN_ID'],
    ['no factory', { FACTORY_ADDRESS: undefined }, 'FACTORY_ADDRESS'],
    [
      'a factory with a wrong checksum',
      { FACTORY_ADDRESS: '0xE7f1725E7734CE288F8367e1Bb143E90bb3F0512' },
      'FACTORY_ADDRESS',
    ],
    ['no key', { ORACLE_KEY: undefined }, 'ORACLE_KEY'],
    ['a key that is too short', { ORACLE_KEY: key.slice(0, -1) }, 'ORACLE_KEY'],
    ['two keys', { ORACLE_KEYSTORE: 'a', ORACLE_KEYSTORE_PASSWORD: 'b' }, 'ORACLE_KEY'],
    [
      'a keystore without its password',
      { ORACLE_KEY: undefined, ORACLE_KEYSTORE: 'a' },
      'ORACLE_KEYSTORE_PASSWORD',
    ],
    ['no database', { DATA_DIR: undefined }, 'DATA_DIR'],
    ['two databases', { DATABASE_URL: 'postgres://localhost/oracle' }, 'DATA_DIR'],
    ['a database of another kind', { DATABASE_URL: 'mysql://localhost/a' }, 'DATABASE_URL'],
    ['half of an account', { HYPERTRACK_ACCOUNT_ID: 'a' }, 'HYPERTRACK_ACCOUNT_ID'],
    ['the other half', { HYPERTRACK_SECRET_KEY: 'a' }, 'HYPERTRACK_ACCOUNT_ID'],
    [
      'a webhook of nobody',
      { HYPERTRACK_WEBHOOK_TOKEN: 't'.repeat(32) },
      'HYPERTRACK_WEBHOOK_TOKEN',
    ],
    [
      'a token to guess',
      { ...account, HYPERTRACK_WEBHOOK_TOKEN: 'short' },
      'HYPERTRACK_WEBHOOK_TOKEN',
    ],
    [
      'credentials in the clear',
      { ...account, HYPERTRACK_URL: 'http://api.example' },
      'HYPERTRACK_URL',
    ],
    ['a service with a path', { HYPERTRACK_URL: 'https://api.example/v3' }, 'HYPERTRACK_URL'],
    ['a second node without http', { RPC_URL_2: 'ws://node.example' }, 'RPC_URL_2'],
    ['a head of half an age', { MAX_HEAD_AGE_SECONDS: '0.5' }, 'MAX_HEAD_AGE_SECONDS'],
    ['a head of no age', { MAX_HEAD_AGE_SECONDS: '-1' }, 'MAX_HEAD_AGE_SECONDS'],
    ['a proxy by name', { TRUSTED_PROXIES: 'proxy.example' }, 'TRUSTED_PROXIES'],
    ['too wide a proxy', { TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES'],
    ['no request at all', { MOST_REQUESTS_AT_ONCE: '0' }, 'MOST_REQUESTS_AT_ONCE'],
    ['every origin', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    ['an origin with a path', { CORS_ORIGINS: 'https://coupons.example/' }, 'CORS_ORIGINS'],
  ]
  for (const [what, change, name] of refused) {
    it(`refuses ${what}, by name and without a value`, () => {
      const read = () => readEnvironment({ ...enough, ...change })
      expect(read).to.throw(EnvironmentError, name)
      expect(read).not.to.throw(EnvironmentError, key.slice(4, -4))
    })
  }

  it('names everything that is wrong at once', () => {
    expect(() => readEnvironment({})).to.throw(EnvironmentError, /PORT.*RPC_URL.*CHAIN_ID.*FACTORY/)
  })
})
