import { concat, dataSlice, getCreate2Address, id, keccak256, zeroPadValue } from 'ethers'

/** CreateX, a contract that makes contracts, at one address on all chains that have it. */
export const CREATE_X = '0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed'
const CREATE_X_CODE_HASH = '0xbd8a7ea8cfca7b4e5f5041d7d4b17bc317c5ce42cfbc42066a00cf26b43eb53f'

/** Whether this is the code of CreateX; a chain with another at its address is as good as one without. */
export function isCreateX(code: string): boolean {
  return keccak256(code) === CREATE_X_CODE_HASH
}

/**
 * The salt with which CreateX gives this deployer the same addresses on every chain. It begins with the
 * sender, so that nobody else can use it, and says 00 for "do not mix in the chain id".
 */
export function saltOf(deployer: string): string {
  return concat([deployer, '0x00', dataSlice(id('Coupon Secure'), 0, 11)])
}

/** Where CreateX puts what `initCode` makes when this deployer asks. */
export function create2Address({
  deployer,
  initCode,
}: {
  deployer: string
  initCode: string
}): string {
  const guarded = keccak256(concat([zeroPadValue(deployer, 32), saltOf(deployer)]))
  return getCreate2Address(CREATE_X, guarded, keccak256(initCode))
}
