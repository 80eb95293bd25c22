import { defaultPolicy } from '@coupon-secure/protocol/geofence'
import type { CampaignDraft } from './campaign-draft.ts'
import { daysLater, instantOf } from './zoned-time.ts'

/** What is handed out, mostly. */
export type TemplateName = 'meal' | 'drink' | 'swag' | 'parcel'

type Template = {
  button: string
  /** Why its values are as they are. */
  why: string
  name: string
  /** Times of day; the window is on one day. */
  opens: string
  closes: string
  held: string
  graceHours: string
  policy: CampaignDraft['policy']
}

/** A start for each kind of campaign; every value may be changed after. */
export const TEMPLATES: Readonly<Record<TemplateName, Template>> = {
  meal: {
    button: 'Meal',
    why: 'Two hours; what is unused may be released for the last half hour. A phone’s position is enough.',
    name: 'Lunch',
    opens: '12:00',
    closes: '14:00',
    held: '13:30',
    graceHours: '2',
    policy: defaultPolicy,
  },
  drink: {
    button: 'Drink',
    why: 'An evening at the bar, held to the end. The counter’s code must be scanned: drinks are worth a lie about where one is.',
    name: 'Drink',
    opens: '18:00',
    closes: '23:00',
    held: '',
    graceHours: '2',
    policy: { ...defaultPolicy, isBeaconRequired: true },
  },
  swag: {
    button: 'Swag',
    why: 'All day at the desk, whenever people come by. A coarser position will do: desks stand indoors.',
    name: 'T-shirt',
    opens: '09:00',
    closes: '18:00',
    held: '',
    graceHours: '2',
    policy: { ...defaultPolicy, maxAccuracyMetres: 200 },
  },
  parcel: {
    button: 'Parcel',
    why: 'Daylight, surer of the place, the counter’s code scanned, and a day of grace for sites that lose the network.',
    name: 'Food parcel',
    opens: '08:00',
    closes: '17:00',
    held: '',
    graceHours: '24',
    policy: { ...defaultPolicy, minConfidencePermille: 900, isBeaconRequired: true },
  },
}

/** What a template changes in a draft: the times on the draft's day, or on the next where they have passed; a name that somebody typed stays. */
export function fromTemplate({
  template,
  draft,
  now,
}: {
  template: TemplateName
  draft: Pick<CampaignDraft, 'name' | 'opensAt' | 'zone' | 'vouching'>
  now: number
}): Partial<CampaignDraft> {
  const { name, opens, closes, held, graceHours, policy } = TEMPLATES[template]
  const day = draft.opensAt.slice(0, 10)
  const closesToday = instantOf({ local: `${day}T${closes}`, zone: draft.zone })
  const isOver = closesToday.ok && closesToday.seconds <= now
  const at = (time: string) =>
    time === '' ? '' : daysLater({ local: `${day}T${time}`, days: isOver ? 1 : 0 })
  const isOwnName =
    draft.name.trim() !== '' &&
    !Object.values(TEMPLATES).some((other) => other.name === draft.name.trim())
  return {
    name: isOwnName ? draft.name : name,
    opensAt: at(opens),
    closesAt: at(closes),
    heldUntil: at(held),
    graceHours,
    policy,
    vouching: draft.vouching === 'both' ? 'both' : 'location',
  }
}
