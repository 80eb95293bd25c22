import {
  encodePacked,
  keccak256,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  sliceHex,
} from 'viem'

import { gasOf, type Stage } from './gas-stage.ts'

/** Redeems at the floor: what one signature, one bit and one event cost, and nothing else. */
export async function redeemAtFloor({ ethers, people }: Stage) {
  const { holder, me, oracle } = people
  const deployed = await ethers.deployContract('RedemptionFloor', [oracle.address])
  const floor = await ethers.getContractAt('RedemptionFloor', await deployed.getAddress(), holder)
  const seat = 7n
  const hash = keccak256(encodePacked(['uint256', 'address'], [seat, me]))
  const signature = parseSignature(await oracle.sign({ hash }))
  const compact = serializeCompactSignature(signatureToCompactSignature(signature))
  const sent = floor.connect(holder).use(seat, sliceHex(compact, 0, 32), sliceHex(compact, 32))
  return { gas: await gasOf(sent), hash: (await sent).hash }
}
