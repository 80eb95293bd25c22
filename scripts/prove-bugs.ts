/** A bug, planted to see it found: `instead` stands for `of`, and these actions show it. */
export type Bug = {
  name: string
  of: string
  instead: string
  shownBy: readonly string[]
  /** Whether it is in how bits are counted. */
  isInWords?: boolean
}

/** Bugs that anybody might write. */
export const BUGS: readonly Bug[] = [
  {
    name: 'a used coupon is used again',
    of: 'if (seats & seat != 0) return shard.revoked & seat == 0 ? ALREADY_REDEEMED : REVOKED;',
    instead: '',
    shownBy: ['redeem'],
  },
  {
    name: 'a revoked coupon can be used',
    of: 'shard.used = seats | seat;\n        shard.revoked |= seat;',
    instead: 'shard.revoked |= seat;',
    shownBy: ['revoke'],
  },
  {
    name: 'a redemption is not noted',
    of: 'shard.used = seats | seat;\n        if (isLate',
    instead: 'if (isLate',
    shownBy: ['redeem'],
  },
  {
    name: 'a redemption clears all other bits',
    of: 'shard.used = seats | seat;\n        if (isLate',
    instead: 'shard.used = seat;\n        if (isLate',
    shownBy: ['redeem'],
  },
  {
    name: 'what standby takes is not counted',
    of: 'if (isLate && _isCounted(campaignId, serial >> 8)) ++_counts[campaignId].taken;',
    instead: '',
    shownBy: ['redeem'],
  },
  {
    name: 'a revocation is not counted',
    of: '++_counts[campaignId].revoked;',
    instead: '',
    shownBy: ['revoke'],
  },
  {
    name: 'a revocation leaves what was counted as unused',
    of: 'if (_isCounted(campaignId, serial >> 8)) --_counts[campaignId].unusedCounted;',
    instead: '',
    shownBy: ['revoke'],
  },
  {
    name: 'used seats are counted instead of unused ones',
    of: '_onesIn(~seats)',
    instead: '_onesIn(seats)',
    shownBy: ['countShards'],
  },
  {
    name: 'one more than is left may be taken',
    of: '_leftForAll(campaignId) == 0) return NOTHING_LEFT;',
    instead: '_leftForAll(campaignId) == type(uint256).max) return NOTHING_LEFT;',
    shownBy: ['redeem'],
  },
  {
    name: 'standby is told from the rest by other bits',
    of: '} else if (serial >> 8 >= FIRST_STANDBY_SHARD)',
    instead: '} else if (serial << 8 >= FIRST_STANDBY_SHARD)',
    shownBy: ['redeem'],
  },
  {
    name: 'the supply is one too large',
    of: 'return count.supply - (count.issued - count.revoked);',
    instead: 'return 1 + count.supply - (count.issued - count.revoked);',
    shownBy: ['numbers'],
  },
  {
    name: 'a shard has a seat too many',
    of: 'type(uint256).max << seats;',
    instead: 'type(uint256).max << (seats + 1);',
    shownBy: ['openShard'],
  },
  {
    name: 'a shard is counted twice',
    of: 'count.shardsCounted += uint32(roots.length);',
    instead: '',
    shownBy: ['countShards'],
  },
  {
    name: 'nibbles are added up wrongly',
    of: 'word = (word + (word >> 4)) & (type(uint256).max / 17);',
    instead: 'word = (word + (word >> 3)) & (type(uint256).max / 17);',
    shownBy: [],
    isInWords: true,
  },
  {
    name: 'the highest byte is cut',
    of: '>> 248;',
    instead: '>> 249;',
    shownBy: [],
    isInWords: true,
  },
]

/** The ledger with this bug in it. */
export function plant({ text, bug }: { text: string; bug: Bug }): string {
  const parts = text.split(bug.of)
  if (parts.length !== 2) throw new Error(`"${bug.name}" is nowhere to be planted any more.`)
  return parts.join(bug.instead)
}
