// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouponBook, Terms} from "../interfaces/ICouponBook.sol";
import {LOCATION} from "./Presence.sol";

using {termsOf, endsAt, isExtendedBy} for Campaign global;

uint256 constant SHORTEST_WINDOW = 5 minutes;
uint256 constant LONGEST_WINDOW = 365 days;
uint256 constant LONGEST_GRACE = 30 days;
uint256 constant LARGEST_SUPPLY = type(uint32).max;
uint256 constant LATEST_TIME = 4_102_444_800; // 2100-01-01: any time in milliseconds lies beyond

/// @notice `Terms` in the two words that a redemption must load.
struct Campaign {
    uint40 opensAt;
    uint40 closesAt;
    uint40 heldUntil;
    uint32 grace;
    uint32 supply;
    uint16 sites;
    uint8 requiredWitnesses;
    bytes32 geofenceHash;
}

/// @notice The campaign that keeps these terms. Reverts with the rule that they break.
function campaignOf(Terms calldata terms) pure returns (Campaign memory) {
    (uint256 opensAt, uint256 closesAt, uint256 heldUntil) = (terms.opensAt, terms.closesAt, terms.heldUntil);
    if (opensAt > LATEST_TIME) revert ICouponBook.TimeNotInSeconds(opensAt, LATEST_TIME);
    if (closesAt > LATEST_TIME) revert ICouponBook.TimeNotInSeconds(closesAt, LATEST_TIME);
    if (closesAt < opensAt + SHORTEST_WINDOW) revert ICouponBook.WindowTooShort(opensAt, closesAt, SHORTEST_WINDOW);
    if (closesAt > opensAt + LONGEST_WINDOW) revert ICouponBook.WindowTooLong(opensAt, closesAt, LONGEST_WINDOW);
    if (heldUntil != 0 && (heldUntil < opensAt || heldUntil >= closesAt)) {
        revert ICouponBook.HeldUntilOutsideWindow(heldUntil, opensAt, closesAt);
    }
    if (terms.grace > LONGEST_GRACE) revert ICouponBook.GraceTooLong(terms.grace, LONGEST_GRACE);
    if (terms.supply == 0 || terms.supply > LARGEST_SUPPLY) {
        revert ICouponBook.SupplyOutOfRange(terms.supply, LARGEST_SUPPLY);
    }
    if (terms.requiredWitnesses & LOCATION != 0 && (terms.geofenceHash == 0 || terms.sites == 0)) {
        revert ICouponBook.GeofenceMissing(terms.geofenceHash, terms.sites);
    }

    return
        Campaign({
            opensAt: uint40(opensAt), // no cast here can cut: each value was bounded above
            closesAt: uint40(closesAt),
            heldUntil: uint40(heldUntil),
            grace: uint32(terms.grace),
            supply: uint32(terms.supply),
            sites: terms.sites,
            requiredWitnesses: terms.requiredWitnesses,
            geofenceHash: terms.geofenceHash
        });
}

/// @notice The terms that the campaign keeps.
function termsOf(Campaign memory campaign) pure returns (Terms memory) {
    return
        Terms({
            opensAt: campaign.opensAt,
            closesAt: campaign.closesAt,
            heldUntil: campaign.heldUntil,
            grace: campaign.grace,
            supply: campaign.supply,
            sites: campaign.sites,
            requiredWitnesses: campaign.requiredWitnesses,
            geofenceHash: campaign.geofenceHash
        });
}

/// @notice The first second at which nothing of the campaign can be used any more, grace included.
function endsAt(Campaign memory campaign) pure returns (uint256) {
    return uint256(campaign.closesAt) + campaign.grace;
}

/// @notice Whether `later` differs in nothing but a later end or a longer grace.
function isExtendedBy(Campaign memory campaign, Campaign memory later) pure returns (bool) {
    return
        later.opensAt == campaign.opensAt &&
        later.closesAt >= campaign.closesAt &&
        later.heldUntil == campaign.heldUntil &&
        later.grace >= campaign.grace &&
        later.supply == campaign.supply &&
        later.sites == campaign.sites &&
        later.requiredWitnesses == campaign.requiredWitnesses &&
        later.geofenceHash == campaign.geofenceHash;
}
