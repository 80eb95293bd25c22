import { encodePacked, keccak256 } from 'viem'
import { type Artifact, shipped } from './peer-artifacts.ts'
import { figuresOf, type PeerFigures, sameForAll } from './peer-figures.ts'
import { COUPONS, encode, SEATS, seatsAtRandom, type Stage } from './peer-stage.ts'
import { sortedTree } from './peer-tree.ts'

const BITS_IN_A_WORD = 256

/** Uniswap's distributor: one root for all, a bitmap of those who came, one token each. */
export async function measureUniswap({
  stage,
  batcher,
}: {
  stage: Stage
  batcher: Artifact
}): Promise<PeerFigures> {
  const { deploy, send, holders } = stage
  const tree = sortedTree(
    holders.map((holder, seat) =>
      keccak256(encodePacked(['uint256', 'address', 'uint256'], [BigInt(seat), holder, 1n])),
    ),
  )
  const token = await deploy({
    artifact: shipped('@uniswap/merkle-distributor/build/TestERC20.json'),
    args: ['Coupons', 'COUPON', 2 * COUPONS], // as one who keeps some: no refund for an emptied purse
  })
  const distributor = await deploy({
    artifact: shipped('@uniswap/merkle-distributor/build/MerkleDistributor.json'),
    args: [token.address, tree.root],
  })
  const fund = await send({ to: token, name: 'transfer', args: [distributor.address, COUPONS] })

  const claim = (seat: number) => ({
    to: distributor,
    name: 'claim',
    args: [seat, holders[seat], 1, tree.proofOf(seat)],
  })
  const first = await send(claim(SEATS.first))
  const later = await send(claim(SEATS.later))

  // Every word is in use before the batch, which spares this peer its 17,100 for a fresh one.
  const redeemed = new Set<number>([SEATS.first, SEATS.later])
  for (let seat = 0; seat < COUPONS; seat += BITS_IN_A_WORD) {
    await send(claim(seat))
    redeemed.add(seat)
  }
  const batch = seatsAtRandom({ without: redeemed })
  const calls = batch.map((seat) => [distributor.address, encode(claim(seat))])
  const { gas } = await send({
    to: await deploy({ artifact: batcher }),
    name: 'aggregate',
    args: [calls],
  })

  return figuresOf({
    stage,
    source: '@uniswap/merkle-distributor 1.0.1, as shipped',
    newEvent: distributor.gas,
    allotted: sameForAll({ gas: distributor.gas + fund.gas, transactions: 2 }),
    first,
    later,
    batch100Each: Math.round(gas / batch.length),
    note:
      'To allot is to deploy and to fund. A claim moves an ERC-20 token, about 30,000 of it. ' +
      'Anybody may claim for a holder; the batch goes through a multicall, all words in use.',
  })
}
