// Calldata that nobody meant: whatever comes in, the answer is a named error or a sentence; never nothing, never a panic.
import { expect } from 'chai'
import {
  concat,
  dataLength,
  dataSlice,
  type FunctionFragment,
  id,
  type Interface,
  type ParamType,
  toBeHex,
  zeroPadBytes,
} from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'

import { chain, COUNTER, DAY, openCampaign, visit } from './book-fixture.ts'
import { packedProof, rootOf, type Shard } from './shard-reference.ts'
import { permit } from './typed-data.ts'

const { ethers, networkHelpers } = await network.create(chain)
const BOOK_INTERFACE = (await ethers.getContractFactory('CouponBook')).interface
const FACTORY_INTERFACE = (await ethers.getContractFactory('CouponBookFactory')).interface
const CALL_GAS = toBeHex(16_000_000)
const RANDOM_CALLS = 24

/** What comes of a call; the last three never should. */
type Outcome =
  | { kind: 'done' }
  | { kind: 'named'; name: string; args: unknown[] }
  | { kind: 'said'; words: string }
  | { kind: 'nothing said' }
  | { kind: 'panicked'; code: bigint }
  | { kind: 'unknown error'; data: string }

/** A word of a sound call whose type is narrower than the word. */
type NarrowWord = { at: number; argument: string; type: ParamType }

/**
 * The arguments that solc checks with a bare `revert(0, 0)` whatever `revertStrings` says: a word that has more bits than the
 * argument's type. No encoder can make one. This is the one exception, and the whole of it.
 */
const checkedBySolcAlone = {
  book: {
    addWitness: ['key', 'classes', 'site', 'validFrom', 'validUntil'].map((of) => `witness_.${of}`),
    beginDefaultAdminTransfer: ['newAdmin'],
    canRedeem: ['site', 'holder'],
    changeDefaultAdminDelay: [''],
    changeTerms: termsMembers(),
    createCampaign: termsMembers(),
    grantRole: ['account'],
    hasRole: ['account'],
    initialize: ['admin'],
    isIssued: ['holder'],
    redeem: ['site'],
    redeemBatch: ['site'],
    redeemFor: ['site', 'holder', 'deadline'],
    removeWitness: ['key'],
    renounceRole: ['account'],
    revokeRole: ['account'],
    statusOf: ['holder'],
    supportsInterface: ['interfaceId'],
    witness: ['key'],
  },
  factory: {
    createBook: witnessMembers(),
    isBook: ['book'],
    predictBook: ['creator', ...witnessMembers()],
  },
} satisfies Record<string, Record<string, string[]>>

/** What an organiser who also holds a coupon cannot do in an open campaign, however soundly asked for. */
const refusedNow: Record<string, string> = {
  acceptDefaultAdminTransfer: 'AccessControlInvalidDefaultAdmin',
  changeDefaultAdminDelay: 'AdminDelayIsFixed',
  close: 'CampaignNotOver',
  initialize: 'InvalidInitialization',
  issueStandby: 'NoStandby',
  release: 'NoStandby',
  renounceRole: 'AccessControlBadConfirmation',
  resume: 'CampaignNotPaused',
}

/** An open campaign in which the organiser holds a coupon too, and a sound value for every argument there is. */
async function soundCalls(connection: NetworkConnection) {
  const world = await openCampaign(connection)
  const { book, organiser, alice, bob, terms, domain, closesAt, now, factory } = world
  await book.issue(1, [organiser, alice])
  const shard: Shard = { index: 1n, holders: [organiser.address, alice.address] }
  const hers = await visit(world, { shard })
  const redeem = { ...hers.coupon, site: 1, deadline: closesAt }
  const signature = await permit({ holder: organiser, domain, redeem })
  const witness = {
    key: bob.address,
    classes: COUNTER,
    site: 1,
    validFrom: now,
    validUntil: now + 9 * DAY,
  }
  const holders = [alice.address, bob.address]
  const head = concat([
    toBeHex(hers.coupon.serial, 5),
    toBeHex(closesAt, 4),
    toBeHex((1 << 4) | hers.proof.length, 1),
  ])
  const root = rootOf(shard)
  const values: Record<string, unknown> = {
    '': 1,
    account: bob.address,
    admin: bob.address,
    book: world.address,
    campaignId: 1,
    creator: alice.address,
    data: [book.interface.encodeFunctionData('campaign', [1])],
    deadline: closesAt,
    details: 'a text',
    holder: organiser.address,
    holders,
    interfaceId: '0x01ffc9a7',
    items: concat([head, signature, ...hers.proof]),
    key: world.oracle.address,
    name: 'Another gathering',
    name_: 'Dinner',
    newAdmin: alice.address,
    proof: packedProof(hers.proof),
    reason: 'gave it back',
    role: await book.MANAGER_ROLE(),
    root,
    roots: [world.root, root],
    salt: id('another salt'),
    serial: hers.coupon.serial,
    serials: [256, 257],
    shard: 1,
    signature,
    site: 1,
    statements: hers.statements,
    terms,
    uri: 'https://example.org',
    witness_: witness,
    witnesses: [witness, { ...witness, key: alice.address }],
  }
  const deployed = {
    book: { to: world.address, encoder: book.interface },
    factory: { to: await factory.getAddress(), encoder: factory.interface },
    implementation: { to: await world.implementation.getAddress(), encoder: book.interface },
  }
  const valueOf = (fragment: FunctionFragment, { name }: ParamType) => {
    if (!(name in values)) throw new Error(`No sound value for ${name} of ${fragment.name}.`)
    return values[name]
  }
  const soundCall = (encoder: Interface, fragment: FunctionFragment) =>
    encoder.encodeFunctionData(
      fragment,
      fragment.inputs.map((input) => valueOf(fragment, input)),
    )
  return { ...world, deployed, soundCall }
}

describe('CouponBook, garbage', () => {
  for (const [target, encoder] of [
    ['book', BOOK_INTERFACE],
    ['factory', FACTORY_INTERFACE],
  ] as const) {
    const fragments = functionsOf(encoder)
    const load = async (fragment: FunctionFragment) => {
      const world = await networkHelpers.loadFixture(soundCalls)
      const call = (data: string, value = 0n) =>
        outcomeOf({ ...world.deployed[target], from: world.organiser.address, data, value })
      return { data: world.soundCall(encoder, fragment), call }
    }

    describe(`given a function of the ${target}`, () => {
      for (const fragment of fragments) {
        describe(fragment.name, () => {
          const refusal = refusedNow[fragment.name]
          it(`is ${refusal ?? 'done'} when the call is sound`, async () => {
            const { data, call } = await load(fragment)
            const outcome = await call(data)
            expect(outcome.kind === 'named' ? outcome.name : outcome.kind).to.equal(
              refusal ?? 'done',
            )
          })

          it('is never done when the calldata is cut at every fourth byte', async () => {
            const { data, call } = await load(fragment)
            for (let length = 0; length < dataLength(data); length += 4) {
              const outcome = await call(dataSlice(data, 0, length))
              expectWords(outcome, `cut to ${length}`)
              // But for the zeros that fill up the last word of a text.
              const isPadding =
                dataLength(data) - length < 32 && /^0x0*$/.test(dataSlice(data, length))
              if (!isPadding) expect(outcome.kind, `cut to ${length}`).not.to.equal('done')
            }
          })

          it('takes no ether', async () => {
            const { data, call } = await load(fragment)
            for (const length of [4, dataLength(data)]) {
              expect(await call(dataSlice(data, 0, length), 1n)).to.deep.equal({
                kind: 'said',
                words: 'Ether sent to non-payable function',
              })
            }
          })

          if (fragment.inputs.length === 0) return

          it('is named when every word is extreme in turn', async () => {
            const { data, call } = await load(fragment)
            const narrow = narrowWordsOf({ encoder, fragment, data })
            for (let at = 4; at < dataLength(data); at += 32) {
              for (const word of extremes(dataLength(data))) {
                const outcome = await call(withWord({ data, at, word }))
                const what = `${toBeHex(word)} at byte ${at}`
                const type = narrow.find((one) => one.at === at)?.type
                if (type !== undefined && !fits({ word, type })) expectRefused(outcome, what)
                // A list that begins elsewhere, or is longer, has members that are not narrow either.
                else if (narrow.some((one) => one.at > at)) expectNoPanic(outcome, what)
                else expectWords(outcome, what)
              }
            }
          })

          it('is named when all is extreme, or random', async () => {
            const { data, call } = await load(fragment)
            const narrow = narrowWordsOf({ encoder, fragment, data })
            const bodies = [
              `0x${'ff'.repeat(32 * 40)}`,
              `0x${'00'.repeat(32 * 40)}`,
              ...Array.from({ length: RANDOM_CALLS }, (_, i) => noise(`${fragment.name} ${i}`)),
            ]
            for (const body of bodies) {
              const garbage = concat([fragment.selector, body])
              const isNarrow = narrow.some(({ at, type }) => {
                const word = dataSlice(concat([garbage, `0x${'00'.repeat(at + 32)}`]), at, at + 32)
                return !fits({ word: BigInt(word), type })
              })
              const outcome = await call(garbage)
              if (isNarrow) expectNoPanic(outcome, garbage)
              else expectWords(outcome, garbage)
            }
          })
        })
      }

      it('leaves to solc alone what is listed, and nothing else', async () => {
        const silent: Record<string, string[]> = {}
        for (const fragment of fragments) {
          const { data, call } = await load(fragment)
          for (const { at, argument, type } of narrowWordsOf({ encoder, fragment, data })) {
            const sound = BigInt(dataSlice(data, at, at + 32))
            const spill = type.baseType === 'bytes4' ? 1n : 1n << 255n
            const outcome = await call(withWord({ data, at, word: sound | spill }))
            expectRefused(outcome, `${fragment.name}, ${argument}`)
            if (outcome.kind !== 'nothing said') continue
            const known = (silent[fragment.name] ??= [])
            if (!known.includes(argument)) known.push(argument)
          }
        }
        expect(silent).to.deep.equal(checkedBySolcAlone[target])
      })
    })
  }

  describe('given a selector that exists nowhere', () => {
    it('is told that there is no such function, by the book', async () => {
      const world = await networkHelpers.loadFixture(soundCalls)
      const call = (data: string, value = 0n) =>
        outcomeOf({ ...world.deployed.book, from: world.organiser.address, data, value })
      for (const selector of foreignSelectors(BOOK_INTERFACE)) {
        for (const body of ['0x', `0x${'ff'.repeat(3)}`, `0x${'ff'.repeat(320)}`]) {
          expect(await call(concat([selector, body]))).to.deep.equal({
            kind: 'named',
            name: 'UnknownFunction',
            args: [selector],
          })
        }
      }
    })

    it('is told so by the factory, in words', async () => {
      const world = await networkHelpers.loadFixture(soundCalls)
      for (const selector of foreignSelectors(FACTORY_INTERFACE)) {
        const call = { ...world.deployed.factory, from: world.organiser.address, value: 0n }
        expect(await outcomeOf({ ...call, data: selector })).to.deep.equal({
          kind: 'said',
          words: 'Contract does not have fallback nor receive functions',
        })
      }
    })

    for (const data of ['0x', '0x00', '0x1234', '0xabcdef']) {
      it(`takes ${data} for an unknown function too`, async () => {
        const world = await networkHelpers.loadFixture(soundCalls)
        const { book, factory } = world.deployed
        const call = { from: world.organiser.address, data, value: 0n }
        expect(await outcomeOf({ ...book, ...call })).to.deep.equal({
          kind: 'named',
          name: 'UnknownFunction',
          args: [zeroPadBytes(data, 4)],
        })
        expectRefusedInWords(await outcomeOf({ ...factory, ...call }))
      })
    }

    it('takes no ether, with any calldata or none', async () => {
      const world = await networkHelpers.loadFixture(soundCalls)
      for (const target of Object.values(world.deployed)) {
        for (const data of ['0x', '0x12', '0xffffffff', `0x${'ff'.repeat(100)}`]) {
          const call = { ...target, from: world.organiser.address, data, value: 1n }
          expectRefusedInWords(await outcomeOf(call))
        }
        expect(await ethers.provider.getBalance(target.to)).to.equal(0)
      }
    })
  })

  describe('given sound calldata around garbage', () => {
    it('names what is wrong with a batch of random bytes', async () => {
      const world = await networkHelpers.loadFixture(soundCalls)
      const { deployed, organiser } = world
      const names = new Set<string>()
      for (let i = 0; i < 10 * RANDOM_CALLS; i++) {
        const data = BOOK_INTERFACE.encodeFunctionData('redeemBatch', [
          1,
          1,
          noise(`batch ${i}`),
          [],
        ])
        const call = { ...deployed.book, from: organiser.address, data, value: 0n }
        const outcome = await outcomeOf(call)
        expectWords(outcome, data)
        names.add(outcome.kind === 'named' ? outcome.name : outcome.kind)
      }
      const possible = ['BatchCutShort', 'ProofTooLong', 'StatementsDoNotFit']
      expect([...names]).to.include.members(possible)
    })

    it('names what is wrong with a coupon of random numbers, hashes and places', async () => {
      const world = await networkHelpers.loadFixture(soundCalls)
      const { book, alice } = world
      for (let i = 0; i < 10 * RANDOM_CALLS; i++) {
        const [campaignId, serial, r, vs, node] = [1, 2, 3, 4, 5].map((n) => id(`${i}, ${n}`))
        const site = Number(BigInt(id(`site ${i}`)) % 5n)
        const statement = {
          r: r!,
          vs: vs!,
          geofenceHash: node!,
          observedAt: BigInt(r!),
          validUntil: 2n ** 256n - 1n,
          evidenceHash: r!,
        }
        const [isRedeemable, why] = await book.canRedeem(
          i % 2 === 0 ? 1 : campaignId!,
          serial!,
          i % 3 === 0 ? [] : [statement],
          site,
          i % 5 === 0 ? node! : dataSlice(node!, 0, 20),
          alice,
        )
        expect(isRedeemable).to.equal(false)
        expect(book.interface.parseError(why)?.name).to.be.oneOf([
          'UnknownCampaign',
          'UnknownSite',
          'NotAWitness',
          'PresenceMissing',
        ])
      }
    })
  })

  describe('given several calls in one', () => {
    it('names what solc alone refuses, and passes on what is named', async () => {
      const world = await networkHelpers.loadFixture(soundCalls)
      const { deployed, soundCall, organiser } = world
      const several = (data: string) =>
        outcomeOf({
          ...deployed.book,
          from: organiser.address,
          data: BOOK_INTERFACE.encodeFunctionData('multicall', [[data]]),
          value: 0n,
        })
      for (const fragment of functionsOf(BOOK_INTERFACE)) {
        const data = soundCall(BOOK_INTERFACE, fragment)
        const alone = { ...deployed.book, from: organiser.address, value: 0n }
        for (const piece of [data, dataSlice(data, 0, dataLength(data) >> 1)]) {
          const outcome = await outcomeOf({ ...alone, data: piece })
          expect(await several(piece), fragment.name).to.deep.equal(outcome)
        }
        for (const { at } of narrowWordsOf({ encoder: BOOK_INTERFACE, fragment, data })) {
          const word = 2n ** 256n - 1n
          const outcome = await several(withWord({ data, at, word }))
          expect(outcome, fragment.name).to.deep.include({ kind: 'named' })
        }
      }
      expect(await several('0x')).to.deep.equal({
        kind: 'named',
        name: 'UnknownFunction',
        args: ['0x00000000'],
      })
    })
  })

  it('names all that the locked implementation refuses, called by itself', async () => {
    const world = await networkHelpers.loadFixture(soundCalls)
    const { deployed, soundCall, organiser } = world
    for (const fragment of functionsOf(BOOK_INTERFACE)) {
      const data = soundCall(BOOK_INTERFACE, fragment)
      const call = { ...deployed.implementation, from: organiser.address, data, value: 0n }
      expectWords(await outcomeOf(call), fragment.name)
    }
  })
})

/** What comes of this call, where nothing that it does stays. */
async function outcomeOf(call: {
  to: string
  encoder: Interface
  from: string
  data: string
  value: bigint
}): Promise<Outcome> {
  const { to, encoder, from, data } = call
  const value = `0x${call.value.toString(16)}`
  let answer: string
  try {
    await ethers.provider.send('eth_call', [{ to, from, data, value, gas: CALL_GAS }, 'latest'])
    return { kind: 'done' }
  } catch (error) {
    answer = revertDataOf(error)
  }
  if (answer === '0x') return { kind: 'nothing said' }
  const parsed = encoder.parseError(answer) ?? BOOK_INTERFACE.parseError(answer) // a new book's, through the factory
  if (parsed === null) return { kind: 'unknown error', data: answer }
  if (parsed.signature === 'Panic(uint256)') {
    return { kind: 'panicked', code: BigInt(parsed.args[0]) }
  }
  if (parsed.signature === 'Error(string)') return { kind: 'said', words: String(parsed.args[0]) }
  return { kind: 'named', name: parsed.name, args: parsed.args.toArray() }
}

/** The bytes that a call reverted with; Hardhat wraps them twice where it does not know the error. */
function revertDataOf(error: unknown): string {
  let data: unknown = error
  while (typeof data === 'object' && data !== null && 'data' in data) data = data.data
  if (typeof data !== 'string') throw error
  return data
}

function expectWords(outcome: Outcome, what = '') {
  expect(outcome.kind, what).to.be.oneOf(['done', 'named', 'said'])
  if (outcome.kind === 'said') expect(outcome.words, what).to.match(/^[A-Z]\w+.* /)
}

function expectRefusedInWords(outcome: Outcome) {
  expectWords(outcome)
  expect(outcome.kind).not.to.equal('done')
}

function expectRefused(outcome: Outcome, what: string) {
  expect(outcome.kind, what).to.be.oneOf(['named', 'said', 'nothing said'])
}

function expectNoPanic(outcome: Outcome, what: string) {
  expect(outcome.kind, what).to.be.oneOf(['done', 'named', 'said', 'nothing said'])
}

function functionsOf(encoder: Interface): FunctionFragment[] {
  const fragments: FunctionFragment[] = []
  encoder.forEachFunction((fragment) => fragments.push(fragment))
  return fragments
}

/** Selectors that no function has: others' functions, and each of ours with one bit changed. */
function foreignSelectors(encoder: Interface): string[] {
  const own = new Set(functionsOf(encoder).map(({ selector }) => selector))
  const others = [
    'transfer(address,uint256)',
    'balanceOf(address)',
    'upgradeToAndCall(address,bytes)',
    'mint(address,uint256)',
    'redeem((uint256,uint256),bytes32[],uint16,(bytes32,bytes32)[])',
  ].map((signature) => dataSlice(id(signature), 0, 4))
  const neighbours = [...own].map((selector, i) =>
    toBeHex(BigInt(selector) ^ (1n << BigInt(i % 32)), 4),
  )
  const selectors = ['0x00000000', '0xffffffff', '0x00000001', ...others, ...neighbours]
  return selectors.filter((selector) => !own.has(selector))
}

/** Finds the words of a sound call that hold a narrow value: those that change when the value does. */
function narrowWordsOf({
  encoder,
  fragment,
  data,
}: {
  encoder: Interface
  fragment: FunctionFragment
  data: string
}): NarrowWord[] {
  const values = encoder.decodeFunctionData(fragment, data).toArray(true)
  return fragment.inputs.flatMap((type, i) =>
    narrowLeaves({ type, value: values[i] }).map(({ argument, type, other }) => {
      const changed = encoder.encodeFunctionData(fragment, values.with(i, other))
      let at = 4
      while (dataSlice(changed, at, at + 32) === dataSlice(data, at, at + 32)) at += 32
      return { at, argument, type }
    }),
  )
}

/** Each narrow value inside this one, with the whole as it is when that one is another. */
function narrowLeaves({
  type,
  value,
  name = type.name,
}: {
  type: ParamType
  value: unknown
  name?: string
}): { argument: string; type: ParamType; other: unknown }[] {
  if (Array.isArray(value)) {
    return value.flatMap((member: unknown, i) => {
      const inner = type.isTuple() ? type.components[i]! : type.arrayChildren!
      // The members of a list count as one argument.
      const path = type.isTuple() ? `${name}.${inner.name}` : name
      return narrowLeaves({ type: inner, value: member, name: path }).map((leaf) => ({
        ...leaf,
        other: value.with(i, leaf.other),
      }))
    })
  }
  if (/^(uint256|bytes32|bytes|string)$/.test(type.baseType)) return []
  if (type.baseType === 'address') {
    return [{ argument: name, type, other: toBeHex(BigInt(String(value)) ^ 1n, 20) }]
  }
  const isBytes = type.baseType.startsWith('bytes')
  const flipped = BigInt(String(value)) ^ 1n
  return [{ argument: name, type, other: isBytes ? toBeHex(flipped, 4) : flipped }]
}

/** Whether a word holds a value of this narrow type. */
function fits({ word, type }: { word: bigint; type: ParamType }): boolean {
  if (type.baseType === 'bytes4') return word % 2n ** 224n === 0n
  const bits = type.baseType === 'address' ? 160 : Number(type.baseType.slice('uint'.length))
  return word < 1n << BigInt(bits)
}

function withWord({ data, at, word }: { data: string; at: number; word: bigint }): string {
  const end = Math.min(at + 32, dataLength(data))
  return concat([dataSlice(data, 0, at), toBeHex(word, 32), dataSlice(data, end)])
}

/** Nothing, everything, the edges of types, and offsets and lengths that point at the end, far off and around. */
function extremes(length: number): bigint[] {
  const edges = [8n, 16n, 32n, 40n, 48n, 64n, 96n, 128n, 160n, 255n].flatMap((bits) => [
    2n ** bits - 1n,
    2n ** bits,
  ])
  const offsets = [0, 1, 31, 32, 33, length - 37, length - 36, length - 5, length - 4, length]
  return [
    2n ** 256n - 1n,
    2n ** 256n - 32n,
    ...edges,
    ...offsets.filter((offset) => offset >= 0).map(BigInt),
  ]
}

/** Bytes that look random and are always the same, up to 20 words and a bit. */
function noise(name: string): string {
  const words = Array.from({ length: 21 }, (_, i) => id(`${name}, word ${i}`))
  return dataSlice(concat(words), 0, Number(BigInt(id(name)) % 650n))
}

function termsMembers(): string[] {
  const members = ['opensAt', 'closesAt', 'heldUntil', 'grace', 'supply', 'sites']
  return [...members, 'requiredWitnesses'].map((of) => `terms.${of}`)
}

function witnessMembers(): string[] {
  return ['key', 'classes', 'site', 'validFrom', 'validUntil'].map((of) => `witnesses.${of}`)
}
