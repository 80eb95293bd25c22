import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { packBatch } from '@coupon-secure/protocol/batch'
import {
  packProof,
  proofOf,
  rootOf,
  serialAt,
  type Shard,
  shardsOfIssue,
} from '@coupon-secure/protocol/coupon'
import {
  CLASSES,
  domainOf,
  presenceTypes,
  redeemTypes,
  toStatement,
} from '@coupon-secure/protocol/presence'
import {
  type Address,
  createPublicClient,
  encodeFunctionData,
  getAddress,
  type Hex,
  http,
  isHex,
  keccak256,
  slice,
  toHex,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { localDeployment } from '../../scripts/deploy.ts'
import { askChain } from '../../scripts/local-chain.ts'

const CHAIN_ID = 31337
const LAST_VALID = 4_102_444_799n
const HOUR = 3_600n
const MANAGER = keccak256(toHex('MANAGER_ROLE'))
const SITE = 2

export const oracle = privateKeyToAccount(keccak256(toHex('an oracle')))
/** Holders whose keys others send with. */
export const keyed = Array.from({ length: 8 }, (_, i) =>
  privateKeyToAccount(keccak256(toHex(`keyed holder ${i}`))),
)

/** A book on the local chain and all that happens in it, as the tests ask for it. */
export type Stage = Awaited<ReturnType<typeof raiseStage>>

/** Makes a book through the factory. */
export async function raiseStage({ rpcUrl, salt = 'one' }: { rpcUrl: string; salt?: string }) {
  const client = createPublicClient({ transport: http(rpcUrl), pollingInterval: 50 })
  const accounts = await addressesIn(rpcUrl)
  const [organiser, counter] = [at(accounts, 0), at(accounts, 9)]
  const factory = { address: localDeployment().factory, abi: couponBookFactoryAbi } as const
  const first = {
    key: oracle.address,
    classes: CLASSES.location,
    site: 0,
    validFrom: 0n,
    validUntil: LAST_VALID,
  }
  const creation = ['The test', [first], keccak256(toHex(salt))] as const
  const book = await client.readContract({
    ...factory,
    functionName: 'predictBook',
    args: [organiser, ...creation],
  })
  const contract = { address: book, abi: couponBookAbi } as const

  /** Sends calldata and waits for it; an anvil account signs. */
  const sendData = async ({ to, data, from }: { to: Address; data: Hex; from: Address }) => {
    const hash = await askChain({
      rpcUrl,
      method: 'eth_sendTransaction',
      params: [{ from, to, data, gas: toHex(12_000_000) }],
    })
    if (!isHex(hash)) throw new Error('no transaction')
    const receipt = await client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`refused: ${data.slice(0, 10)}`)
    return receipt
  }
  const send = (
    call: Parameters<typeof encodeFunctionData<typeof couponBookAbi>>[0],
    from = organiser,
  ) => sendData({ to: book, data: encodeFunctionData(call), from })
  const data = encodeFunctionData({ ...factory, functionName: 'createBook', args: creation })
  await sendData({ to: factory.address, data, from: organiser })
  await send({
    abi: couponBookAbi,
    functionName: 'addWitness',
    args: [{ ...first, key: counter, classes: 3, site: SITE }],
  })

  const now = async () => (await client.getBlock()).timestamp
  const pass = async (seconds: bigint) => {
    await askChain({ rpcUrl, method: 'evm_increaseTime', params: [Number(seconds)] })
    await askChain({ rpcUrl, method: 'evm_mine' })
  }
  return { rpcUrl, client, accounts, organiser, counter, book, contract, send, now, pass }
}

/** A campaign that anybody's holder can redeem in at once: no witness, no site. */
export async function openSnack({
  send,
  now,
  accounts,
}: Stage): Promise<{ campaignId: bigint; shard: Shard }> {
  const opensAt = (await now()) - HOUR
  const terms = {
    ...{ opensAt, closesAt: opensAt + 48n * HOUR, heldUntil: 0n, grace: 0n, supply: 500n },
    ...{ sites: 0, requiredWitnesses: 0, geofenceHash: zeroHash },
  }
  await send({ abi: couponBookAbi, functionName: 'createCampaign', args: ['Snack', terms, ''] })
  const holders = [1, 2, 3, 4].flatMap((number) =>
    Array.from({ length: 20 }, () => at(accounts, number)),
  )
  await send({ abi: couponBookAbi, functionName: 'issue', args: [1n, holders] })
  return { campaignId: 1n, shard: { campaignId: 1n, index: 0n, holders } }
}

/** Uses the coupon in one seat of the snack. */
export async function snack({
  stage: { send },
  shard,
  seat,
}: {
  stage: Stage
  shard: Shard
  seat: number
}) {
  const proof = packProof(proofOf({ shard, seat }))
  const args = [shard.campaignId, serialAt({ shard: shard.index, seat }), [], 0, proof] as const
  await send({ abi: couponBookAbi, functionName: 'redeem', args }, shard.holders[seat])
}

/** One of everything that can happen in a campaign, from its making to its closing statement. */
export async function playAll(stage: Stage): Promise<void> {
  const { send: sendCall, accounts, book, now, pass, counter, organiser } = stage
  const abi = couponBookAbi
  const campaignId = 2n
  const opensAt = (await now()) + 60n
  const geofenceHash = keccak256(toHex('the mess hall'))
  const terms = {
    ...{
      opensAt,
      closesAt: opensAt + 2n * HOUR,
      heldUntil: opensAt + HOUR,
      grace: 600n,
      supply: 300n,
    },
    ...{ sites: 3, requiredWitnesses: CLASSES.location, geofenceHash },
  }
  await sendCall({ abi, functionName: 'createCampaign', args: ['Lunch', terms, 'Bring a plate.'] })
  await sendCall({
    abi,
    functionName: 'changeTerms',
    args: [campaignId, { ...terms, supply: 310n }],
  })
  await pass(90n)
  await sendCall({
    abi,
    functionName: 'changeTerms',
    args: [campaignId, { ...terms, supply: 310n, grace: 900n }],
  })

  const strangers = Array.from({ length: 262 }, (_, i) =>
    getAddress(slice(keccak256(toHex(`stranger ${i}`)), 12)),
  )
  const holders = [...accounts.slice(1, 9), ...keyed.map(({ address }) => address), ...strangers]
  await sendCall({ abi, functionName: 'issue', args: [campaignId, holders] })
  await sendCall({
    abi,
    functionName: 'issueStandby',
    args: [campaignId, [at(accounts, 6), at(accounts, 7), at(accounts, 8)]],
  })
  const shards = shardsOfIssue({ campaignId, firstShard: 0n, holders })
  const standby = {
    campaignId,
    index: 2n ** 31n,
    holders: [at(accounts, 6), at(accounts, 7), at(accounts, 8)],
  }
  const shard = at(shards, 0)

  const statementFor = async ({ serial, holder }: { serial: bigint; holder: Address }) => {
    const observedAt = await now()
    const seen = {
      site: SITE,
      geofenceHash,
      observedAt,
      validUntil: observedAt + 300n,
      evidenceHash: keccak256(toHex(`evidence ${serial}`)),
    }
    const presence = { campaignId, serial, holder, ...seen }
    const domain = domainOf({ chainId: CHAIN_ID, book })
    const signature = await oracle.signTypedData({
      domain,
      types: presenceTypes,
      primaryType: 'Presence',
      message: presence,
    })
    return toStatement({ presence, signature })
  }
  const redeemOf = async ({ of, seat }: { of: Shard; seat: number }) => {
    const serial = serialAt({ shard: of.index, seat })
    const statement = await statementFor({ serial, holder: at(of.holders, seat) })
    return [campaignId, serial, [statement], SITE, packProof(proofOf({ shard: of, seat }))] as const
  }
  const permit = async ({ seat, who }: { seat: number; who: (typeof keyed)[number] }) => {
    const serial = serialAt({ shard: 0n, seat })
    const deadline = (await now()) + HOUR
    const message = { campaignId, serial, site: SITE, deadline }
    const domain = domainOf({ chainId: CHAIN_ID, book })
    const signature = await who.signTypedData({
      domain,
      types: redeemTypes,
      primaryType: 'Redeem',
      message,
    })
    return { serial, deadline, signature, statements: [], proof: proofOf({ shard, seat }) }
  }

  await sendCall(
    { abi, functionName: 'redeem', args: await redeemOf({ of: shard, seat: 0 }) },
    at(accounts, 1),
  )
  const inOne = encodeFunctionData({
    abi,
    functionName: 'redeem',
    args: await redeemOf({ of: shard, seat: 1 }),
  })
  await sendCall({ abi, functionName: 'multicall', args: [[inOne]] }, at(accounts, 2))
  const { deadline, signature } = await permit({ seat: 8, who: at(keyed, 0) })
  const forHolder = await redeemOf({ of: shard, seat: 8 })
  await sendCall(
    { abi, functionName: 'redeemFor', args: [...forHolder, at(holders, 8), deadline, signature] },
    at(accounts, 3),
  )

  const root = rootOf(shard)
  await sendCall({ abi, functionName: 'revoke', args: [campaignId, root, [9n, 20n], 'left early'] })
  await sendCall({
    abi,
    functionName: 'reallot',
    args: [campaignId, root, [21n, 22n], [at(accounts, 4), at(accounts, 5)], 'swapped'],
  })
  await sendCall({
    abi,
    functionName: 'revoke',
    args: [campaignId, rootOf(standby), [serialAt({ shard: standby.index, seat: 2 })], ''],
  })

  // Seat 8 is used and seat 9 taken back: a batch skips both.
  const items = await Promise.all(keyed.slice(0, 5).map((who, i) => permit({ seat: 8 + i, who })))
  const batch = packBatch({ items })
  await sendCall(
    { abi, functionName: 'redeemBatch', args: [campaignId, SITE, batch.items, batch.statements] },
    counter,
  )

  await sendCall({ abi, functionName: 'pause', args: [campaignId] })
  await pass(60n)
  await sendCall({ abi, functionName: 'resume', args: [campaignId] })
  await sendCall({ abi, functionName: 'pause', args: [campaignId] })
  await sendCall({ abi, functionName: 'resume', args: [campaignId] })

  await sendCall({ abi, functionName: 'grantRole', args: [MANAGER, at(accounts, 2)] })
  await sendCall({ abi, functionName: 'grantRole', args: [MANAGER, at(accounts, 3)] })
  await sendCall({ abi, functionName: 'revokeRole', args: [MANAGER, at(accounts, 3)] })
  await sendCall({ abi, functionName: 'setContractURI', args: ['data:,book'] })
  await sendCall({ abi, functionName: 'removeWitness', args: [counter] })

  await pass(HOUR + 120n)
  await sendCall({ abi, functionName: 'release', args: [campaignId, [root]] })
  await sendCall(
    { abi, functionName: 'redeem', args: await redeemOf({ of: standby, seat: 0 }) },
    at(accounts, 6),
  )
  await pass(3n * HOUR)
  const replacing = { campaignId, index: 2n, holders: [at(accounts, 4), at(accounts, 5)] }
  const rest = [rootOf(at(shards, 1)), rootOf(replacing)]
  await sendCall({ abi, functionName: 'close', args: [campaignId, rest.slice(0, 1)] })
  await sendCall({ abi, functionName: 'close', args: [campaignId, rest.slice(1)] }, organiser)
}

async function addressesIn(rpcUrl: string): Promise<Address[]> {
  const found = await askChain({ rpcUrl, method: 'eth_accounts' })
  return Array.isArray(found) ? found.map((address) => getAddress(String(address))) : []
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`There are but ${list.length}.`)
  return found
}
