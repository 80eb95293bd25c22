import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/** The factory alone, where the code of every book is on the chain already and no journal tells of it. */
export default buildModule('CouponBookFactory', (module) => {
  const implementation = module.contractAt('CouponBook', module.getParameter('implementation'))
  const factory = module.contract('CouponBookFactory', [implementation])
  return { implementation, factory }
})
