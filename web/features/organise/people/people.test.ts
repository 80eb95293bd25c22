import { expect } from 'chai'
import type { Address } from 'viem'
import { GUARDIAN_ROLE, MANAGER_ROLE } from '../roles.ts'
import { checkRole, type RoleChange, roleDeed } from './role-deed.ts'
import type { RoleHolders, RoleName } from './role-holders.ts'
import { removalDeed } from './witness-deed.ts'
import { lastUseWords, standingOf } from './witness-use.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const ann = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const bob = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const known: RoleHolders = { holders: [{ role: 'manager', account: ann }], pendingAdmin: undefined }

describe('checkRole', () => {
  const check = (text: string, role: RoleName = 'manager') => checkRole({ text, role, known })
  const codeOf = (text: string, role?: RoleName) => {
    const checked = check(text, role)
    return checked.ok ? 'ok' : checked.problem.code
  }

  it('takes an address, whichever way its letters are written, and offers the book in two steps', () => {
    expect(check(` ${bob.toLowerCase()} `)).to.deep.equal({
      ok: true,
      change: { kind: 'give', role: 'manager', account: bob },
    })
    expect(check(ann, 'guardian')).to.deep.include({ ok: true })
    expect(check(bob, 'admin')).to.deep.equal({
      ok: true,
      change: { kind: 'hand-over', account: bob },
    })
  })

  it('says what is wrong with anything else', () => {
    expect(codeOf('')).to.equal('ADDRESS_INVALID')
    expect(codeOf(`0x${'0'.repeat(40)}`)).to.equal('ADDRESS_INVALID')
    expect(codeOf(bob.replace('C44', 'c44'))).to.equal('ADDRESS_CHECKSUM')
    expect(codeOf(ann.toLowerCase())).to.equal('ROLE_HELD')
  })
})

describe('roleDeed', () => {
  const callOf = (change: RoleChange) => {
    const { functionName, args } = roleDeed({ book, change }).call
    return [functionName, ...args]
  }

  it('calls what the contract has for each', () => {
    expect(callOf({ kind: 'give', role: 'manager', account: bob })).to.deep.equal([
      ...['grantRole', MANAGER_ROLE, bob],
    ])
    expect(callOf({ kind: 'take', role: 'guardian', account: bob })).to.deep.equal([
      ...['revokeRole', GUARDIAN_ROLE, bob],
    ])
    expect(callOf({ kind: 'leave', role: 'guardian', account: bob })).to.deep.equal([
      ...['renounceRole', GUARDIAN_ROLE, bob],
    ])
    expect(callOf({ kind: 'hand-over', account: bob })).to.deep.equal([
      ...['beginDefaultAdminTransfer', bob],
    ])
    expect(callOf({ kind: 'accept' })).to.deep.equal(['acceptDefaultAdminTransfer'])
    expect(callOf({ kind: 'stay' })).to.deep.equal(['cancelDefaultAdminTransfer'])
  })

  it('asks in words, and says what is signed', () => {
    const changes: RoleChange[] = [
      ...(['give', 'take', 'leave'] as const).map((kind) => {
        return { kind, role: 'manager', account: bob } as const
      }),
      { kind: 'hand-over', account: bob },
      { kind: 'accept' },
      { kind: 'stay' },
    ]
    for (const change of changes) {
      const { question, meaning, signs } = roleDeed({ book, change })
      expect(question).to.match(/^[A-Z].*\?$/)
      for (const sentence of [...meaning, signs]) expect(sentence).to.match(/\.$/)
    }
  })
})

describe('removalDeed', () => {
  it('names the key, and what stops with it', () => {
    const witness = { key: bob as Address, classes: 2, site: 0, validFrom: 0n, validUntil: 9n }
    const { call, meaning } = removalDeed({ book, witness })
    expect(call).to.deep.include({ functionName: 'removeWitness', args: [bob] })
    expect(meaning[0]).to.contain('this counter signed')
  })
})

describe('lastUseWords', () => {
  const words = (uses: Parameters<typeof lastUseWords>[0]['uses']) =>
    lastUseWords({ key: ann, uses, timeOf: (seconds) => `at ${seconds}` })

  it('says when it vouched last and how often, or that it never did, or that nobody knows', () => {
    expect(words([{ key: ann, vouched: 3, lastVouchedAt: 7n }])).to.equal(
      'Last used at 7; vouched 3 times.',
    )
    expect(words([{ key: ann, vouched: 1, lastVouchedAt: 7n }])).to.contain('vouched once')
    expect(words([{ key: ann, vouched: 0, lastVouchedAt: undefined }])).to.equal(
      'Never used so far.',
    )
    expect(words([{ key: bob, vouched: 3, lastVouchedAt: 7n }])).to.equal('Never used so far.')
    expect(words(undefined)).to.contain('not known')
  })
})

describe('standingOf', () => {
  it('tells an end that came, and one that comes within a day', () => {
    const standing = (now: number) => standingOf({ validUntil: 100_000n, now })
    expect([100_000, 99_999, 13_601, 13_600].map(standing)).to.deep.equal([
      ...['over', 'soon', 'soon', 'long'],
    ])
  })
})
