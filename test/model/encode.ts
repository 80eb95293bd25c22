// A call as the bytes that the chain takes, written from docs/protocol.md.
import { AbiCoder, concat, id, toBeHex, type Interface } from 'ethers'

import { levelsOf, nodeOf, packedProof } from '../shard-reference.ts'
import type { Call, Item, Proof, Root, Statement, Tree } from './calls.ts'
import { ADMIN } from './roles.ts'
import { nodesOf, remembered, type Levels } from './trees.ts'

/** The call's bytes. */
export function encode({ abi, call }: { abi: Interface; call: Call }): string {
  if (call.to === 'nothing') return BigInt(call.selector) === 0n ? '0x' : call.selector
  if (call.to === 'multicall') {
    return abi.encodeFunctionData('multicall', [
      call.calls.map((one) => encode({ abi, call: one })),
    ])
  }
  // As words, so that a holder may be no address.
  if (call.to === 'issue' || call.to === 'issueStandby') {
    const types = ['uint256', 'uint256[]']
    return withWords({ abi, name: call.to, types, args: [call.campaignId, call.holders] })
  }
  if (call.to === 'reallot') {
    const types = ['uint256', 'bytes32', 'uint256[]', 'uint256[]', 'string']
    const { campaignId, root, serials, holders, reason } = call
    const args = [campaignId, root.bytes, serials, holders, reason]
    return withWords({ abi, name: 'reallot', types, args })
  }
  return abi.encodeFunctionData(call.to, argsOf(call))
}

/** What the chain calls the role. */
export function roleId(role: string): string {
  return role === ADMIN ? toBeHex(0n, 32) : id(role)
}

/** The shard's tree as the chain hashes it. */
export const chainTreeOf = remembered(({ index, holders }): Levels => {
  const levels = levelsOf({ index, holders: [...holders] })
  return { levels: levels.slice(0, -1), root: levels.at(-1)![0]! }
})

/** The proof as the contract takes it. */
export function proofBytes(proof: Proof): string {
  return packedProof(proofNodes(proof))
}

function proofNodes(proof: Proof): string[] {
  const { levels } = chainTreeOf(proof.tree)
  return nodesOf({ proof, levels, makeJunk: (salt) => id(`junk ${salt}`) }).map(nodeOf)
}

/** A shard's root as a call names it. */
export function rootNamed({ index, holders }: Tree): Root {
  const tree = { index, holders }
  return { tree, bytes: chainTreeOf(tree).root }
}

/** A statement as the contract takes it. */
export function statementBytes({ bytes, told }: Statement): unknown {
  return { ...bytes, ...told }
}

function argsOf(
  call: Exclude<Call, { to: 'nothing' | 'multicall' | 'issue' | 'issueStandby' | 'reallot' }>,
): unknown[] {
  switch (call.to) {
    case 'createCampaign':
      return [call.name, call.terms, call.details]
    case 'changeTerms':
      return [call.campaignId, call.terms]
    case 'redeem':
    case 'redeemFor': {
      const { campaignId, serial, site, statements, proof } = call
      const args = [campaignId, serial, statements.map(statementBytes), site, proofBytes(proof)]
      return call.to === 'redeem' ? args : [...args, call.holder, call.deadline, call.permit.bytes]
    }
    case 'redeemBatch': {
      const items = concat(call.items.map(itemBytes))
      const left = call.cut === 0 ? items : items.slice(0, -2 * call.cut)
      return [call.campaignId, call.site, left, call.statements.map(statementBytes)]
    }
    case 'revoke':
      return [call.campaignId, call.root.bytes, call.serials, call.reason]
    case 'pause':
    case 'resume':
      return [call.campaignId]
    case 'release':
    case 'close':
      return [call.campaignId, call.roots.map(({ bytes }) => bytes)]
    case 'addWitness':
      return [call.witness]
    case 'removeWitness':
      return [call.key]
    case 'grantRole':
    case 'revokeRole':
    case 'renounceRole':
      return [roleId(call.role), call.account]
    case 'beginDefaultAdminTransfer':
      return [call.newAdmin]
    case 'cancelDefaultAdminTransfer':
    case 'acceptDefaultAdminTransfer':
    case 'rollbackDefaultAdminDelay':
      return []
    case 'changeDefaultAdminDelay':
      return [call.delay]
    case 'setContractURI':
      return [call.uri]
    case 'initialize':
      return [call.admin, []]
  }
}

/** Shard and seat 5 bytes, deadline 4, the two counts 1, signature 64, nodes. */
function itemBytes({ serial, deadline, statementCount, proof, permit }: Item): string {
  const nodes = proofNodes(proof)
  const counts = statementCount * 16 + nodes.length
  const head = [toBeHex(serial, 5), toBeHex(deadline, 4), toBeHex(counts, 1)]
  return concat([...head, permit.bytes, ...nodes])
}

function withWords({
  abi,
  name,
  types,
  args,
}: {
  abi: Interface
  name: string
  types: string[]
  args: unknown[]
}): string {
  const { selector } = abi.getFunction(name)!
  return concat([selector, AbiCoder.defaultAbiCoder().encode(types, args)])
}
