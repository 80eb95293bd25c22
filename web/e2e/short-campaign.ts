import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { Contract } from 'ethers'
import type { Address } from 'viem'
import { demoGeofence } from '../../scripts/demo-files.ts'
import { demoTerms, MEALS } from '../../scripts/demo-plan.ts'
import { localProvider, localSender } from '../../scripts/local-chain.ts'

/**
 * Adds a campaign to the demo book that is open and closes at `closesAt` (unix seconds), with a supply of one coupon: held to
 * the end, or until `heldUntil`, when somebody may be on standby.
 */
export async function makeShortCampaign({
  rpcUrl,
  book,
  name,
  closesAt,
  holder,
  heldUntil = 0,
  standby,
}: {
  rpcUrl: string
  book: Address
  name: string
  closesAt: number
  holder: Address
  heldUntil?: number
  standby?: Address
}): Promise<void> {
  const [meal] = MEALS // its place may be read by anybody, and the oracle knows it
  const now = Math.floor(Date.now() / 1000)
  const usual = demoTerms({ meal, document: demoGeofence(meal), now })
  const terms = { ...usual, closesAt, heldUntil, supply: 1 }
  const provider = localProvider(rpcUrl)
  try {
    const contract = new Contract(book, couponBookAbi, localSender({ number: 0, provider }))
    const campaignId = BigInt(await contract.getFunction('campaignCount').staticCall()) + 1n
    await (await contract.getFunction('createCampaign').send(name, terms, '')).wait()
    await (await contract.getFunction('issue').send(campaignId, [holder])).wait()
    if (standby === undefined) return
    await (await contract.getFunction('issueStandby').send(campaignId, [standby])).wait()
  } finally {
    provider.destroy()
  }
}
