import { keccak256, toHex } from 'viem'

/** The contract's role of those who may make campaigns, issue and revoke. */
export const MANAGER_ROLE = keccak256(toHex('MANAGER_ROLE'))
