import { queryOptions } from '@tanstack/react-query'
import type { Abi, Address } from 'viem'
import { estimateContractGas, getBalance, getGasPrice } from 'viem/actions'
import { clientOf } from './client.ts'
import type { AppConfig } from './parse-config.ts'

/** A call that changes a contract, before anybody signs it: what `useTransaction` sends is one. */
export type PlannedCall = {
  abi: Abi
  address: Address
  functionName: string
  args: readonly unknown[]
}

/** What a call would cost now: gas, what a unit of it costs, and what the account has; wei. */
export type Cost = { gas: bigint; gasPrice: bigint; balance: bigint }

/** What our own node says that a call of this account would cost; fails as the call would fail. */
export function costQuery({
  config,
  account,
  call,
}: {
  config: AppConfig
  account: Address
  call: PlannedCall
}) {
  const { abi, address, functionName, args } = call
  return queryOptions({
    queryKey: ['chain', config.chainId, 'cost', account, address, functionName, args],
    queryFn: async (): Promise<Cost> => {
      const client = clientOf(config)
      const [gas, gasPrice, balance] = await Promise.all([
        estimateContractGas(client, { abi, address, functionName, args, account }),
        getGasPrice(client),
        getBalance(client, { address: account }),
      ])
      return { gas, gasPrice, balance }
    },
    retry: false, // a contract that refuses refuses again, and the node was asked twice by viem already
    refetchInterval: 12_000,
  })
}

const WEI_DIGITS = 18
const SHOWN_DIGITS = 3

/** An amount of the chain's currency to three significant digits, never in powers of ten: "0.000256". */
export function amountText(wei: bigint): string {
  const digits = wei.toString()
  const lost = BigInt(Math.max(0, digits.length - SHOWN_DIGITS))
  const unit = 10n ** lost
  const rounded = ((wei + unit / 2n) / unit) * unit
  const padded = rounded.toString().padStart(WEI_DIGITS + 1, '0')
  const whole = BigInt(padded.slice(0, -WEI_DIGITS)).toLocaleString('en-GB')
  const fraction = padded.slice(-WEI_DIGITS).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
