// The chain on which the sequences play: Hardhat's own, with a book, people with ether, and a wallet that is a contract.
import { Interface, toQuantity } from 'ethers'
import { artifacts, network } from 'hardhat'

import type { Address, Step, Witness } from './calls.ts'
import { addressOf, people } from './cast.ts'
import { encode } from './encode.ts'
import type { Fault, Outcome } from './outcome.ts'
import { faultIn, happeningIn, returnsIn, type Log } from './reading.ts'

/** The second in which the book was made: always the same, so that a seed tells everything. */
export const START = 1_780_300_800n

const GAS = toQuantity(16_000_000n)
const DAY = 86_400n

/** The book's first witnesses. */
export const witnesses: readonly Witness[] = [
  { key: addressOf('oracle'), classes: 1n, site: 0n },
  { key: addressOf('counter'), classes: 2n, site: 0n },
  { key: addressOf('counter at site 2'), classes: 2n, site: 2n },
].map((witness) => ({ ...witness, validFrom: 0n, validUntil: START + 3n * DAY }))

/** A chain with a book that nobody has used yet. */
export type Stage = {
  book: Address
  wallet: Address
  abi: Interface
  request: (method: string, ...params: unknown[]) => Promise<unknown>
  /** Puts everything back to the beginning. */
  reset: () => Promise<void>
}

/** Sets the stage. */
export async function openStage(): Promise<Stage> {
  const { ethers, provider } = await network.create({
    override: {
      hardfork: 'osaka',
      initialDate: new Date(Number(START - DAY) * 1000),
      allowBlocksWithSameTimestamp: true,
    },
  })
  const request = (method: string, ...params: unknown[]) => provider.request({ method, params })
  for (const person of people) {
    await request('hardhat_setBalance', person, toQuantity(10n ** 24n))
    await request('hardhat_impersonateAccount', person)
  }
  const implementation = await ethers.deployContract('CouponBook')
  const factory = await ethers.deployContract('CouponBookFactory', [implementation])
  const owner = addressOf('owner of the wallet')
  const wallet = await ethers.deployContract('HonestWallet', [owner])

  await request('evm_setNextBlockTimestamp', toQuantity(START))
  const organiser = await ethers.getImpersonatedSigner(addressOf('organiser'))
  const make = factory.connect(organiser).createBook
  const args: Parameters<typeof make.staticCall> = ['A book', [...witnesses], ethers.ZeroHash]
  const book = await make.staticCall(...args)
  await make(...args)

  let snapshot = await request('evm_snapshot')
  const { abi } = await artifacts.readArtifact('CouponBook')
  return {
    book: book.toLowerCase(),
    wallet: (await wallet.getAddress()).toLowerCase(),
    abi: new Interface(abi),
    request,
    reset: async () => {
      await request('evm_revert', snapshot)
      snapshot = await request('evm_snapshot')
    },
  }
}

const walletAbi = new Interface(['function send(address target, bytes data)'])

/** Plays one step. A call that is asked first what it would do must then do that. */
export async function play({ stage, step }: { stage: Stage; step: Step }): Promise<Outcome> {
  const { abi, book, wallet, request } = stage
  const { call, at, sender } = step
  const data = encode({ abi, call })
  const isWallet = sender === wallet
  const transaction = {
    from: isWallet ? addressOf('owner of the wallet') : sender,
    to: isWallet ? wallet : book,
    data: isWallet ? walletAbi.encodeFunctionData('send', [book, data]) : data,
    gas: GAS,
  }
  await request('evm_setNextBlockTimestamp', toQuantity(at))
  const asked = { from: sender, to: book, data, gas: GAS }
  const answer = await answerTo(() => request('eth_call', asked, 'pending'))
  const sent = await answerTo(() => request('eth_sendTransaction', transaction))

  if (sent.failure !== undefined) {
    const fault = faultIn({ abi, bytes: sent.failure })
    return answer.failure === sent.failure ? { fault } : { fault: unlike({ fault, asked: answer }) }
  }
  const receipt = (await request('eth_getTransactionReceipt', sent.result)) as { logs: Log[] }
  if (answer.result === undefined) {
    return { fault: unlike({ fault: { error: 'none', args: [] }, asked: answer }) }
  }
  return {
    events: receipt.logs.map((log) => happeningIn({ abi, log })),
    returns: returnsIn({ abi, call, bytes: answer.result }),
  }
}

/** All that the book ever told. */
export async function logsOf({ book, request }: Stage): Promise<Log[]> {
  const filter = { address: book, fromBlock: '0x0', toBlock: 'latest' }
  return (await request('eth_getLogs', filter)) as Log[]
}

type Answer = { result: string; failure?: undefined } | { result?: undefined; failure: string }

/** What the chain says, or the bytes with which the call failed. */
export async function answerTo(ask: () => Promise<unknown>): Promise<Answer> {
  try {
    return { result: String(await ask()) }
  } catch (error) {
    const failure = bytesOf(error)
    if (failure === undefined) throw error
    return { failure }
  }
}

/** Hardhat puts the bytes into the error, one or two levels deep; an error without them is none of the contract's. */
function bytesOf(error: unknown): string | undefined {
  const data = error instanceof Object && 'data' in error ? error.data : undefined
  return typeof data === 'string' || data === undefined ? data : bytesOf(data)
}

function unlike({ fault, asked }: { fault: Fault; asked: Answer }): Fault {
  const said = asked.failure ?? asked.result
  return { error: `${fault.error}, though eth_call said ${said}`, args: fault.args }
}
