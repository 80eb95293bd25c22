import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/** What a chain needs once: the code of every book, and the factory that clones it. */
export default buildModule('CouponSecure', (module) => {
  const implementation = module.contract('CouponBook')
  const factory = module.contract('CouponBookFactory', [implementation])
  return { implementation, factory }
})
