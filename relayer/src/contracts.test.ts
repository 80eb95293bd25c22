import fs from 'node:fs'
import { errorAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { keccak256, pad, toHex, type Address, type Hex } from 'viem'
import { inRoot } from '../../scripts/folders.ts'
import { holderAt, openBook, sharedWorld, type World } from './rehearsal.ts'
import { rehearse } from './rehearsal-relayer.ts'

// Says yes to every signature, after 20,000 rounds of nothing: some half a million gas.
const GREEDY = `0x614e205b60019003806003577f1626ba7e${'00'.repeat(28)}5f5260205ff3` as const

describe('holders that are contracts', function () {
  this.timeout(60_000)
  let world: World
  let relayer: Awaited<ReturnType<typeof rehearse>>
  before(async () => {
    world = await sharedWorld()
    relayer = await rehearse({ world, key: await world.fundedKey() })
  })
  after(() => relayer.close())

  /** A wallet that signs what its owner signs, as contracts/mocks has it. */
  const walletOf = async (owner: Address): Promise<Address> => {
    const file = inRoot('artifacts', 'contracts', 'mocks', 'HonestWallet.sol', 'HonestWallet.json')
    const { bytecode } = JSON.parse(fs.readFileSync(file, 'utf8')) as { bytecode: Hex }
    const data = `${bytecode}${pad(owner).slice(2)}`
    const from = world.accounts[0]
    const hash = (await world.ask('eth_sendTransaction', { from, data })) as Hex
    const { contractAddress } = await world.client.waitForTransactionReceipt({ hash })
    return contractAddress!
  }

  it('are sent alone, beside the batch of the others', async () => {
    const wallet = await walletOf(holderAt(2).address)
    const book = await openBook(world, { coupons: 2, contracts: [wallet] })
    const taken = await Promise.all(
      [0, 1, 2].map(async (seat) => relayer.take(await book.signed({ seat }))),
    )
    const done = []
    for (const { digest } of taken) done.push(await relayer.workUntil({ digest, state: 'final' }))
    const hashes = done.map((status) => ('transaction' in status ? status.transaction : ''))
    expect(hashes[0]).to.equal(hashes[1])
    expect(hashes[2]).not.to.equal(hashes[0])
    expect([...(await book.redeemed()).values()]).to.deep.equal([1, 1, 1])
  })

  it('are refused where they do not call the signature their own, or ask for more gas than it is worth', async () => {
    const wallet = await walletOf(holderAt(7).address)
    const greedy = `0x${keccak256(toHex('greedy')).slice(-40)}` as const
    await world.ask('anvil_setCode', greedy, GREEDY)
    const book = await openBook(world, { coupons: 1, contracts: [wallet, greedy] })
    for (const seat of [1, 2]) {
      const answer = await relayer.bring(await book.signed({ seat }))
      const { error } = errorAnswerSchema.parse(await answer.json())
      expect(error.code).to.equal('SIGNATURE_INVALID')
    }
  })
})
