import { encodePacked, getAddress, keccak256, maxUint256, toHex, zeroAddress } from 'viem'

import type { Artifact, CompiledName } from './peer-artifacts.ts'
import { figuresOf, type PeerFigures, sameForAll } from './peer-figures.ts'
import { COUPONS, type Deployed, encode, SEATS, seatsAtRandom, type Stage } from './peer-stage.ts'
import { sortedTree } from './peer-tree.ts'

type Room = { stage: Stage; compiled: (name: CompiledName) => Artifact }

const TOKEN_ID = 1n
const YEAR = 365 * 24 * 3_600
const METADATA = 'ipfs://coupons' // an Airdrop has no other name
const CLONED =
  'A new event is a clone by OpenZeppelin’s Clones, which does less than thirdweb’s own factory.'

const requestTypes = {
  AirdropRequestERC1155: [
    { name: 'uid', type: 'bytes32' },
    { name: 'tokenAddress', type: 'address' },
    { name: 'expirationTimestamp', type: 'uint256' },
    { name: 'contents', type: 'AirdropContentERC1155[]' },
  ],
  AirdropContentERC1155: [
    { name: 'recipient', type: 'address' },
    { name: 'tokenId', type: 'uint256' },
    { name: 'amount', type: 'uint256' },
  ],
}

/** thirdweb's Airdrop: one root for a token, a slot for each who came, one ERC-1155 transfer each. */
export async function measureThirdwebAirdrop({ stage, compiled }: Room): Promise<PeerFigures> {
  const { send, holders, people, organiser, now } = stage
  const token = await tokenOfOrganiser({ stage, compiled })
  const airdrop = await clone({
    stage,
    compiled,
    name: 'Airdrop',
    args: [organiser.address, METADATA],
  })
  await send({ to: token, name: 'setApprovalForAll', args: [airdrop.address, true] })
  const tree = sortedTree(
    holders.map((holder) =>
      keccak256(encodePacked(['address', 'uint256', 'uint256'], [holder, TOKEN_ID, 1n])),
    ),
  )
  const allot = await send({
    to: airdrop,
    name: 'setMerkleRoot',
    args: [token.address, tree.root, true],
  })
  const claim = (who: 'first' | 'later') =>
    send({
      from: people[who],
      to: airdrop,
      name: 'claimERC1155',
      args: [token.address, people[who].address, TOKEN_ID, 1, tree.proofOf(SEATS[who])],
    })
  const first = await claim('first')
  const later = await claim('later')

  const batch = seatsAtRandom({ without: new Set([SEATS.first, SEATS.later]) })
  const request = {
    uid: keccak256(toHex('a hundred')),
    tokenAddress: token.address,
    expirationTimestamp: now + YEAR,
    contents: batch.map((seat) => ({ recipient: holders[seat], tokenId: TOKEN_ID, amount: 1 })),
  }
  const { chainId } = stage
  const domain = { name: 'Airdrop', version: '1', chainId, verifyingContract: airdrop.address }
  const signature = await organiser.signTypedData(domain, requestTypes, request)
  const { gas } = await send({
    to: airdrop,
    from: people.later,
    name: 'airdropERC1155WithSignature',
    args: [request, signature],
  })
  return figuresOf({
    stage,
    source: '@thirdweb-dev/contracts 3.15.0 (Airdrop), compiled here',
    newEvent: airdrop.gas,
    allotted: sameForAll({ gas: allot.gas, transactions: 1 }),
    first,
    later,
    batch100Each: Math.round(gas / batch.length),
    note:
      `${CLONED} Minting and approving the token are left out, a claim moves one. ` +
      'The batch is a list signed by the organiser, with no word of a holder’s, who can still claim.',
  })
}

/** thirdweb's AirdropERC1155Claimable: a clone for each root, the holder claims an ERC-1155 token. */
export async function measureThirdwebClaimable({ stage, compiled }: Room): Promise<PeerFigures> {
  const { send, holders, organiser, people } = stage
  const token = await tokenOfOrganiser({ stage, compiled })
  const tree = sortedTree(
    holders.map((holder) => keccak256(encodePacked(['address', 'uint256'], [holder, 1n]))),
  )
  const airdrop = await clone({
    stage,
    compiled,
    name: 'AirdropERC1155Claimable',
    args: [
      [],
      organiser.address,
      token.address,
      [TOKEN_ID],
      [COUPONS],
      stage.now + YEAR,
      [0],
      [tree.root],
    ],
  })
  await send({ to: token, name: 'setApprovalForAll', args: [airdrop.address, true] })
  const claim = (who: 'first' | 'later') =>
    send({
      from: people[who],
      to: airdrop,
      name: 'claim',
      args: [people[who].address, 1, TOKEN_ID, tree.proofOf(SEATS[who]), 1],
    })
  return figuresOf({
    stage,
    source: '@thirdweb-dev/contracts 3.15.0 (AirdropERC1155Claimable), compiled here',
    newEvent: airdrop.gas,
    allotted: sameForAll({ gas: airdrop.gas, transactions: 1 }),
    first: await claim('first'),
    later: await claim('later'),
    batch100Each: null,
    note:
      `${CLONED} To allot is to make it. Minting and approving the token are left out, ` +
      'a claim moves one.',
  })
}

/** thirdweb's DropERC1155: a claim condition with a root, the holder mints herself a token. */
export async function measureThirdwebDrop({ stage, compiled }: Room): Promise<PeerFigures> {
  const { send, holders, organiser, people, now } = stage
  const me = organiser.address
  const drop = await clone({
    stage,
    compiled,
    name: 'DropERC1155',
    args: [me, 'Coupons', 'COUPON', '', [], me, me, 0, 0, me],
  })
  const tree = sortedTree(
    holders.map((holder) =>
      keccak256(
        encodePacked(
          ['address', 'uint256', 'uint256', 'address'],
          [holder, 1n, maxUint256, zeroAddress],
        ),
      ),
    ),
  )
  const condition = [now, COUPONS, 0, 0, tree.root, 0, zeroAddress, '']
  const allot = await send({
    to: drop,
    name: 'setClaimConditions',
    args: [TOKEN_ID, [condition], false],
  })
  const claim = (who: 'first' | 'later') => {
    const proof = [tree.proofOf(SEATS[who]), 1, maxUint256, zeroAddress]
    const args = [people[who].address, TOKEN_ID, 1, zeroAddress, 0, proof, '0x']
    return send({ from: people[who], to: drop, name: 'claim', args })
  }
  return figuresOf({
    stage,
    source:
      '@thirdweb-dev/contracts 3.15.0 (DropERC1155), compiled here for 200 runs: for more it is too large to deploy',
    newEvent: drop.gas,
    allotted: sameForAll({ gas: allot.gas, transactions: 1 }),
    first: await claim('first'),
    later: await claim('later'),
    batch100Each: null,
    note: `${CLONED} A claim mints the token; to burn it as well would cost more.`,
  })
}

/** An ERC-1155 token, all of whose coupons the organiser holds. */
async function tokenOfOrganiser({ stage, compiled }: Room): Promise<Deployed> {
  const token = await stage.deploy({ artifact: compiled('OpenZeppelinCoupons') })
  await stage.send({ to: token, name: 'mint', args: [stage.organiser.address, COUPONS] })
  return token
}

/** A clone of one of thirdweb's contracts, initialised in the same transaction. */
async function clone({
  stage: { deploy, send, ask },
  compiled,
  name,
  args,
}: Room & { name: CompiledName; args: readonly unknown[] }): Promise<Deployed> {
  const implementation = await deploy({ artifact: compiled(name) })
  const cloner = await deploy({ artifact: compiled('Cloner') })
  const initialise = encode({ to: implementation, name: 'initialize', args })
  const call = { to: cloner, name: 'clone', args: [implementation.address, initialise] }
  const address = getAddress(String(await ask(call)))
  const { gas } = await send(call)
  return { address, abi: implementation.abi, gas }
}
