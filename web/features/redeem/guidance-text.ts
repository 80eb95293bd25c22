import type { Words } from '../../words/words.ts'
import { distanceText } from './when.ts'
import type { Guidance } from './whereabouts.ts'

// What is waited upon where the place is not known on this phone.
const GOOD_METRES = 20

/** What to do now, in a few words, and why; no reason where none is needed. */
export function guidanceText({
  guidance,
  accuracyMetres,
  words,
}: {
  /** Undefined where the place is not known on this phone. */
  guidance: Guidance | undefined
  accuracyMetres: number
  words: Words
}): { lead: string; why?: string } {
  const { say } = words
  switch (guidance?.kind) {
    case undefined:
      return accuracyMetres <= GOOD_METRES
        ? { lead: say('guide.known') }
        : { lead: say('guide.wait'), why: say('guide.wait.sky') }
    case 'inside':
      return { lead: say('guide.inside', { site: guidance.site }) }
    case 'wait':
      return { lead: say('guide.wait'), why: say('guide.wait.sure', { site: guidance.site }) }
    case 'move': {
      const { site, isInside } = guidance
      const towards = say(`direction.${guidance.towards}`)
      const way = { site, towards, distance: distanceText({ metres: guidance.metres, words }) }
      return isInside
        ? { lead: say('guide.further'), why: say('guide.further.way', way) }
        : { lead: say('guide.door'), why: say('guide.door.way', way) }
    }
  }
}
