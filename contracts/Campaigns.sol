// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponLedger} from "./CouponLedger.sol";
import {ICouponBook, Terms} from "./interfaces/ICouponBook.sol";
import {Rules, rulesOf} from "./types/Campaign.sol";

/// @title The campaigns of a book and their terms
/// @notice Keeps what each campaign promises, and when that may change. Who may change it is CouponBook's matter.
abstract contract Campaigns is CouponLedger {
    uint256 internal _campaignCount;

    mapping(uint256 campaignId => Rules) internal _rules;

    mapping(uint256 campaignId => bytes32) internal _geofenceHashes;

    mapping(uint256 campaignId => uint256 time) private _pausedAt;

    function _createCampaign(Terms calldata terms) internal returns (uint256 campaignId) {
        Rules created = rulesOf(terms);
        if (block.timestamp >= created.closesAt()) {
            revert ICouponBook.WindowHasPassed(created.closesAt(), block.timestamp);
        }

        campaignId = ++_campaignCount;
        _rules[campaignId] = created;
        _geofenceHashes[campaignId] = terms.geofenceHash;
        _setSupply(campaignId, terms.supply);
    }

    /// @dev Before it opens, any terms; after that, only a later end or a longer grace.
    function _changeTerms(uint256 campaignId, Terms calldata terms) internal {
        Rules current = _running(campaignId);
        Rules changed = rulesOf(terms);
        Count memory count = _countOf(campaignId);

        if (block.timestamp >= current.opensAt()) {
            bool isSame = terms.supply == count.supply && terms.geofenceHash == _geofenceHashes[campaignId];
            if (!isSame || !current.isExtendedBy(changed)) {
                revert ICouponBook.TermsFrozen(current.opensAt(), block.timestamp);
            }
        } else {
            if (block.timestamp >= changed.closesAt()) {
                revert ICouponBook.WindowHasPassed(changed.closesAt(), block.timestamp);
            }
            uint256 standing = count.issued - count.revoked;
            if (terms.supply < standing) revert ICouponBook.SupplyBelowIssued(terms.supply, standing);
            if (changed.heldUntil() == 0 && _standbyOf(campaignId).issued != 0) {
                revert ICouponBook.NoStandby(campaignId);
            }
            _setSupply(campaignId, terms.supply);
            _geofenceHashes[campaignId] = terms.geofenceHash;
        }
        _rules[campaignId] = changed;
    }

    function _pause(uint256 campaignId) internal {
        _rules[campaignId] = _running(campaignId).paused();
        _pausedAt[campaignId] = block.timestamp;
    }

    function _resume(uint256 campaignId) internal {
        Rules current = _existing(campaignId);
        if (!current.isPaused()) revert ICouponBook.CampaignNotPaused(campaignId);
        _rules[campaignId] = current.resumedAt(block.timestamp, _pausedAt[campaignId]);
        delete _pausedAt[campaignId];
    }

    /// @dev The campaign, if there is one.
    function _existing(uint256 campaignId) internal view returns (Rules current) {
        current = _rules[campaignId];
        if (!current.exists()) revert ICouponBook.UnknownCampaign(campaignId);
    }

    /// @dev The campaign, if it is neither paused nor over.
    function _running(uint256 campaignId) internal view returns (Rules current) {
        current = _unpaused(campaignId);
        if (block.timestamp >= current.endsAt()) revert ICouponBook.CampaignIsOver(current.endsAt(), block.timestamp);
    }

    /// @dev The campaign, if it is not paused.
    function _unpaused(uint256 campaignId) internal view returns (Rules current) {
        current = _existing(campaignId);
        if (current.isPaused()) revert ICouponBook.CampaignIsPaused(campaignId, _pausedAt[campaignId]);
    }

    /// @dev The terms that the campaign promises.
    function _termsOf(uint256 campaignId) internal view returns (Terms memory) {
        Rules current = _existing(campaignId);
        return
            Terms({
                opensAt: uint64(current.opensAt()),
                closesAt: uint64(current.closesAt()),
                heldUntil: uint64(current.heldUntil()),
                grace: uint64(current.grace()),
                supply: _countOf(campaignId).supply,
                sites: uint16(current.sites()),
                requiredWitnesses: uint8(current.requiredWitnesses()),
                geofenceHash: _geofenceHashes[campaignId]
            });
    }

    function _pausedSince(uint256 campaignId) internal view returns (uint256) {
        return _pausedAt[campaignId];
    }
}
