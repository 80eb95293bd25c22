import type { TypedDataDomain } from 'abitype'
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type Hash,
  type Hex,
  isHex,
  type TypedData,
} from 'viem'
import type { Connector } from 'wagmi'
import type { Eip1193 } from './eip1193.ts'
import { requireUnmoved } from './wallet-moved.ts'

/** Who signs: the wallet's connector and which of its accounts. */
export type Wallet = {
  connector: Pick<Connector, 'getProvider'>
  account: Address
  chainId: number
}

/** One call that changes a contract. */
export type ContractCall<
  abi extends Abi = Abi,
  name extends ContractFunctionName<abi, 'nonpayable'> = ContractFunctionName<abi, 'nonpayable'>,
> = {
  abi: abi
  address: Address
  functionName: name
  args: ContractFunctionArgs<abi, 'nonpayable', name> & readonly unknown[]
}

/** Asks the wallet to sign and send one call, through ethers; returns as soon as there is a hash. */
export async function sendCall<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'nonpayable'>,
>({
  wallet,
  call,
  gas,
}: {
  wallet: Wallet
  call: ContractCall<abi, name>
  gas: bigint
}): Promise<Hash> {
  const { ethers, signer } = await signerFor(wallet)
  const contract = new ethers.Contract(call.address, JSON.stringify(call.abi), signer)
  const transaction = await contract
    .getFunction(call.functionName)
    .populateTransaction(...call.args)
  const hash = await signer.sendUncheckedTransaction({ ...transaction, gasLimit: gas })
  return hexOf(hash)
}

/** Asks the wallet for an EIP-712 signature, through ethers. */
export async function signTyped({
  wallet,
  domain,
  types,
  message,
}: {
  wallet: Wallet
  domain: TypedDataDomain
  types: TypedData
  message: Readonly<Record<string, unknown>>
}): Promise<Hex> {
  const { signer } = await signerFor(wallet)
  const mutable = Object.fromEntries(
    Object.entries(types).map(([name, fields]) => [name, [...(fields ?? [])]]),
  )
  return hexOf(
    await signer.signTypedData({ ...domain, salt: domain.salt ?? null }, mutable, message),
  )
}

// ethers is loaded here and nowhere else, when a person signs for the first time.
async function signerFor({ connector, account, chainId }: Wallet) {
  const [ethers, provider] = await Promise.all([import('ethers'), connector.getProvider()])
  if (!isEip1193(provider)) throw new Error('This wallet offers no way to sign.')
  await requireUnmoved({ provider, account, chainId })
  const bridge = {
    request: (call: { method: string; params?: unknown[] | object }) => provider.request(call),
  }
  const browser = new ethers.BrowserProvider(bridge, chainId)
  return { ethers, signer: new ethers.JsonRpcSigner(browser, account) }
}

function isEip1193(provider: unknown): provider is Eip1193 {
  return (
    typeof provider === 'object' &&
    provider !== null &&
    typeof Reflect.get(provider, 'request') === 'function'
  )
}

function hexOf(text: unknown): Hex {
  if (!isHex(text))
    throw new Error('The wallet answered with something else than it was asked for.')
  return text
}
