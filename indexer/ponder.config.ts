import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { createConfig, factory } from 'ponder'
import { getAbiItem } from 'viem'
import { readEnvironment } from './environment.ts'

const { rpcUrls, chainId, database, firstBlock, ...of } = readEnvironment(process.env)

export default createConfig({
  database,
  chains: { home: { id: chainId, rpc: rpcUrls, pollingInterval: 500 } },
  contracts: {
    CouponBookFactory: {
      abi: couponBookFactoryAbi,
      chain: 'home',
      address: of.factory,
      startBlock: firstBlock,
    },
    CouponBook: {
      abi: couponBookAbi,
      chain: 'home',
      address: factory({
        address: of.factory,
        event: getAbiItem({ abi: couponBookFactoryAbi, name: 'BookCreated' }),
        parameter: 'book',
      }),
      startBlock: firstBlock,
    },
  },
})
