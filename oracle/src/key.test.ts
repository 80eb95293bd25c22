import { expect } from 'chai'
import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { signerFromHex, signerFromKeystore } from './key.ts'
import type { Signer } from './signer.ts'

const password = 'testpassword'
const address = '0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b'

// The PBKDF2 vector of the Web3 Secret Storage definition.
const pbkdf2 = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}

// The same key as ethers 6 writes it, made cheap for the tests.
const scrypt = {
  address: '008aeeda4d805471df9b2a5b0f38a0c3bcba786b',
  id: '638f2835-e5cc-4a42-a22b-d031beb9257d',
  version: 3,
  Crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '5fd55eadca82b940b7ad4b153e9126d4' },
    ciphertext: '0d39da8124fceaf78c091b130f8a3ea2fc31222c8b0103a97f874038d4aa38f2',
    kdf: 'scrypt',
    kdfparams: {
      salt: '830d64c0dd8ab971e69c74a60229dabb317a61bada2850bd00627923898c78e9',
      n: 1024,
      dklen: 32,
      p: 1,
      r: 8,
    },
    mac: 'f93061782d9f59e9cc7f0966df8f28efb21cf880619f475f4f284c4b12cea085',
  },
}

describe('signerFromKeystore', () => {
  it('opens one with PBKDF2', async () => {
    const signer = await signerFromKeystore({ json: JSON.stringify(pbkdf2), password })
    expect(signer.address).to.equal(address)
  })

  it('opens one with scrypt', async () => {
    const signer = await signerFromKeystore({ json: JSON.stringify(scrypt), password })
    expect(signer.address).to.equal(address)
  })

  const withParams = (change: object) => ({
    ...scrypt,
    Crypto: { ...scrypt.Crypto, kdfparams: { ...scrypt.Crypto.kdfparams, ...change } },
  })
  const refused: [what: string, file: unknown, password: string][] = [
    ['a wrong password', scrypt, 'Testpassword'],
    ['no password', scrypt, ''],
    ['an address of another key', { ...scrypt, address: '11'.repeat(20) }, password],
    ['another version', { ...scrypt, version: 1 }, password],
    ['an scrypt that takes all memory', withParams({ n: 2 ** 30 }), password],
    ['an scrypt that is none', withParams({ n: 1000 }), password],
    [
      'a key derivation we do not know',
      { ...scrypt, Crypto: { ...scrypt.Crypto, kdf: 'md5' } },
      password,
    ],
    ['no object', [], password],
  ]
  for (const [what, file, tried] of refused) {
    it(`refuses ${what} and says nothing of the key`, async () => {
      const error = await failureOf(
        signerFromKeystore({ json: JSON.stringify(file), password: tried }),
      )
      expect(error).to.be.instanceOf(KeyUnreadableError)
      expect(String(error)).not.to.match(/[0-9a-f]{16}/)
    })
  }

  it('refuses text that is no JSON', async () => {
    const error = await failureOf(signerFromKeystore({ json: '{', password }))
    expect(error).to.be.instanceOf(KeyUnreadableError)
  })
})

describe('signerFromHex', () => {
  for (const key of [`0x${'00'.repeat(32)}`, `0x${'ff'.repeat(32)}`] as const) {
    it(`refuses ${key.slice(0, 6)}… which is outside the curve’s order, and does not repeat it`, () => {
      expect(() => signerFromHex(key)).to.throw(KeyUnreadableError)
      try {
        signerFromHex(key)
      } catch (error) {
        expect(String(error)).not.to.contain(key.slice(2, 20))
        expect(error).to.have.property('cause', undefined)
      }
    })
  }
})

function failureOf(promise: Promise<Signer>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}
