import type { Artifact } from './peer-artifacts.ts'
import { allotInParts, figuresOf, type PeerFigures } from './peer-figures.ts'
import { type Deployed, SEATS, type Stage } from './peer-stage.ts'

type Token = {
  artifact: Artifact
  source: string
  /** So many mints fit into one transaction. */
  atOnce: number
  burnArguments: (coupon: { seat: number; holder: string }) => readonly unknown[]
  note: string
}

/** A coupon as a token of a library: minted to each holder, burnt by the holder. */
export async function measureToken({
  stage,
  token,
}: {
  stage: Stage
  token: Token
}): Promise<PeerFigures> {
  const { artifact, source, atOnce, burnArguments, note } = token
  const { deploy, send, holders, people } = stage
  const mint = async (count: number) => {
    const to = await deploy({ artifact })
    const allot = (part: readonly string[]) => send({ to, name: 'mintEach', args: [part] })
    return {
      to,
      allotment: await allotInParts({ holders: holders.slice(0, count), atOnce, allot }),
    }
  }
  const burn = (who: 'first' | 'later', to: Deployed) => {
    const coupon = { seat: SEATS[who], holder: people[who].address }
    return send({ from: people[who], to, name: 'burn', args: burnArguments(coupon) })
  }

  const one = await mint(1)
  const hundred = await mint(100)
  const all = await mint(holders.length)
  return figuresOf({
    stage,
    source,
    newEvent: all.to.gas,
    allotted: { one: one.allotment, hundred: hundred.allotment, all: all.allotment },
    first: await burn('first', all.to),
    later: await burn('later', all.to),
    batch100Each: null,
    note,
  })
}

/** OpenZeppelin's ERC-1155. */
export function openZeppelinErc1155(artifact: Artifact): Token {
  return {
    artifact,
    source: '@openzeppelin/contracts 5.7.0, compiled here',
    atOnce: 560,
    burnArguments: ({ holder }) => [holder, 1, 1],
    note: 'Mint without a check of roles, burn net of its refund. A further kind of coupon is a new id and costs nothing.',
  }
}

/** Solady's ERC-1155. */
export function soladyErc1155(artifact: Artifact): Token {
  return {
    artifact,
    source: 'solady 0.1.26, compiled here',
    atOnce: 570,
    burnArguments: ({ holder }) => [holder, 1, 1],
    note: 'Mint without a check of roles, burn net of its refund. A further kind of coupon is a new id and costs nothing.',
  }
}

/** ERC721A, each coupon minted to its holder. */
export function erc721a(artifact: Artifact): Token {
  return {
    artifact,
    source: 'erc721a 4.3.0, compiled here',
    atOnce: 340,
    burnArguments: ({ seat }) => [seat],
    note: 'Mint without a check of roles. Its cheap mint is for many to one holder; coupons go to many holders.',
  }
}
