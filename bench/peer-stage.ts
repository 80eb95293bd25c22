import type { HardhatEthers, HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { Interface, type Log } from 'ethers'
import { type Address, getAddress, type Hex, isHex, keccak256, slice, toHex } from 'viem'

import { type L2Bytes, l2BytesOf } from './l2-bytes.ts'
import type { Artifact } from './peer-artifacts.ts'

/** A contract on the chain, and what its deployment took. */
export type Deployed = { address: Address; abi: Interface; gas: number }

/** What one transaction took. */
export type Sent = { gas: number; bytes: number; logs: readonly Log[]; hash: string }

/** A function of a contract with its arguments. */
export type Call = { to: Deployed; name: string; args: readonly unknown[] }

/** The chain with its people, as every peer finds it. */
export type Stage = Awaited<ReturnType<typeof raiseStage>>

/** As many coupons as ours are measured with. */
export const COUPONS = 10_200
/** The seats of those who redeem themselves: in the middle, where every proof has full length. */
export const SEATS = { first: 5_000, later: 5_001 }

// A transaction may use 2^24 gas; what it does not use is not counted.
const GAS_LIMIT = 16_700_000

/** Sets the people on the chain that our own contracts are measured on. */
export async function raiseStage({ ethers }: { ethers: HardhatEthers }) {
  const [organiser, first, later] = await ethers.getSigners()
  if (!organiser || !first || !later) throw new Error('The chain has too few accounts.')
  const holders = Array.from({ length: COUPONS }, (_, seat) =>
    getAddress(slice(keccak256(toHex(`holder ${seat}`)), 12)),
  )
  holders[SEATS.first] = getAddress(first.address)
  holders[SEATS.later] = getAddress(later.address)

  const latest = (await ethers.provider.getBlock('latest'))?.timestamp ?? 0

  const sendData = async ({
    from,
    to,
    data,
  }: {
    from: HardhatEthersSigner
    to?: Address
    data: string
  }) => {
    const response = await from.sendTransaction({ to, data, gasLimit: GAS_LIMIT })
    const receipt = await response.wait()
    if (receipt?.status !== 1) throw new Error(`Transaction ${response.hash} failed.`)
    return { receipt, gas: Number(receipt.gasUsed), bytes: (data.length - 2) / 2 }
  }

  const send = async ({
    from = organiser,
    ...call
  }: Call & { from?: HardhatEthersSigner }): Promise<Sent> => {
    const sending = sendData({ from, to: call.to.address, data: encode(call) })
    const { receipt, gas, bytes } = await sending.catch((cause: unknown) => {
      throw new Error(`A peer's ${call.name} was refused.`, { cause })
    })
    return { gas, bytes, logs: receipt.logs, hash: receipt.hash }
  }

  const deploy = async ({
    artifact,
    args = [],
  }: {
    artifact: Artifact
    args?: readonly unknown[]
  }): Promise<Deployed> => {
    const abi = new Interface(artifact.abi)
    const data = ethers.concat([artifact.bytecode, abi.encodeDeploy(args)])
    const { receipt, gas } = await sendData({ from: organiser, data })
    return { address: getAddress(receipt.contractAddress ?? ''), abi, gas }
  }

  /** What a call would answer. */
  const ask = async (call: Call): Promise<unknown> => {
    const answer = await ethers.provider.call({ to: call.to.address, data: encode(call) })
    return call.to.abi.decodeFunctionResult(call.name, answer)[0]
  }

  /** The signed transaction, in the bytes that a rollup publishes. */
  const l2Bytes = async ({ hash }: Sent): Promise<L2Bytes> => {
    const response = await ethers.provider.getTransaction(hash)
    if (response === null) throw new Error(`The chain has lost transaction ${hash}.`)
    const { serialized } = ethers.Transaction.from(response)
    if (!isHex(serialized)) throw new Error(`Transaction ${hash} has no bytes.`)
    return l2BytesOf(serialized)
  }

  return {
    organiser,
    people: { first, later },
    holders,
    chainId: (await ethers.provider.getNetwork()).chainId,
    // To the hour, so that the bytes of a timestamp are the same in every run.
    now: latest - (latest % 3_600),
    send,
    deploy,
    ask,
    l2Bytes,
  }
}

/** The calldata of a call. */
export function encode({ to, name, args }: Call): Hex {
  const data = to.abi.encodeFunctionData(name, args)
  if (!isHex(data)) throw new Error(`${name} has no calldata.`)
  return data
}

/** A hundred seats, at random but the same in every run, that nobody has redeemed before. */
export function seatsAtRandom({ without }: { without: ReadonlySet<number> }): number[] {
  const seats = new Set<number>()
  for (let draw = 0; seats.size < 100; draw += 1) {
    const seat = Number(BigInt(keccak256(toHex(`draw ${draw}`))) % BigInt(COUPONS))
    if (!without.has(seat)) seats.add(seat)
  }
  return [...seats]
}
