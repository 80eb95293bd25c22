import { AbiCoder, type Log } from 'ethers'
import { zeroAddress, zeroHash } from 'viem'

import { shipped } from './peer-artifacts.ts'
import { allotInParts, figuresOf, type PeerFigures } from './peer-figures.ts'
import { COUPONS, SEATS, seatsAtRandom, type Stage } from './peer-stage.ts'

const SCHEMA = 'uint256 campaignId,uint256 serial,uint64 opensAt,uint64 closesAt'
const ATTESTATIONS_AT_ONCE = 70

/** The Ethereum Attestation Service: a stored attestation for each holder, revoked when it is used. */
export async function measureEas({ stage }: { stage: Stage }): Promise<PeerFigures> {
  const { deploy, send, ask, holders, now } = stage
  const registry = await deploy({ artifact: artifactOf('SchemaRegistry') })
  const eas = await deploy({ artifact: artifactOf('EAS'), args: [registry.address] })
  const register = { to: registry, name: 'register', args: [SCHEMA, zeroAddress, true] }
  const schema = await ask(register)
  const { gas: newEvent } = await send(register)

  const attest = async (count: number) => {
    const logs: Log[] = []
    const allot = async (part: readonly string[]) => {
      const data = part.map((holder, index) => {
        const serial = logs.length + index + 1
        const coupon = AbiCoder.defaultAbiCoder().encode(SCHEMA.split(','), [1, serial, now, now])
        return [holder, 0, true, zeroHash, coupon, 0]
      })
      const sent =
        data.length === 1
          ? await send({ to: eas, name: 'attest', args: [[schema, data[0]]] })
          : await send({ to: eas, name: 'multiAttest', args: [[[schema, data]]] })
      logs.push(...sent.logs)
      return sent
    }
    const atOnce = ATTESTATIONS_AT_ONCE
    const allotment = await allotInParts({ holders: holders.slice(0, count), atOnce, allot })
    const uids = logs.map((log) => eas.abi.parseLog(log)?.args.uid as unknown)
    return { allotment, uids }
  }
  const one = await attest(1)
  const hundred = await attest(100)
  const all = await attest(COUPONS)

  const revoke = (seat: number) =>
    send({ to: eas, name: 'revoke', args: [[schema, [all.uids[seat], 0]]] })
  const first = await revoke(SEATS.first)
  const later = await revoke(SEATS.later)
  const batch = seatsAtRandom({ without: new Set([SEATS.first, SEATS.later]) })
  const revocations = [[schema, batch.map((seat) => [all.uids[seat], 0])]]
  const { gas } = await send({ to: eas, name: 'multiRevoke', args: [revocations] })
  return figuresOf({
    stage,
    source: '@ethereum-attestation-service/eas-contracts 1.9.0, as shipped',
    newEvent,
    allotted: { one: one.allotment, hundred: hundred.allotment, all: all.allotment },
    first,
    later,
    batch100Each: Math.round(gas / batch.length),
    note:
      'A new event is a new schema; an attestation carries four words. The organiser revokes, one or ' +
      'a hundred; the holder does nothing. It can tell of a place, and nothing checks what it tells.',
  })
}

function artifactOf(name: string) {
  const folder = '@ethereum-attestation-service/eas-contracts/artifacts/contracts'
  return shipped(`${folder}/${name}.sol/${name}.json`)
}
