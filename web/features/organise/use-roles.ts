'use client'

import { skipToken, useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { useConnection } from 'wagmi'
import { readHasRole } from '../../chain/book-reads.ts'
import { useConfig } from '../../chain/config.tsx'
import { ADMIN_ROLE, GUARDIAN_ROLE, MANAGER_ROLE } from './roles.ts'

/** What the connected account may do in a book; nothing before the chain has answered. */
export type OwnRoles = { isAdmin: boolean; isManager: boolean; isGuardian: boolean }

const NONE: OwnRoles = { isAdmin: false, isManager: false, isGuardian: false }

/** The connected account's roles in a book. */
export function useRoles(book: Address): OwnRoles {
  const config = useConfig()
  const { address } = useConnection()
  const { data } = useQuery({
    queryKey: ['chain', config.chainId, 'own-roles', book, address],
    queryFn: address
      ? async (): Promise<OwnRoles> => {
          const [isAdmin, isManager, isGuardian] = await Promise.all(
            [ADMIN_ROLE, MANAGER_ROLE, GUARDIAN_ROLE].map((role) =>
              readHasRole({ config, book, role, account: address }),
            ),
          )
          return {
            isAdmin: isAdmin === true,
            isManager: isManager === true,
            isGuardian: isGuardian === true,
          }
        }
      : skipToken,
  })
  return data ?? NONE
}
