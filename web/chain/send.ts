import type { Abi, Address, ContractFunctionName, Hash, TransactionReceipt } from 'viem'
import { estimateContractGas, waitForTransactionReceipt } from 'viem/actions'
import { clientOf } from './client.ts'
import type { ContractCall, Wallet } from './ethers-signer.ts'
import type { AppConfig } from './parse-config.ts'

type PlainCall = { abi: Abi; address: Address; functionName: string; args: readonly unknown[] }

/** Checks a call on our own node, then has ethers and the wallet sign and send it; gives the hash at once. */
export async function sendChecked<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'nonpayable'>,
>({
  config,
  wallet,
  call,
}: {
  config: AppConfig
  wallet: Wallet
  call: ContractCall<abi, name>
}): Promise<Hash> {
  // Our node says first whether the contract would refuse, so that nobody signs for nothing.
  const { abi, address, functionName, args }: PlainCall = call
  const gas = await estimateContractGas(clientOf(config), {
    abi,
    address,
    functionName,
    args,
    account: wallet.account,
  })
  const { sendCall } = await import('./ethers-signer.ts')
  return await sendCall({ wallet, call, gas: (gas * 12n) / 10n })
}

/** Waits until a sent transaction is mined; also one that the wallet replaced by a dearer one. */
export function receiptOf({
  config,
  hash,
}: {
  config: AppConfig
  hash: Hash
}): Promise<TransactionReceipt> {
  return waitForTransactionReceipt(clientOf(config), { hash, timeout: 180_000 })
}
