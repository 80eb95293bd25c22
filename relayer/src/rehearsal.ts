import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { packProof, proofOf, serialAt, type Shard } from '@coupon-secure/protocol/coupon'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import {
  CLASSES,
  domainOf,
  presenceTypes,
  redeemTypes,
  toStatement,
} from '@coupon-secure/protocol/presence'
import { redemptionRequestSchema } from '@coupon-secure/protocol/wire-redemption'
import {
  createPublicClient,
  encodeFunctionData,
  http,
  isHex,
  keccak256,
  parseEther,
  toHex,
  zeroAddress,
  zeroHash,
  type Address,
  type Hex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { encode } from 'zod/mini'
import { deploy, localDeployment } from '../../scripts/deploy.ts'
import { askChain, startChain } from '../../scripts/local-chain.ts'
import { freePort } from '../../scripts/ports.ts'

// A chain with our contracts, and books on it, for the tests beside this file; nothing of the service uses it.

const HOUR = 3_600n
const FIRST_PORT = 19_545
export const CHAIN_ID = LOCAL_CHAIN_ID
export const FACTORY = localDeployment().factory
const geofenceHash = keccak256(toHex('the mess hall'))
const oracle = privateKeyToAccount(keccak256(toHex('the oracle of the relayer’s tests')))

/** A chain of the tests. */
export type World = Awaited<ReturnType<typeof openWorld>>

let shared: Promise<World> | undefined

/** The chain of this test run, started when it is first asked for. */
export function sharedWorld(): Promise<World> {
  shared ??= openWorld()
  return shared
}

/** A chain with our factory, in a folder that goes when it is closed. */
export async function openWorld() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relayer-chain-'))
  const port = await freePort({ first: FIRST_PORT })
  const { child, rpcUrl } = await startChain({ folder, port })
  await deploy({ rpcUrl, folder })
  const client = createPublicClient({ transport: http(rpcUrl), pollingInterval: 20 })
  const ask = (method: string, ...params: unknown[]) => askChain({ rpcUrl, method, params })
  const accounts = (await ask('eth_accounts')) as Address[]
  let payers = 0

  return {
    rpcUrl,
    client,
    ask,
    accounts,

    /** A key that can pay. */
    fundedKey: async (ether = '10'): Promise<Hex> => {
      payers += 1
      const key = keccak256(toHex(`payer ${payers}`))
      const { address } = privateKeyToAccount(key)
      await ask('anvil_setBalance', address, toHex(parseEther(ether)))
      return key
    },

    close: async () => {
      await child.end()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** How a coupon of a test book is turned into what its holder's page sends. */
export type Signing = {
  seat: number
  campaignId?: bigint
  deadline?: number
  holder?: Address
  signature?: Hex
  site?: number
  /** Whether the oracle has vouched for it. */
  isVouched?: boolean
}

let books = 0

/** A book with coupons in the hands of keys: campaign 1 asks for nothing, campaign 2 for the oracle's word. */
export async function openBook(
  { client, ask, accounts }: World,
  { coupons = 100, contracts = [] }: { coupons?: number; contracts?: readonly Address[] } = {},
) {
  books += 1
  const [organiser] = accounts
  if (!organiser) throw new Error('nobody organises')
  const send = async ({
    to,
    data,
    from = organiser,
  }: {
    to: Address
    data: Hex
    from?: Address
  }) => {
    const hash = await ask('eth_sendTransaction', { from, to, data, gas: toHex(12_000_000) })
    if (!isHex(hash)) throw new Error('no transaction')
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`refused: ${data.slice(0, 10)}`)
    return hash
  }
  const factory = { address: FACTORY, abi: couponBookFactoryAbi } as const
  const witness = { classes: CLASSES.location, site: 0, validFrom: 0n, validUntil: 4_102_444_799n }
  const salt = keccak256(toHex(`book ${books}`))
  const creation = ['The test', [{ ...witness, key: oracle.address }], salt] as const
  const args = [organiser, ...creation] as const
  const book = await client.readContract({ ...factory, functionName: 'predictBook', args })
  const createBook = { ...factory, functionName: 'createBook', args: creation } as const
  await send({ to: FACTORY, data: encodeFunctionData(createBook) })

  const call = (of: Parameters<typeof encodeFunctionData<typeof couponBookAbi>>[0]) =>
    send({ to: book, data: encodeFunctionData(of) })
  const abi = couponBookAbi
  const { timestamp } = await client.getBlock()
  const opensAt = timestamp - HOUR
  const terms = { opensAt, closesAt: opensAt + 48n * HOUR, heldUntil: 0n, grace: 0n, supply: 500n }
  const open = { ...terms, sites: 0, requiredWitnesses: 0, geofenceHash: zeroHash }
  const seen = { ...terms, sites: 2, requiredWitnesses: CLASSES.location, geofenceHash }
  // Contracts hold the last seats; the keys of those seats sign for them.
  const keyed = Array.from({ length: coupons }, (_, seat) => holderAt(seat).address)
  const holders = [...keyed, ...contracts]
  await call({ abi, functionName: 'createCampaign', args: ['Snack', open, ''] })
  await call({ abi, functionName: 'createCampaign', args: ['Lunch', seen, ''] })
  for (const campaign of [1n, 2n]) {
    await call({ abi, functionName: 'issue', args: [campaign, holders] })
  }

  /** What a holder's page sends for the coupon in a seat. */
  const signed = async ({
    seat,
    campaignId = 1n,
    deadline = Math.floor(Date.now() / 1000) + 600,
    holder = holders[seat] ?? zeroAddress,
    site = campaignId === 1n ? 0 : 1,
    isVouched = campaignId !== 1n,
    ...given
  }: Signing) => {
    const shard: Shard = { campaignId, index: 0n, holders }
    const serial = serialAt({ shard: 0n, seat })
    const place = { chainId: CHAIN_ID, book }
    const signature =
      given.signature ??
      (await holderAt(seat).signTypedData({
        domain: domainOf(place),
        types: redeemTypes,
        primaryType: 'Redeem',
        message: { campaignId, serial, site, deadline: BigInt(deadline) },
      }))
    const statements = isVouched ? [await statementFor({ campaignId, serial, holder, site })] : []
    const proof = proofOf({ shard, seat })
    const redeem = { campaignId, serial, site, deadline, holder, signature, statements, proof }
    return encode(redemptionRequestSchema, { ...place, ...redeem })
  }

  const statementFor = async (of: {
    campaignId: bigint
    serial: bigint
    holder: Address
    site: number
  }) => {
    const observedAt = BigInt(Math.floor(Date.now() / 1000)) // the oracle is no witness of what was before it
    const rest = { geofenceHash, observedAt, validUntil: observedAt + 500n, evidenceHash: zeroHash }
    const presence = { ...of, ...rest }
    const signature = await oracle.signTypedData({
      domain: domainOf({ chainId: CHAIN_ID, book }),
      types: presenceTypes,
      primaryType: 'Presence',
      message: presence,
    })
    return toStatement({ presence, signature })
  }

  return {
    book,
    signed,
    pause: (isPaused: boolean) =>
      call({ abi, functionName: isPaused ? 'pause' : 'resume', args: [1n] }),

    /** The coupon's holder uses it directly, or whoever is given the money to. */
    redeemDirectly: async ({ seat, tip }: { seat: number; tip: bigint }): Promise<Hex> => {
      const account = holderAt(seat)
      await ask('anvil_setBalance', account.address, toHex(parseEther('1')))
      const shard: Shard = { campaignId: 1n, index: 0n, holders }
      const serial = serialAt({ shard: 0n, seat })
      const { baseFeePerGas } = await client.getBlock()
      const serializedTransaction = await account.signTransaction({
        type: 'eip1559',
        chainId: CHAIN_ID,
        nonce: await client.getTransactionCount({ address: account.address }),
        to: book,
        data: encodeFunctionData({
          abi,
          functionName: 'redeem',
          args: [1n, serial, [], 0, packProof(proofOf({ shard, seat }))],
        }),
        gas: 300_000n,
        maxFeePerGas: 2n * (baseFeePerGas ?? 0n) + tip,
        maxPriorityFeePerGas: tip,
      })
      return client.sendRawTransaction({ serializedTransaction })
    },

    /** How often the chain says that coupons of this book were redeemed, by campaign and serial. */
    redeemed: async (): Promise<Map<string, number>> => {
      const logs = await client.getContractEvents({
        address: book,
        abi,
        eventName: 'CouponRedeemed',
        fromBlock: 0n,
      })
      const times = new Map<string, number>()
      for (const { args } of logs) {
        const coupon = `${args.campaignId} ${args.serial}`
        times.set(coupon, (times.get(coupon) ?? 0) + 1)
      }
      return times
    },
  }
}

/** The key that holds the coupon in a seat. */
export function holderAt(seat: number) {
  return privateKeyToAccount(keccak256(toHex(`holder ${seat}`)))
}
