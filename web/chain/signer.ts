import type { TypedDataDomain } from 'abitype'
import type { Address, Hex, TypedData, TypedDataDefinition } from 'viem'
import type { Connector } from 'wagmi'

/** Who signs for a holder: a wallet that the person has connected, or the key of a claim link, in this browser. */
export type Signer =
  { kind: 'wallet'; connector: Connector; chainId: number } | { kind: 'key'; key: Hex }

/** What is signed: one EIP-712 struct, whose type comes first in `types`. */
export type ToSign = {
  domain: TypedDataDomain
  types: TypedData
  message: Readonly<Record<string, unknown>>
}

/** Has a holder's signer sign; a wallet asks its person, a key does not. What signs is loaded now. */
export async function signAs({
  signer,
  holder,
  domain,
  types,
  message,
}: ToSign & { signer: Signer; holder: Address }): Promise<Hex> {
  if (signer.kind === 'wallet') {
    const { connector, chainId } = signer
    const { signTyped } = await import('./ethers-signer.ts')
    return await signTyped({
      wallet: { connector, chainId, account: holder },
      domain,
      types,
      message,
    })
  }
  const { privateKeyToAccount } = await import('viem/accounts')
  const primaryType = Object.keys(types)[0] ?? ''
  const typed: TypedDataDefinition = { domain, types, primaryType, message }
  return await privateKeyToAccount(signer.key).signTypedData(typed)
}
