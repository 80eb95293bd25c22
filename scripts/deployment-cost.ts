import { Contract, dataLength, formatEther, formatUnits, Interface, Transaction } from 'ethers'
import { CREATE_X, saltOf } from './create2.ts'
import { type DeploymentRecord } from './deployment-records.ts'
import { type PublicChain } from './public-chain.ts'

// What a contract's creation costs however short it is, generously.
const BASE_GAS = 60_000n
// The contract of the OP stack that knows what a transaction's bytes cost on the chain below.
const GAS_PRICE_ORACLE = '0x420000000000000000000000000000000000000F'

/** What a deployment may cost at most at the present price; `dataFee` is the OP stack's, for bytes. */
export type Cost = { gas: bigint; price: bigint; dataFee: bigint; total: bigint }

/** What it costs to make these contracts, in this order; each may need the one before it. */
export async function costOf({
  chain: { provider, chainType, chainId },
  deployer,
  strategy,
  initCodes,
}: {
  chain: PublicChain
  deployer: string
  strategy: DeploymentRecord['strategy']
  initCodes: readonly string[]
}): Promise<Cost> {
  const [first, ...later] = initCodes
  if (first === undefined) return { gas: 0n, price: 0n, dataFee: 0n, total: 0n }
  const call = (initCode: string) => creationOf({ deployer, strategy, initCode })
  const firstGas = await provider.estimateGas({ from: deployer, ...call(first) })
  // A contract whose constructor needs another one cannot be tried before that is there; but nearly all
  // that a creation costs, it costs by the byte.
  const gas = later.reduce(
    (sum, initCode) =>
      sum + BASE_GAS + (firstGas * BigInt(dataLength(initCode))) / BigInt(dataLength(first)),
    firstGas,
  )
  const { maxFeePerGas, gasPrice } = await provider.getFeeData()
  const price = maxFeePerGas ?? gasPrice
  if (price === null) throw new Error('The chain names no price for gas.')

  const calls = initCodes.map(call)
  const hasDataFee = chainType === 'op' && (await provider.getCode(GAS_PRICE_ORACLE)) !== '0x'
  const fees = hasDataFee
    ? calls.map(async (fields) => {
        const { unsignedSerialized } = Transaction.from({ type: 2, chainId, ...fields })
        const abi = ['function getL1Fee(bytes) view returns (uint256)']
        const oracle = new Contract(GAS_PRICE_ORACLE, abi, provider).getFunction('getL1Fee')
        return (await oracle(unsignedSerialized)) as bigint
      })
    : []
  const dataFee = (await Promise.all(fees)).reduce((sum, fee) => sum + fee, 0n)
  return { gas, price, dataFee, total: gas * price + dataFee }
}

/** A cost in words. */
export function costInWords({ gas, price, dataFee, total }: Cost): string {
  const data =
    dataFee > 0n ? ` and ${formatEther(dataFee)} ETH for its bytes on the chain below` : ''
  return (
    `up to ${formatEther(total)} ETH ` +
    `(${gas.toLocaleString('en')} gas at ${formatUnits(price, 'gwei')} gwei at most${data})`
  )
}

function creationOf({
  deployer,
  strategy,
  initCode,
}: {
  deployer: string
  strategy: DeploymentRecord['strategy']
  initCode: string
}): { to?: string; data: string } {
  if (strategy === 'basic') return { data: initCode }
  const createX = new Interface(['function deployCreate2(bytes32 salt, bytes initCode)'])
  const data = createX.encodeFunctionData('deployCreate2', [saltOf(deployer), initCode])
  return { to: CREATE_X, data }
}
