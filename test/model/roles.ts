// Who may do what, and how a book changes hands.
import type { Address, Call } from './calls.ts'
import { type Happening, refuse } from './outcome.ts'

export const ADMIN = 'DEFAULT_ADMIN_ROLE'
export const MANAGER = 'MANAGER_ROLE'
export const GUARDIAN = 'GUARDIAN_ROLE'
export const NOBODY = `0x${'0'.repeat(40)}`

export type Roles = {
  members: Map<string, Set<Address>>
  /** To whom the book is being handed, and the second after which they may accept. */
  handover?: { newAdmin: Address; schedule: bigint }
}

export type RoleCall = Extract<
  Call,
  {
    to:
      | 'grantRole'
      | 'revokeRole'
      | 'renounceRole'
      | 'beginDefaultAdminTransfer'
      | 'cancelDefaultAdminTransfer'
      | 'acceptDefaultAdminTransfer'
      | 'changeDefaultAdminDelay'
      | 'rollbackDefaultAdminDelay'
  }
>

/** Whether the account has the role. */
export function hasRole({
  roles,
  role,
  account,
}: {
  roles: Roles
  role: string
  account: Address
}): boolean {
  return roles.members.get(role)?.has(account) ?? false
}

/** Refuses a sender without the role. */
export function requireRole({
  roles,
  role,
  sender,
}: {
  roles: Roles
  role: string
  sender: Address
}): void {
  if (!hasRole({ roles, role, account: sender })) {
    refuse({ error: 'AccessControlUnauthorizedAccount', args: [sender, role] })
  }
}

/** Changes who has which role, and tells. */
export function changeRoles({
  roles,
  call,
  sender,
  now,
}: {
  roles: Roles
  call: RoleCall
  sender: Address
  now: bigint
}): Happening[] {
  const requireAdmin = () => requireRole({ roles, role: ADMIN, sender })
  switch (call.to) {
    case 'grantRole':
    case 'revokeRole': {
      // There is one admin, and the book changes hands in two steps.
      if (call.role === ADMIN) refuse({ error: 'AccessControlEnforcedDefaultAdminRules', args: [] })
      requireAdmin()
      const change = { roles, role: call.role, account: call.account, sender }
      return call.to === 'grantRole' ? give(change) : take(change)
    }
    case 'renounceRole':
      if (call.role === ADMIN) refuse({ error: 'AdminCannotLeave', args: [] })
      if (call.account !== sender) refuse({ error: 'AccessControlBadConfirmation', args: [] })
      return take({ roles, role: call.role, account: sender, sender })
    case 'beginDefaultAdminTransfer': {
      if (call.newAdmin === NOBODY) refuse({ error: 'AdminCannotLeave', args: [] })
      requireAdmin()
      const events = cancel(roles)
      roles.handover = { newAdmin: call.newAdmin, schedule: now }
      return [...events, { event: 'DefaultAdminTransferScheduled', args: [call.newAdmin, now] }]
    }
    case 'cancelDefaultAdminTransfer':
      requireAdmin()
      return cancel(roles)
    case 'acceptDefaultAdminTransfer':
      return accept({ roles, sender, now })
    case 'changeDefaultAdminDelay':
      return refuse({ error: 'AdminDelayIsFixed', args: [] })
    case 'rollbackDefaultAdminDelay':
      requireAdmin()
      return [] // there never is a delay to roll back
  }
}

function accept({
  roles,
  sender,
  now,
}: {
  roles: Roles
  sender: Address
  now: bigint
}): Happening[] {
  const { handover } = roles
  if (handover?.newAdmin !== sender) {
    return refuse({ error: 'AccessControlInvalidDefaultAdmin', args: [sender] })
  }
  if (handover.schedule >= now) {
    refuse({ error: 'AccessControlEnforcedDefaultAdminDelay', args: [handover.schedule] })
  }
  const [before] = roles.members.get(ADMIN) ?? []
  delete roles.handover
  return [
    ...take({ roles, role: ADMIN, account: before!, sender }),
    ...give({ roles, role: ADMIN, account: sender, sender }),
  ]
}

type Change = { roles: Roles; role: string; account: Address; sender: Address }

function give({ roles, role, account, sender }: Change): Happening[] {
  if (hasRole({ roles, role, account })) return []
  roles.members.set(role, new Set([...(roles.members.get(role) ?? []), account]))
  return [{ event: 'RoleGranted', args: [role, account, sender] }]
}

function take({ roles, role, account, sender }: Change): Happening[] {
  if (!hasRole({ roles, role, account })) return []
  roles.members.get(role)?.delete(account)
  return [{ event: 'RoleRevoked', args: [role, account, sender] }]
}

function cancel(roles: Roles): Happening[] {
  if (roles.handover === undefined) return []
  delete roles.handover
  return [{ event: 'DefaultAdminTransferCanceled', args: [] }]
}
