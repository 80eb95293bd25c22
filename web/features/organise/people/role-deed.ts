import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { type Address, getAddress, isAddress, isAddressEqual, zeroAddress } from 'viem'
import type { ContractCall } from '../../../chain/ethers-signer.ts'
import type { FieldProblem } from '../../../ui/Field.tsx'
import { shortAddress } from '../../../ui/short-address.ts'
import type { Deed } from '../DeedDialog.tsx'
import { ROLE_HASHES, ROLE_WORDS, type RoleHolders, type RoleName } from './role-holders.ts'

/** A change of who may do what. */
export type RoleChange =
  | { kind: 'give' | 'take' | 'leave'; role: 'manager' | 'guardian'; account: Address }
  | { kind: 'hand-over'; account: Address }
  | { kind: 'accept' | 'stay' }

type RoleCall = ContractCall<
  typeof couponBookAbi,
  | 'grantRole'
  | 'revokeRole'
  | 'renounceRole'
  | 'beginDefaultAdminTransfer'
  | 'acceptDefaultAdminTransfer'
  | 'cancelDefaultAdminTransfer'
>

/** The question before a change of roles, and the call that makes it. */
export function roleDeed({
  book,
  change,
}: {
  book: Address
  change: RoleChange
}): Deed & { call: RoleCall } {
  const of = { abi: couponBookAbi, address: book } as const
  switch (change.kind) {
    case 'give': {
      const { name, may } = ROLE_WORDS[change.role]
      return {
        question: `Make ${shortAddress(change.account)} a ${change.role}?`,
        meaning: [`A ${change.role} ${may}. You can take the role back at any time.`],
        signs: `${change.account} becomes ${name.toLowerCase()} of this book.`,
        call: { ...of, functionName: 'grantRole', args: argsOf(change) },
        yes: `Make a ${change.role}`,
        no: 'Not now',
      }
    }
    case 'take':
      return {
        question: `Take the role from ${shortAddress(change.account)}?`,
        meaning: [`It is a ${change.role} no longer, at once. What it has done so far stands.`],
        signs: `${change.account} is ${change.role} of this book no longer.`,
        call: { ...of, functionName: 'revokeRole', args: argsOf(change) },
        yes: 'Take the role',
        no: 'Leave it',
        isDangerous: true,
      }
    case 'leave':
      return {
        question: `Give up being a ${change.role}?`,
        meaning: ['Only the admin can give you the role again.'],
        signs: `your own account is ${change.role} of this book no longer.`,
        call: { ...of, functionName: 'renounceRole', args: argsOf(change) },
        yes: 'Give it up',
        no: 'Keep it',
        isDangerous: true,
      }
    case 'hand-over':
      return {
        question: `Hand the book to ${shortAddress(change.account)}?`,
        meaning: [
          'You stay its admin until that account accepts, on this same page. Until then you can take the offer back.',
          'A book has one admin. Your role as a manager stays until it is taken from you.',
        ],
        signs: `${change.account} may accept this book from you.`,
        call: { ...of, functionName: 'beginDefaultAdminTransfer', args: [change.account] },
        yes: 'Offer the book',
        no: 'Keep it',
        isDangerous: true,
      }
    case 'accept':
      return {
        question: 'Accept the book?',
        meaning: ['From then on you are its admin, and the one before you is not.'],
        signs: 'your account becomes the admin of this book.',
        call: { ...of, functionName: 'acceptDefaultAdminTransfer', args: [] },
        yes: 'Accept the book',
        no: 'Not now',
      }
    case 'stay':
      return {
        question: 'Take the offer back?',
        meaning: ['The book stays yours. You can offer it again.'],
        signs: 'nobody can accept this book any more.',
        call: { ...of, functionName: 'cancelDefaultAdminTransfer', args: [] },
        yes: 'Take the offer back',
        no: 'Leave it open',
      }
  }
}

/** Reads what somebody typed to give a role, or says what is wrong with it. */
export function checkRole({
  text,
  role,
  known,
}: {
  text: string
  role: RoleName
  known: RoleHolders
}): { ok: true; change: RoleChange } | { ok: false; problem: FieldProblem } {
  const account = text.trim()
  const isHex = /^0x[0-9a-fA-F]{40}$/.test(account)
  if (!isHex || isAddressEqual(lower(account), zeroAddress)) {
    const message = 'Paste the account’s address: 0x and 40 digits.'
    return { ok: false, problem: { code: 'ADDRESS_INVALID', message } }
  }
  if (!isAddress(account)) {
    const message = 'The address has a wrong checksum, so a character may be wrong. Copy it again.'
    return { ok: false, problem: { code: 'ADDRESS_CHECKSUM', message } }
  }
  const has = known.holders.some((one) => one.role === role && isAddressEqual(one.account, account))
  if (has) {
    const message = `It is ${role} of this book already.`
    return { ok: false, problem: { code: 'ROLE_HELD', message } }
  }
  const change = { account: getAddress(account) }
  return {
    ok: true,
    change: role === 'admin' ? { kind: 'hand-over', ...change } : { kind: 'give', role, ...change },
  }
}

function argsOf({ role, account }: { role: RoleName; account: Address }) {
  return [ROLE_HASHES[role], account] as const
}

function lower(address: string): Address {
  return `0x${address.slice(2).toLowerCase()}`
}
