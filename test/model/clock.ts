// When the next call comes: often in the same second, and on purpose at the edges.
import type { Situation } from './situation.ts'
import { foundIn } from './situation.ts'
import { endsAt } from './terms.ts'

const FAR = 1_800n // seconds: what lies further ahead will come nearer

/** The second of the next call; never earlier than the last one's. */
export function nextTime({ random, state, now }: Pick<Situation, 'random' | 'state' | 'now'>) {
  const seconds = (most: number) => now + BigInt(1 + random.below(most))
  switch (random.weigh({ same: 50, soon: 26, later: 10, edge: 14 })) {
    case 'same':
      return now
    case 'soon':
      return seconds(5)
    case 'later':
      return seconds(90)
    case 'edge': {
      const coming = edgesOf(state).filter((time) => time > now && time < now + FAR)
      return coming.length === 0 ? seconds(5) : random.pick(coming.slice(0, 4))
    }
  }
}

/** The seconds at which a rule changes its mind, each with its neighbours, in order. */
function edgesOf(state: Situation['state']): bigint[] {
  const ofCampaigns = foundIn(state).flatMap(({ campaign: { terms } }) => [
    terms.opensAt,
    terms.heldUntil,
    terms.closesAt,
    endsAt(terms),
  ])
  const ofWitnesses = [...state.witnesses.values()].flatMap((one) => [
    one.validFrom,
    one.validUntil,
  ])
  const edges = [...ofCampaigns, ...ofWitnesses].flatMap((edge) => [edge - 1n, edge, edge + 1n])
  return [...new Set(edges)].sort((a, b) => Number(a - b))
}
