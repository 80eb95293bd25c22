import { keccak256, toHex, zeroHash } from 'viem'

/** The contract's role of those who may give roles, choose witnesses, pause and resume. */
export const ADMIN_ROLE = zeroHash

/** The contract's role of those who may make campaigns, issue and revoke. */
export const MANAGER_ROLE = keccak256(toHex('MANAGER_ROLE'))

/** The contract's role of those who may pause campaigns and remove witnesses, and nothing else. */
export const GUARDIAN_ROLE = keccak256(toHex('GUARDIAN_ROLE'))
