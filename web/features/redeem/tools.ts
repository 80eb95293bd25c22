import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { type HeldCoupon, packProof } from '@coupon-secure/protocol/coupon'
import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import { compactOf, domainOf, redeemTypes } from '@coupon-secure/protocol/presence'
import { concatHex, type Hash, type Hex, parseEventLogs } from 'viem'
import { getBalance, getBlock, getCode, getGasPrice, waitForTransactionReceipt } from 'viem/actions'
import { clientOf } from '../../chain/client.ts'
import { explainRevert } from '../../chain/explain-revert.ts'
import type { AppConfig } from '../../chain/parse-config.ts'
import { sendChecked } from '../../chain/send.ts'
import { type Signer, signAs } from '../../chain/signer.ts'
import { keepEvidence } from './evidence-shelf.ts'
import { notConnected, wrongNetwork } from './failures.ts'
import { journalOf, type Pocket } from './journal.ts'
import { type OracleLine, vouchFor } from './oracle.ts'
import { relayAt } from './relay.ts'
import { redemptionOf } from './pocket-queries.ts'
import type { Outcome, Tools } from './redeem.ts'
import { refusalsOf } from './refusals.ts'
import type { Vouched } from './redemption.ts'
import { authorise, findSignIn, type SignIn, signIn, signOut } from './sign-in.ts'
import { browserSignIns } from './sign-in-store.ts'

const PATIENCE_MILLISECONDS = 180_000
const LONGEST_HANDING_SECONDS = 600
const GAS_OF_REDEMPTION = 120_000n
const LENT_CODE = '0xef0100'

type Of = { config: AppConfig; pocket: Pocket; signer: Signer | undefined }

const signIns = browserSignIns()

/** The real device, oracle, wallet and chain for one coupon's redemption. */
export function toolsFor({
  config,
  pocket,
  signer,
  coupon,
  geofenceHash,
  locate,
  hasLeft,
}: Of & {
  coupon: HeldCoupon
  geofenceHash: Hex
  locate: Tools['locate']
  hasLeft: Tools['hasLeft']
}): Tools {
  return {
    now: Date.now,
    obstacle: () => {
      if (signer === undefined) return notConnected
      const isHere = signer.kind === 'key' || signer.chainId === config.chainId
      return isHere ? undefined : wrongNetwork
    },
    hasLeft,
    locate,
    findSignIn: () => findPocketSignIn(pocket),
    signIn: () => signInPocket({ config, pocket, signer }),
    signOut: () => signOut({ store: signIns, pocket }),
    vouch: async ({ signIn: by, position, showing }) => {
      const line = lineOf({ config, pocket, by })
      const vouching = await vouchFor({ line, coupon, geofenceHash, position, showing })
      if (vouching.granted) {
        keepEvidence({ shelf: localStorage, pocket, coupon, said: vouching.said })
      }
      return vouching
    },
    send: (vouched) => send({ config, pocket, signer, coupon, vouched }),
    canPay: () => canPay({ config, pocket, signer }),
    hand: (vouched) => handed({ config, pocket, signer, coupon, vouched }),
    ...(config.relayerUrl !== undefined && {
      relay: relayAt({
        ...{ url: config.relayerUrl, proof: coupon.proof, wait, hasLeft },
        fetch: (url, init) => fetch(url, init),
        source: typeof EventSource === 'undefined' ? undefined : (url) => new EventSource(url),
        redemptionOf: () => redemptionOf({ config, book: pocket.book, coupon }),
      }),
    }),
    wait,
    follow: (hash) => follow({ config, pocket, coupon, hash }),
    redemptionOf: () => redemptionOf({ config, book: pocket.book, coupon }),
    journal: journalOf({ shelf: localStorage, pocket }),
    keep: (refused) => refusalsOf({ shelf: localStorage, pocket }).keep({ coupon, refused }),
    explain: explainRevert,
  }
}

/** The oracle of this app, asked with the pocket's sign-in. */
export function lineOf({
  config,
  pocket,
  by,
}: {
  config: AppConfig
  pocket: Pocket
  by: SignIn
}): OracleLine {
  return {
    fetch: (url, init) => fetch(url, init),
    url: config.oracleUrl,
    pocket,
    authorise: (claim) => authorise({ signIn: by, pocket, claim }),
  }
}

/** The pocket's sign-in, if there is one that lasts. */
export function findPocketSignIn(pocket: Pocket): Promise<SignIn | undefined> {
  return findSignIn({ store: signIns, pocket, now: unixNow() })
}

/** Signs the pocket in: one signature of the wallet or of the link's key for this book. */
export function signInPocket({ pocket, signer }: Of): Promise<SignIn> {
  return signIn({
    store: signIns,
    pocket,
    now: unixNow(),
    sign: (session) => {
      if (signer === undefined) throw new Error(notConnected.sentence)
      return signAs({ signer, holder: pocket.holder, ...session })
    },
  })
}

function send({
  config,
  pocket,
  signer,
  coupon: { campaignId, serial, proof },
  vouched: { site, statements },
}: Of & { coupon: HeldCoupon; vouched: Vouched }): Promise<Hash> {
  return sendChecked({
    config,
    wallet: walletOf({ signer, pocket }),
    call: {
      abi: couponBookAbi,
      address: pocket.book,
      functionName: 'redeem',
      args: [campaignId, serial, statements, site, packProof(proof)],
    },
  })
}

async function follow({
  config,
  pocket,
  coupon,
  hash,
}: {
  config: AppConfig
  pocket: Pocket
  coupon: HeldCoupon
  hash: Hash
}): Promise<Outcome> {
  const client = clientOf(config)
  const replaced: { reason?: string } = {}
  const receipt = await waitForTransactionReceipt(client, {
    hash,
    timeout: PATIENCE_MILLISECONDS,
    onReplaced: ({ reason }) => {
      replaced.reason = reason
    },
  })
  if (replaced.reason === 'cancelled') return { kind: 'cancelled' }
  // Success alone says little: the book itself must say that this coupon was used.
  const event = parseEventLogs({
    abi: couponBookAbi,
    eventName: 'CouponRedeemed',
    logs: receipt.logs,
  }).find(
    ({ address, args }) =>
      address.toLowerCase() === pocket.book.toLowerCase() &&
      args.campaignId === coupon.campaignId &&
      args.serial === coupon.serial,
  )
  if (receipt.status !== 'success' || event === undefined) return { kind: 'reverted' }
  const { timestamp } = await getBlock(client, { blockNumber: receipt.blockNumber })
  return {
    kind: 'redeemed',
    redeemed: { hash: receipt.transactionHash, site: event.args.site, at: timestamp },
  }
}

/** Signs the redemption, with the wallet or the link's key, for somebody else to send before the statements end. */
async function handed({
  config,
  pocket,
  signer,
  coupon: { campaignId, serial },
  vouched: { site, statements },
}: Of & { coupon: HeldCoupon; vouched: Vouched }): Promise<HandedRedemption> {
  if (signer === undefined) throw new Error(notConnected.sentence)
  const isByContract = signer.kind === 'wallet' && (await isContract({ config, pocket }))
  const ends = [BigInt(unixNow() + LONGEST_HANDING_SECONDS), ...statements.map(endOf)]
  const deadline = ends.reduce((first, end) => (end < first ? end : first))
  const message = { campaignId, serial, site, deadline }
  const signature = await signAs({
    ...{ signer, holder: pocket.holder, message },
    domain: domainOf(pocket),
    types: redeemTypes,
  })
  const signed = { ...pocket, ...message, statements }
  if (isByContract) return { ...signed, signature } // what it takes is for the contract alone to say
  const { r, vs } = compactOf(signature)
  return { ...signed, signature: concatHex([r, vs]) }
}

// The contract takes a statement while the block's time lies before its end, a signature until its very deadline.
function endOf({ validUntil }: Vouched['statements'][number]): bigint {
  return validUntil - 1n
}

/** Whether the holder's account is a contract (ERC-1271); one that its key lent code to (EIP-7702) still signs by that key. */
async function isContract({ config, pocket }: Pick<Of, 'config' | 'pocket'>): Promise<boolean> {
  const code = await getCode(clientOf(config), { address: pocket.holder })
  return code !== undefined && !code.startsWith(LENT_CODE)
}

/** Whether the holder's account can send it and has what that may cost; who cannot be asked is let try. */
async function canPay({ config, pocket, signer }: Of): Promise<boolean> {
  if (signer?.kind === 'key') return false
  if (config.relayerUrl === undefined) return true
  const client = clientOf(config)
  const asked = Promise.all([
    getBalance(client, { address: pocket.holder }),
    getGasPrice(client),
    isContract({ config, pocket }),
  ])
  const [balance, price, isByContract] = await asked.catch(() => [1n, 0n, false] as const)
  return !isByContract && balance > price * GAS_OF_REDEMPTION
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function walletOf({ signer, pocket }: Pick<Of, 'signer' | 'pocket'>) {
  if (signer?.kind !== 'wallet') throw new Error(notConnected.sentence)
  const { connector, chainId } = signer
  return { connector, chainId, account: pocket.holder }
}

function unixNow(): number {
  return Math.floor(Date.now() / 1000)
}
