import {
  hashTypedData,
  type StructTypes,
  type TypedDataDomain,
} from '@coupon-secure/protocol/typed-data'
import { hexToBytes, type Address, type Hex } from 'viem'
import { signDigest } from '@coupon-secure/service/secp256k1'

/**
 * A key that signs typed data and nothing else: whoever holds one cannot have it sign bytes of their own choice. The key may lie
 * in this process or in a service.
 */
export type Signer = {
  address: Address
  signTypedData: (typedData: TypedData) => Promise<Hex>
}

type TypedData = {
  domain: TypedDataDomain
  types: StructTypes
  primaryType: string
  message: Record<string, unknown>
}

/** A signer over whatever signs a digest with this address's key: 65 bytes, the lower s of the two. A KMS fits here. */
export function signerOver({
  address,
  signDigest,
}: {
  address: Address
  signDigest: (digest: Hex) => Promise<Hex>
}): Signer {
  return { address, signTypedData: (typedData) => signDigest(hashTypedData(typedData)) }
}

/** A signer over a private key in this process. */
export function signerOfKey({ address, key }: { address: Address; key: Hex }): Signer {
  const bytes = hexToBytes(key)
  return signerOver({
    address,
    signDigest: (digest) => Promise.resolve(signDigest({ digest, key: bytes })),
  })
}
