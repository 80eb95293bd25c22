import type { NetworkConnection } from 'hardhat/types/network'
import { hexToBytes, isHex } from 'viem'

import type {} from '../types/ethers-contracts/hardhat.js'

/** Where the gas of one redemption goes, in the order of size. */
export type Breakdown = Record<string, number>

type Step = { op: string; gasCost: number } // of debug_traceTransaction

const BASE = 21_000
const RECOVERY = 3_100 // the precompile and a warm call
const COLD_ACCOUNT = 2_600

/** Splits a transaction's gas by what it was spent on; `isClone` where it ran through one. */
export async function breakdownOf({
  connection: { ethers, provider },
  gas,
  hash,
  isClone,
}: {
  connection: NetworkConnection
  gas: number
  hash: string
  isClone: boolean
}): Promise<Breakdown> {
  const data = (await ethers.provider.getTransaction(hash))?.data
  if (!isHex(data)) throw new Error('The transaction carries no data.')
  const { structLogs: steps } = (await provider.request({
    method: 'debug_traceTransaction',
    params: [hash, { disableStorage: true, disableMemory: true, disableStack: true }],
  })) as { structLogs: Step[] } // debug_traceTransaction's own form
  const costOf = (op: RegExp) =>
    steps.filter((step) => op.test(step.op)).reduce((sum, { gasCost }) => sum + gasCost, 0)
  const parts = {
    'base of a transaction': BASE,
    calldata: hexToBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0),
    'cold words (SLOAD)': costOf(/^SLOAD$/),
    'the store of the seat (SSTORE)': costOf(/^SSTORE$/),
    'the event (LOG)': costOf(/^LOG/),
    'recovering the signer': RECOVERY,
    "the clone's call (cold account)": isClone ? COLD_ACCOUNT : 0,
    hashing: costOf(/^KECCAK256$/),
  }
  const known = Object.values(parts).reduce((sum, part) => sum + part, 0)
  return { ...parts, 'everything else': gas - known }
}
