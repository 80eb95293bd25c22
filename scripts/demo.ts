import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { CLASSES } from '@coupon-secure/protocol/presence'
import { Contract, id, parseEther, toQuantity, type NonceManager } from 'ethers'
import {
  createPublicClient,
  getAddress,
  http,
  isAddressEqual,
  parseEventLogs,
  type Address,
  type Hex,
  type PublicClient,
} from 'viem'
import { demoGeofence, demoHolders } from './demo-files.ts'
import { demoTerms, MEALS, type Meal } from './demo-plan.ts'
import { localDeployment } from './deploy.ts'
import { askChain, localProvider, localSender } from './local-chain.ts'

const BOOK_NAME = 'Campus hackathon'
const ORGANISER = 0
const LAST_VALID = 4_102_444_799 // the last second of 2099, the latest that the contract takes

/** The demo as it stands on the chain. */
export type Demo = {
  book: Address
  campaigns: { campaignId: bigint; name: string; opensAt: bigint; closesAt: bigint }[]
  holders: Address[]
}

type Tools = { client: PublicClient; organiser: NonceManager; say: (line: string) => void }

/** Makes the demo book, or what is still missing of it: four meals, three sites, 100 wallets, 310 coupons, two on standby. */
export async function makeDemo({
  rpcUrl,
  oracleUrl,
  now,
  say = () => undefined,
}: {
  rpcUrl: string
  oracleUrl: string
  /** Unix seconds. */
  now: number
  say?: (line: string) => void
}): Promise<Demo> {
  const client = createPublicClient({ transport: http(rpcUrl) })
  const provider = localProvider(rpcUrl)
  const tools = { client, organiser: localSender({ number: ORGANISER, provider }), say }
  try {
    const holders = demoHolders()
    await fundHolders({ rpcUrl, holders })
    const oracle = await oracleAddress(oracleUrl)
    const book = (await findBook(tools)) ?? (await createBook({ ...tools, oracle }))
    await believe({ ...tools, book, oracle })
    for (const meal of MEALS) {
      const document = demoGeofence(meal)
      await register({ oracleUrl, document })
      const campaignId =
        (await findCampaign({ client, book, meal })) ??
        (await createCampaign({ ...tools, book, meal, document, now }))
      await issueOnce({ ...tools, book, campaignId, meal, holders })
    }
    return { book, campaigns: await campaignsOf({ client, book }), holders }
  } finally {
    provider.destroy()
  }
}

/** Sees to it that these accounts of the local chain can pay for their transactions. */
export async function fundHolders({
  rpcUrl,
  holders,
}: {
  rpcUrl: string
  holders: readonly Address[]
}): Promise<void> {
  const client = createPublicClient({ transport: http(rpcUrl) })
  const poor = parseEther('1')
  const give = async (holder: Address) => {
    if ((await client.getBalance({ address: holder })) >= poor) return
    const params = [holder, toQuantity(parseEther('10'))]
    await askChain({ rpcUrl, method: 'anvil_setBalance', params })
  }
  await Promise.all(holders.map(give))
}

async function oracleAddress(oracleUrl: string): Promise<Address> {
  const response = await fetch(`${oracleUrl}/v1/oracle`)
  const { address } = (await response.json()) as { address: string }
  return getAddress(address)
}

async function findBook({ client, organiser }: Tools): Promise<Address | undefined> {
  const { factory, firstBlock } = localDeployment()
  const creator = getAddress(await organiser.getAddress())
  const made = await client.getContractEvents({
    address: factory,
    abi: couponBookFactoryAbi,
    eventName: 'BookCreated',
    args: { creator },
    fromBlock: BigInt(firstBlock),
    strict: true,
  })
  return made.find(({ args }) => args.name === BOOK_NAME)?.args.book
}

async function createBook({ organiser, client, say, oracle }: Tools & { oracle: Address }) {
  say('Making the demo book …')
  const factory = new Contract(localDeployment().factory, couponBookFactoryAbi, organiser)
  const [created] = parseEventLogs({
    abi: couponBookFactoryAbi,
    eventName: 'BookCreated',
    logs: await send({
      client,
      contract: factory,
      call: 'createBook',
      args: [BOOK_NAME, [witnessFor(oracle)], id(BOOK_NAME)],
    }),
  })
  if (created === undefined) throw new Error('The factory made no book.')
  return created.args.book
}

/** The oracle's key may have been lost and made anew since the book was: the new one is a witness too. */
async function believe({ organiser, client, book, oracle, say }: Tools & BookAndOracle) {
  const { key } = await client.readContract({
    address: book,
    abi: couponBookAbi,
    functionName: 'witness',
    args: [oracle],
  })
  if (isAddressEqual(key, oracle)) return
  say('The oracle has a new key; the demo book learns to believe it …')
  const contract = new Contract(book, couponBookAbi, organiser)
  await send({ client, contract, call: 'addWitness', args: [witnessFor(oracle)] })
}

type BookAndOracle = { book: Address; oracle: Address }

function witnessFor(oracle: Address) {
  return { key: oracle, classes: CLASSES.location, site: 0, validFrom: 0, validUntil: LAST_VALID }
}

async function register({
  oracleUrl,
  document,
}: {
  oracleUrl: string
  document: GeofenceDocument
}) {
  const response = await fetch(`${oracleUrl}/v1/geofences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  })
  if (!response.ok) throw new Error(`The oracle refused the demo venue: ${await response.text()}`)
}

async function campaignsOf({ client, book }: { client: PublicClient; book: Address }) {
  const created = await client.getContractEvents({
    address: book,
    abi: couponBookAbi,
    eventName: 'CampaignCreated',
    fromBlock: BigInt(localDeployment().firstBlock),
    strict: true,
  })
  return created.map(({ args: { campaignId, name, terms } }) => {
    return { campaignId, name, opensAt: terms.opensAt, closesAt: terms.closesAt }
  })
}

async function findCampaign(sought: { client: PublicClient; book: Address; meal: Meal }) {
  const known = await campaignsOf(sought)
  return known.find(({ name }) => name === sought.meal.name)?.campaignId
}

async function createCampaign({
  organiser,
  client,
  book,
  meal,
  document,
  now,
  say,
}: Tools & { book: Address; meal: Meal; document: GeofenceDocument; now: number }) {
  say(`Making ${meal.name} and issuing its coupons …`)
  const [created] = parseEventLogs({
    abi: couponBookAbi,
    eventName: 'CampaignCreated',
    logs: await send({
      client,
      contract: new Contract(book, couponBookAbi, organiser),
      call: 'createCampaign',
      args: [meal.name, demoTerms({ meal, document, now }), ''],
    }),
  })
  if (created === undefined) throw new Error('The book made no campaign.')
  return created.args.campaignId
}

async function issueOnce({
  organiser,
  client,
  book,
  campaignId,
  meal,
  holders,
}: Tools & { book: Address; campaignId: bigint; meal: Meal; holders: readonly Address[] }) {
  const { shards, standbyShards } = await client.readContract({
    address: book,
    abi: couponBookAbi,
    functionName: 'countersOf',
    args: [campaignId],
  })
  const contract = new Contract(book, couponBookAbi, organiser)
  const served = holders.slice(0, meal.holders)
  const waiting = holders.slice(meal.holders, meal.holders + meal.standby)
  if (shards === 0n) await send({ client, contract, call: 'issue', args: [campaignId, served] })
  if (standbyShards === 0n && waiting.length > 0) {
    await send({ client, contract, call: 'issueStandby', args: [campaignId, waiting] })
  }
}

/** ethers signs and sends; viem reads what came of it. */
async function send({
  client,
  contract,
  call,
  args,
}: {
  client: PublicClient
  contract: Contract
  call: string
  args: readonly unknown[]
}) {
  const sent = await contract.getFunction(call).send(...args)
  const receipt = await client.waitForTransactionReceipt({
    hash: sent.hash as Hex,
    pollingInterval: 50,
  })
  if (receipt.status === 'reverted') throw new Error(`${call} was refused by the contract.`)
  return receipt.logs
}
