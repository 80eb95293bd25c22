import fs from 'node:fs'
import { type Hex, isHex, pad } from 'viem'
import { inRoot } from '../../scripts/folders.ts'
import { askChain, localAccount } from '../../scripts/local-chain.ts'

/** Makes this address of the local chain a contract that signs what `owner` signs, and nobody else: by ERC-1271. */
export async function becomeContract({
  rpcUrl,
  address,
  owner,
}: {
  rpcUrl: string
  address: Hex
  owner: Hex
}): Promise<void> {
  const ask = (method: string, ...params: unknown[]) => askChain({ rpcUrl, method, params })
  const file = inRoot('artifacts', 'contracts', 'mocks', 'HonestWallet.sol', 'HonestWallet.json')
  const { bytecode } = JSON.parse(fs.readFileSync(file, 'utf8')) as { bytecode: Hex }
  // Deployed once somewhere for its code, in which the owner stands.
  const data = `${bytecode}${pad(owner).slice(2)}`
  const { address: from } = localAccount(9)
  const code = await ask('eth_call', { from, data })
  if (!isHex(code)) throw new Error('The wallet’s contract has no code.')
  await ask('anvil_setCode', address, code)
}
