import { distanceText } from './when.ts'
import type { Guidance } from './whereabouts.ts'

// What is waited upon where the place is not known on this phone.
const GOOD_METRES = 20

/** What to do now, in a few words, and why. */
export function guidanceText({
  guidance,
  accuracyMetres,
}: {
  /** Undefined where the place is not known on this phone. */
  guidance: Guidance | undefined
  accuracyMetres: number
}): { lead: string; why: string } {
  switch (guidance?.kind) {
    case undefined:
      return accuracyMetres <= GOOD_METRES
        ? { lead: 'Your position is known well.', why: '' }
        : {
            lead: 'Wait here, it gets better.',
            why: 'With a view of the sky it gets better sooner.',
          }
    case 'inside':
      return { lead: `You are at ${guidance.site}.`, why: '' }
    case 'wait':
      return {
        lead: 'Wait here, it gets better.',
        why: `You seem to be at ${guidance.site}; your phone is still making sure.`,
      }
    case 'move': {
      const { site, towards, isInside } = guidance
      const metres = distanceText(guidance.metres)
      return isInside
        ? {
            lead: 'Move further in.',
            why: `You are at the very edge of ${site}: go some ${metres} to the ${towards}.`,
          }
        : {
            lead: 'Move towards the door.',
            why: `${site} is about ${metres} to the ${towards}.`,
          }
    }
  }
}
