// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouponBook, Terms} from "../interfaces/ICouponBook.sol";
import {LOCATION} from "./Presence.sol";

using {
    opensAt,
    closesAt,
    heldUntil,
    grace,
    sites,
    requiredWitnesses,
    isPaused,
    geofenceTag,
    exists,
    endsAt,
    isLate,
    isExtendedBy,
    paused,
    resumedAt
} for Rules global;

uint256 constant SHORTEST_WINDOW = 5 minutes;
uint256 constant LONGEST_WINDOW = 365 days;
uint256 constant LONGEST_GRACE = 30 days;
uint256 constant LARGEST_SUPPLY = type(uint32).max;
uint256 constant LATEST_TIME = 4_102_444_800; // 2100-01-01: any time in milliseconds lies beyond

/// @notice What a redemption must know of a campaign, in one word: from the lowest bit `opensAt` 32, `closesAt` 32, `heldUntil` 32,
/// `grace` 32, `sites` 16, `requiredWitnesses` 8, `isPaused` 8, `geofenceTag` 96. A struct would be copied to memory field by
/// field, or loaded again by each function that reads one.
type Rules is uint256;

/// @notice The rules that keep these terms. Reverts with the one that they break.
function rulesOf(Terms calldata terms) pure returns (Rules) {
    (uint256 opens, uint256 closes, uint256 held) = (terms.opensAt, terms.closesAt, terms.heldUntil);
    if (opens > LATEST_TIME) revert ICouponBook.TimeNotInSeconds(opens, LATEST_TIME);
    if (closes > LATEST_TIME) revert ICouponBook.TimeNotInSeconds(closes, LATEST_TIME);
    if (closes < opens + SHORTEST_WINDOW) revert ICouponBook.WindowTooShort(opens, closes, SHORTEST_WINDOW);
    if (closes > opens + LONGEST_WINDOW) revert ICouponBook.WindowTooLong(opens, closes, LONGEST_WINDOW);
    if (held != 0 && (held < opens || held >= closes)) {
        revert ICouponBook.HeldUntilOutsideWindow(held, opens, closes);
    }
    if (terms.grace > LONGEST_GRACE) revert ICouponBook.GraceTooLong(terms.grace, LONGEST_GRACE);
    if (terms.supply == 0 || terms.supply > LARGEST_SUPPLY) {
        revert ICouponBook.SupplyOutOfRange(terms.supply, LARGEST_SUPPLY);
    }
    if (terms.requiredWitnesses & LOCATION != 0 && (terms.geofenceHash == 0 || terms.sites == 0)) {
        revert ICouponBook.GeofenceMissing(terms.geofenceHash, terms.sites);
    }

    // No field can spill into the next: each was bounded above, or is as wide as its place.
    uint256 tag = uint96(bytes12(terms.geofenceHash));
    uint256 rest = (uint256(terms.sites) << 128) | (uint256(terms.requiredWitnesses) << 144) | (tag << 160);
    return Rules.wrap(opens | (closes << 32) | (held << 64) | (uint256(terms.grace) << 96) | rest);
}

/// @notice First second of the window.
function opensAt(Rules rules) pure returns (uint256) {
    return uint32(Rules.unwrap(rules));
}

/// @notice First second after the window.
function closesAt(Rules rules) pure returns (uint256) {
    return uint32(Rules.unwrap(rules) >> 32);
}

/// @notice Until when unused coupons wait for their holders; 0: to the end.
function heldUntil(Rules rules) pure returns (uint256) {
    return uint32(Rules.unwrap(rules) >> 64);
}

/// @notice How long after the window a redemption may still be settled, seconds.
function grace(Rules rules) pure returns (uint256) {
    return uint32(Rules.unwrap(rules) >> 96);
}

/// @notice How many sites there are.
function sites(Rules rules) pure returns (uint256) {
    return uint16(Rules.unwrap(rules) >> 128);
}

/// @notice The classes that must vouch for presence.
function requiredWitnesses(Rules rules) pure returns (uint256) {
    return uint8(Rules.unwrap(rules) >> 144);
}

/// @notice Whether the campaign is paused.
function isPaused(Rules rules) pure returns (bool) {
    return uint8(Rules.unwrap(rules) >> 152) != 0;
}

/// @notice The first bytes of the geofence's hash (docs/decisions.md#geofence-tag).
function geofenceTag(Rules rules) pure returns (bytes12) {
    return bytes12(bytes32(Rules.unwrap(rules)));
}

/// @notice Whether there is such a campaign.
function exists(Rules rules) pure returns (bool) {
    return rules.closesAt() != 0;
}

/// @notice The first second at which nothing of the campaign can be used any more, grace included.
function endsAt(Rules rules) pure returns (uint256) {
    return rules.closesAt() + rules.grace();
}

/// @notice Whether unused coupons are no longer held for their holders.
function isLate(Rules rules) view returns (bool) {
    return rules.heldUntil() != 0 && block.timestamp >= rules.heldUntil();
}

/// @notice Whether `later` differs in nothing but a later end or a longer grace.
function isExtendedBy(Rules rules, Rules later) pure returns (bool) {
    uint256 mayGrow = (uint256(type(uint32).max) << 32) | (uint256(type(uint32).max) << 96);
    bool isElseSame = (Rules.unwrap(rules) ^ Rules.unwrap(later)) & ~mayGrow == 0;
    return isElseSame && later.closesAt() >= rules.closesAt() && later.grace() >= rules.grace();
}

/// @notice The same rules, paused.
function paused(Rules rules) pure returns (Rules) {
    return Rules.wrap(Rules.unwrap(rules) | (1 << 152));
}

/// @notice The rules of a campaign that goes on at `now_`, with the time since `pausedAt` given back: as much of the window as
/// was left then is left again, whether before or after `heldUntil`; and where only the grace was running, as much of it.
function resumedAt(Rules rules, uint256 now_, uint256 pausedAt) pure returns (Rules) {
    uint256 from = pausedAt > rules.opensAt() ? pausedAt : rules.opensAt();
    uint256 lost = now_ > from ? now_ - from : 0; // paused and resumed before it opened: nothing

    (uint256 held, uint256 closes, uint256 settles) = (rules.heldUntil(), rules.closesAt(), rules.grace());
    if (from < held) held = _later(held, lost);
    if (from < closes) closes = _later(closes, lost);
    else settles = _later(settles, lost);

    uint256 kept = Rules.unwrap(rules) & ~((uint256(type(uint96).max) << 32) | (0xff << 152));
    return Rules.wrap(kept | (closes << 32) | (held << 64) | (settles << 96));
}

/// @dev Never beyond the latest time, so that 32 bits hold it whatever a chain's clock says.
function _later(uint256 time, uint256 lost) pure returns (uint256) {
    return time + lost < LATEST_TIME ? time + lost : LATEST_TIME;
}
