// `node bench/peers.ts`: what the contracts cost that users would pick instead of ours, as a table; `--json`
// prints the record. `npm run bench:gas` measures them on the same chain as ours.
import { parseArgs } from 'node:util'

import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { network } from 'hardhat'

import { compilePeers } from './peer-artifacts.ts'
import { measureEas } from './peer-eas.ts'
import type { PeerFigures } from './peer-figures.ts'
import { ensurePeerPackages, PeersMissingError } from './peer-packages.ts'
import { raiseStage } from './peer-stage.ts'
import { notesOf, rowsOf } from './peer-table.ts'
import {
  measureThirdwebAirdrop,
  measureThirdwebClaimable,
  measureThirdwebDrop,
} from './peer-thirdweb.ts'
import { erc721a, measureToken, openZeppelinErc1155, soladyErc1155 } from './peer-tokens.ts'
import { measureUniswap } from './peer-uniswap.ts'
import { measureUnlock } from './peer-unlock.ts'

/** The peers, in the order of the table. */
export type PeerName =
  | 'openZeppelinErc1155'
  | 'soladyErc1155'
  | 'erc721a'
  | 'uniswapMerkleDistributor'
  | 'thirdwebAirdrop'
  | 'thirdwebAirdropClaimable'
  | 'thirdwebDrop'
  | 'unlockPublicLock'
  | 'eas'

/**
 * Measures what users would pick instead, on the chain that is given, so that ours and theirs come from
 * one run. Throws `PeersMissingError` where their packages cannot be installed.
 */
export async function measurePeers({
  ethers,
}: {
  ethers: HardhatEthers
}): Promise<Record<PeerName, PeerFigures>> {
  await ensurePeerPackages()
  const compiled = compilePeers()
  const stage = await raiseStage({ ethers })
  const token = (it: Parameters<typeof measureToken>[0]['token']) =>
    measureToken({ stage, token: it })
  return {
    openZeppelinErc1155: await token(openZeppelinErc1155(compiled('OpenZeppelinCoupons'))),
    soladyErc1155: await token(soladyErc1155(compiled('SoladyCoupons'))),
    erc721a: await token(erc721a(compiled('Erc721aCoupons'))),
    uniswapMerkleDistributor: await measureUniswap({ stage, batcher: compiled('Batcher') }),
    thirdwebAirdrop: await measureThirdwebAirdrop({ stage, compiled }),
    thirdwebAirdropClaimable: await measureThirdwebClaimable({ stage, compiled }),
    thirdwebDrop: await measureThirdwebDrop({ stage, compiled }),
    unlockPublicLock: await measureUnlock({ stage, proxy: compiled('FactoryProxy') }),
    eas: await measureEas({ stage }),
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } } })
  const { ethers } = await network.create({
    override: { hardfork: 'osaka', initialDate: '2026-06-01T06:00:00Z' },
  })
  try {
    const record = await measurePeers({ ethers })
    if (values.json) console.log(JSON.stringify(record, null, 2))
    else {
      console.log('what peers cost: gas, by receipts; osaka; 10,200 holders')
      console.table(rowsOf(record))
      console.log(notesOf(record).join('\n'))
    }
  } catch (error) {
    if (!(error instanceof PeersMissingError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
