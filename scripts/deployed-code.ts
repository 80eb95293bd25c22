import { Contract, dataSlice, getAddress, toBeHex, type JsonRpcProvider } from 'ethers'
import { readArtifact, withoutImmutables, type Artifact, type ContractName } from './artifacts.ts'

// Where OpenZeppelin's Initializable (ERC-7201) counts, and what it says once nobody can initialise any more.
const INITIALISED_SLOT = '0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00'
const LOCKED = 2n ** 64n - 1n

/** What lies at an address: what was built, byte for byte but for immutables; nothing; or another code. */
export type Found = 'ours' | 'nothing' | 'others'

/** Compares the code at an address with a built artifact, or with another rebuild of the contract. */
export async function lookAt({
  provider,
  address,
  contract,
  artifact = readArtifact(contract),
}: {
  provider: JsonRpcProvider
  address: string
  contract: ContractName
  artifact?: Artifact
}): Promise<Found> {
  const code = await provider.getCode(address)
  if (code === '0x') return 'nothing'
  const references = artifact.immutableReferences
  return withoutImmutables({ code, references }) === artifact.deployedBytecode ? 'ours' : 'others'
}

/** Makes sure that book code and factory are what was built, belong together, and that the code is locked. */
export async function checkDeployed({
  provider,
  implementation,
  factory,
  artifacts = {
    CouponBook: readArtifact('CouponBook'),
    CouponBookFactory: readArtifact('CouponBookFactory'),
  },
}: {
  provider: JsonRpcProvider
  implementation: string
  factory: string
  artifacts?: Record<ContractName, Artifact>
}): Promise<void> {
  for (const [contract, address] of [
    ['CouponBook', implementation],
    ['CouponBookFactory', factory],
  ] as const) {
    const found = await lookAt({ provider, address, contract, artifact: artifacts[contract] })
    if (found === 'nothing')
      throw new Error(`There is no code at ${address}, where ${contract} should be.`)
    if (found === 'others')
      throw new Error(
        `The code at ${address} is not the ${contract} that was built: another version, or somebody else's.`,
      )
  }
  // Immutables were masked above, so what the factory clones is asked.
  const abi = ['function IMPLEMENTATION() view returns (address)']
  const cloned: unknown = await new Contract(factory, abi, provider).getFunction('IMPLEMENTATION')()
  if (cloned !== getAddress(implementation)) {
    throw new Error(`The factory at ${factory} clones ${String(cloned)}, not ${implementation}.`)
  }
  const initialised = dataSlice(await provider.getStorage(implementation, INITIALISED_SLOT), 24)
  if (BigInt(initialised) !== LOCKED) {
    throw new Error(
      `The CouponBook at ${implementation} is not locked: somebody could initialise it.`,
    )
  }
}

/** The first block with code at an address: a node that has forgotten too much is an error, not a guess. */
export async function firstBlockOf({
  provider,
  address,
}: {
  provider: JsonRpcProvider
  address: string
}): Promise<number> {
  // Nodes that keep no old states answer with an error there; far enough back that means the same as "no code".
  const codeAt = (block: number) => provider.send('eth_getCode', [address, toBeHex(block)])
  let [without, within] = [-1, await provider.getBlockNumber()]
  while (within - without > 1) {
    const middle = Math.floor((without + within) / 2)
    const code: unknown = await codeAt(middle).catch(() => '0x')
    if (code === '0x') without = middle
    else within = middle
  }
  if (without >= 0 && (await codeAt(without).catch(() => undefined)) !== '0x') {
    throw new Error(
      `The node no longer knows whether ${address} had code in block ${without}. ` +
        'Give the address of a node that keeps old states (an archive node), and run the same command again.',
    )
  }
  return within
}
