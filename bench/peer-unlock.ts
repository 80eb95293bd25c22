import { getAddress, zeroAddress } from 'viem'

import { type Artifact, shipped } from './peer-artifacts.ts'
import { allotInParts, figuresOf, type PeerFigures } from './peer-figures.ts'
import { COUPONS, type Deployed, encode, SEATS, type Stage } from './peer-stage.ts'

const LOCK_VERSION = 15
const WEEK = 7 * 24 * 3_600
const GRANTS_AT_ONCE = 135

/** Unlock's lock: a key for each holder, granted by the organiser, who ends it when it is used. */
export async function measureUnlock({
  stage,
  proxy,
}: {
  stage: Stage
  proxy: Artifact
}): Promise<PeerFigures> {
  const { deploy, send, holders, now } = stage
  const lockTemplate = await deploy({ artifact: artifactOf('PublicLock/PublicLockV15') })
  const factory = await deployFactory({ stage, proxy })
  await send({ to: factory, name: 'addLockTemplate', args: [lockTemplate.address, LOCK_VERSION] })
  await send({ to: factory, name: 'setLockTemplate', args: [lockTemplate.address] })

  const expiry = now + WEEK
  const grant = async (count: number) => {
    const to = await createLock({ stage, factory, lockTemplate })
    const allot = (part: readonly string[]) => {
      const managers = part.map(() => zeroAddress) // each holder manages her own key
      return send({ to, name: 'grantKeys', args: [part, part.map(() => expiry), managers] })
    }
    const atOnce = GRANTS_AT_ONCE
    return {
      to,
      allotment: await allotInParts({ holders: holders.slice(0, count), atOnce, allot }),
    }
  }
  const one = await grant(1)
  const hundred = await grant(100)
  const all = await grant(COUPONS)
  const end = (seat: number) =>
    send({ to: all.to, name: 'expireAndRefundFor', args: [seat + 1, 0] })
  const first = await end(SEATS.first)
  const later = await end(SEATS.later)
  return figuresOf({
    stage,
    source: '@unlock-protocol/contracts 0.0.34 (PublicLock v15, Unlock v14), as shipped',
    newEvent: all.to.gas,
    allotted: { one: one.allotment, hundred: hundred.allotment, all: all.allotment },
    first,
    later,
    batch100Each: null,
    note:
      'A key ends in the cheapest way, by expireAndRefundFor, which only the organiser may do; ' +
      'a holder can cancel or burn hers, which costs more.',
  })
}

/** The factory behind a proxy, as it lives on every chain. */
async function deployFactory({
  stage,
  proxy,
}: {
  stage: Stage
  proxy: Artifact
}): Promise<Deployed> {
  const { deploy, organiser } = stage
  const implementation = await deploy({ artifact: artifactOf('Unlock/UnlockV14') })
  const { abi } = implementation
  const initialise = encode({ to: implementation, name: 'initialize', args: [organiser.address] })
  const front = await deploy({ artifact: proxy, args: [implementation.address, initialise] })
  return { ...front, abi }
}

/** A free lock with room for all, as the factory makes it. */
async function createLock({
  stage,
  factory,
  lockTemplate,
}: {
  stage: Stage
  factory: Deployed
  lockTemplate: Deployed
}): Promise<Deployed> {
  const terms = [stage.organiser.address, WEEK, zeroAddress, 0, COUPONS, 'Coupons']
  const data = encode({ to: lockTemplate, name: 'initialize', args: terms })
  const { gas, logs } = await stage.send({
    to: factory,
    name: 'createUpgradeableLock',
    args: [data],
  })
  const created = logs.map((log) => factory.abi.parseLog(log)).find((it) => it?.name === 'NewLock')
  return { address: getAddress(String(created?.args.newLockAddress)), abi: lockTemplate.abi, gas }
}

function artifactOf(name: string): Artifact {
  return shipped(`@unlock-protocol/contracts/dist/abis/${name}.json`)
}
