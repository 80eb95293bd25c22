import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { queryOptions } from '@tanstack/react-query'
import { type Address, getAbiItem, type Hex, isAddressEqual, zeroAddress } from 'viem'
import { type BookOf, readHasRole, readPendingAdmin } from '../../../chain/book-reads.ts'
import { clientOf } from '../../../chain/client.ts'
import { logsSince } from '../../../chain/logs.ts'
import { ADMIN_ROLE, GUARDIAN_ROLE, MANAGER_ROLE } from '../roles.ts'

/** A role as people speak of it. */
export type RoleName = 'admin' | 'manager' | 'guardian'

/** Who has which role in a book now, and to whom it is being handed over. */
export type RoleHolders = {
  holders: { role: RoleName; account: Address }[]
  pendingAdmin: Address | undefined
}

/** The contract's word for a role. */
export const ROLE_HASHES: Record<RoleName, Hex> = {
  admin: ADMIN_ROLE,
  manager: MANAGER_ROLE,
  guardian: GUARDIAN_ROLE,
}

/** What a role may do, in words. */
export const ROLE_WORDS: Record<RoleName, { name: string; may: string }> = {
  admin: {
    name: 'Admin',
    may: 'gives and takes roles, adds and removes witnesses, pauses and resumes',
  },
  manager: { name: 'Manager', may: 'makes campaigns, issues, takes back and gives to others' },
  guardian: { name: 'Guardian', may: 'pauses campaigns and removes witnesses, and nothing else' },
}

const GRANTED = getAbiItem({ abi: couponBookAbi, name: 'RoleGranted' })
const NAMES = ['admin', 'manager', 'guardian'] as const

/** Who has which role: everybody who was ever given one, as far as the contract says that it still stands. */
export function roleHoldersQuery({ config, book }: BookOf) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'roles', book],
    queryFn: async (): Promise<RoleHolders> => {
      const [logs, pending] = await Promise.all([
        logsSince({
          client: clientOf(config),
          address: book,
          events: [GRANTED],
          fromBlock: config.factoryBlock,
        }),
        readPendingAdmin({ config, book }),
      ])
      const given = NAMES.flatMap((role) => {
        const own = logs.filter(({ args }) => args.role === ROLE_HASHES[role])
        const accounts = [...new Set(own.map(({ args }) => args.account))]
        return accounts.map((account) => ({ role, account }))
      })
      const stands = await Promise.all(
        given.map(({ role, account }) =>
          readHasRole({ config, book, role: ROLE_HASHES[role], account }),
        ),
      )
      return {
        holders: given.filter((_, index) => stands[index]),
        pendingAdmin: isAddressEqual(pending, zeroAddress) ? undefined : pending,
      }
    },
    refetchInterval: 10_000,
  })
}
