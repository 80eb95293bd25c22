// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {CouponLedger} from "../../contracts/CouponLedger.sol";
import {ICouponBook, Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {Attempt} from "./BookTest.sol";
import {CrowdMemory} from "./CrowdMemory.sol";
import {ShardReference} from "./ShardReference.sol";

/// @notice What must come of a call, by the rules of the design and the crowd's own memory: the error, or nothing.
abstract contract CrowdForesight is CrowdMemory {
    // Half of the order of secp256k1: a signature's s above it is the twin of another.
    uint256 private constant HIGHEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    function _redeemRefusal(Attempt memory attempt, address sender) internal view returns (bytes memory why) {
        why = _campaignRefusal(attempt.campaignId, attempt.site);
        if (why.length == 0) why = _presenceRefusal(attempt, sender);
        if (why.length == 0) why = _outcomeRefusal(attempt);
    }

    function _campaignRefusal(uint256 campaignId, uint16 site) internal view returns (bytes memory) {
        if (campaignId == 0 || campaignId > campaigns) return _error(ICouponBook.UnknownCampaign.selector, campaignId);
        Campaign storage campaign = _campaigns[campaignId];
        if (campaign.pausedAt != 0) {
            return _error(ICouponBook.CampaignIsPaused.selector, campaignId, campaign.pausedAt);
        }
        Terms memory terms = campaign.terms;
        if (_now() < terms.opensAt) return _error(ICouponBook.CampaignNotOpen.selector, terms.opensAt, _now());
        if (_now() >= _endOf(campaignId)) {
            return _error(ICouponBook.CampaignIsOver.selector, _endOf(campaignId), _now());
        }
        if (site == 0 || site > terms.sites) return _error(ICouponBook.UnknownSite.selector, site, terms.sites);
        return "";
    }

    function _presenceRefusal(Attempt memory attempt, address sender) internal view returns (bytes memory why) {
        Terms memory terms = _campaigns[attempt.campaignId].terms;
        uint256 covered = 0;
        for (uint256 i = 0; i < attempt.statements.length; ++i) {
            address key = _seemingSigner(attempt, attempt.statements[i]);
            why = _statementRefusal(key, terms, attempt.site, attempt.statements[i]);
            if (why.length != 0) return why;
            covered |= _witnesses[key].classes;
        }
        bool isInside = _now() < terms.closesAt;
        if (isInside) covered |= _classesOfSender(sender, attempt.site);
        if (covered & terms.requiredWitnesses != terms.requiredWitnesses) {
            // What the sender adds is looked at only where the statements do not suffice: here.
            return _error(ICouponBook.PresenceMissing.selector, terms.requiredWitnesses, covered);
        }
        if (terms.requiredWitnesses == 0 && !isInside) {
            return _error(ICouponBook.CampaignHasClosed.selector, terms.closesAt, _now());
        }
    }

    function _outcomeRefusal(Attempt memory attempt) internal view returns (bytes memory) {
        (uint256 campaignId, uint256 serial) = (attempt.campaignId, attempt.serial);
        if (!_isProved(attempt)) {
            return abi.encodeWithSelector(CouponLedger.NotIssued.selector, campaignId, serial, attempt.holder);
        }
        Campaign storage campaign = _campaigns[campaignId];
        bytes memory why = _usedRefusal(campaignId, serial);
        if (why.length != 0) return why;

        bool isStandby = serial >> 8 >= STANDBY;
        if (!_isLate(campaign.terms)) {
            if (!isStandby) return "";
            return _error(ICouponBook.StandbyNotYet.selector, campaign.terms.heldUntil, _now());
        }
        if (_isHeld(campaignId, serial) || _leftForAll(campaignId) != 0) return "";
        return _error(CouponLedger.NothingLeft.selector, campaignId, serial);
    }

    function _issueRefusal(
        uint256 campaignId,
        uint256 asked,
        bool isStandby,
        uint256 left
    ) internal view returns (bytes memory) {
        Terms memory terms = _campaigns[campaignId].terms;
        if (_now() >= terms.closesAt) return _error(ICouponBook.CampaignHasClosed.selector, terms.closesAt, _now());
        if (isStandby) return terms.heldUntil == 0 ? _error(ICouponBook.NoStandby.selector, campaignId) : bytes("");
        return asked > left ? _error(ICouponBook.SupplyExceeded.selector, asked, left) : bytes("");
    }

    /// @dev How many could be issued if these, of one shard, were revoked first.
    function _issuableWithout(uint256 campaignId, uint256[] memory serials) internal view returns (uint256) {
        Campaign storage campaign = _campaigns[campaignId];
        uint256 left = campaign.terms.supply - campaign.standing;
        uint256 leftForAll = _leftForAll(campaignId);
        if (serials.length != 0 && serials[0] >> 8 < STANDBY) {
            left += serials.length;
            if (serials[0] >> 8 >= campaign.counted) leftForAll += serials.length;
        }
        return left < leftForAll ? left : leftForAll;
    }

    function _revokeRefusal(
        uint256 campaignId,
        bytes32 root,
        uint256[] memory serials
    ) internal view returns (bytes memory) {
        if (_now() >= _endOf(campaignId)) {
            return _error(ICouponBook.CampaignIsOver.selector, _endOf(campaignId), _now());
        }
        for (uint256 i = 0; i < serials.length; ++i) {
            uint256 number = serials[i] >> 8;
            if (!_hasShard(campaignId, number) || _shardAt(campaignId, number).root != root) {
                return _error(CouponLedger.UnknownShard.selector, campaignId, number, root);
            }
            bytes memory why = _usedRefusal(campaignId, serials[i]);
            if (why.length != 0) return why;
            for (uint256 j = 0; j < i; ++j) {
                if (serials[j] == serials[i]) {
                    return _error(CouponLedger.CouponIsRevoked.selector, campaignId, serials[i]);
                }
            }
        }
        return "";
    }

    function _changeRefusal(uint256 campaignId, Terms memory changed) internal view returns (bytes memory why) {
        why = _runningRefusal(campaignId);
        if (why.length != 0) return why;
        Campaign storage campaign = _campaigns[campaignId];
        Terms memory terms = campaign.terms;
        if (_now() < terms.opensAt) {
            if (changed.supply < campaign.standing) {
                return _error(ICouponBook.SupplyBelowIssued.selector, changed.supply, campaign.standing);
            }
            if (changed.heldUntil == 0 && campaign.standby.length != 0) {
                return _error(ICouponBook.NoStandby.selector, campaignId);
            }
            return "";
        }
        (uint64 closesAt, uint64 grace) = (changed.closesAt, changed.grace);
        bool isLonger = closesAt >= terms.closesAt && grace >= terms.grace;
        (terms.closesAt, terms.grace) = (closesAt, grace);
        bool isElseSame = _isSame(abi.encode(terms), abi.encode(changed));
        if (!isLonger || !isElseSame) return _error(ICouponBook.TermsFrozen.selector, terms.opensAt, _now());
    }

    function _releaseRefusal(uint256 campaignId, bytes32[] memory roots) internal view returns (bytes memory why) {
        why = _runningRefusal(campaignId);
        if (why.length != 0) return why;
        uint256 heldUntil = _campaigns[campaignId].terms.heldUntil;
        if (heldUntil == 0) return _error(ICouponBook.NoStandby.selector, campaignId);
        if (_now() < heldUntil) return _error(ICouponBook.StandbyNotYet.selector, heldUntil, _now());
        if (roots.length == 0) return abi.encodeWithSelector(ICouponBook.EmptyList.selector);
        return _countRefusal(campaignId, roots);
    }

    function _closeRefusal(uint256 campaignId, bytes32[] memory roots) internal view returns (bytes memory) {
        Campaign storage campaign = _campaigns[campaignId];
        if (campaign.pausedAt != 0) {
            return _error(ICouponBook.CampaignIsPaused.selector, campaignId, campaign.pausedAt);
        }
        uint256 end = _endOf(campaignId);
        if (_now() < end) return _error(ICouponBook.CampaignNotOver.selector, end, _now());
        bytes memory why = _countRefusal(campaignId, roots);
        if (why.length != 0) return why;
        bool isIdle = roots.length == 0 && campaign.counted < campaign.shards.length;
        return isIdle ? abi.encodeWithSelector(ICouponBook.EmptyList.selector) : bytes("");
    }

    /// @dev Why a campaign that is paused or over refuses what only a running one takes.
    function _runningRefusal(uint256 campaignId) internal view returns (bytes memory) {
        Campaign storage campaign = _campaigns[campaignId];
        if (campaign.pausedAt != 0) {
            return _error(ICouponBook.CampaignIsPaused.selector, campaignId, campaign.pausedAt);
        }
        uint256 end = _endOf(campaignId);
        return _now() >= end ? _error(ICouponBook.CampaignIsOver.selector, end, _now()) : bytes("");
    }

    function _roleRefusal(address sender, bytes32 role) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, sender, role);
    }

    function _error(bytes4 selector, uint256 fact) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, fact);
    }

    function _error(bytes4 selector, uint256 first, uint256 second) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, first, second);
    }

    function _error(
        bytes4 selector,
        uint256 first,
        uint256 second,
        bytes32 third
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, first, second, third);
    }

    function _statementRefusal(
        address key,
        Terms memory terms,
        uint16 site,
        Statement memory statement
    ) private view returns (bytes memory) {
        Witness memory witness = _witnesses[key];
        (uint256 seen, uint256 until) = (statement.observedAt, statement.validUntil);
        if (witness.key == address(0)) return abi.encodeWithSelector(ICouponBook.NotAWitness.selector, key);
        if (seen < witness.validFrom || _now() >= witness.validUntil) {
            bytes4 notValid = ICouponBook.WitnessNotValid.selector;
            return abi.encodeWithSelector(notValid, key, witness.validFrom, witness.validUntil);
        }
        if (witness.site != 0 && witness.site != site) {
            return abi.encodeWithSelector(ICouponBook.WitnessNotAtSite.selector, key, witness.site, site);
        }
        if (bytes12(statement.geofenceHash) != bytes12(terms.geofenceHash)) {
            bytes4 elsewhere = ICouponBook.StatementForOtherGeofence.selector;
            return abi.encodeWithSelector(elsewhere, statement.geofenceHash, bytes12(terms.geofenceHash));
        }
        if (seen < terms.opensAt || seen >= terms.closesAt) {
            bytes4 outside = ICouponBook.ObservedOutsideWindow.selector;
            return abi.encodeWithSelector(outside, seen, terms.opensAt, terms.closesAt);
        }
        if (seen > _now() + 60) return _error(ICouponBook.ObservedInFuture.selector, seen, _now());
        if (_now() >= until) return _error(ICouponBook.StatementExpired.selector, until, _now());
        if (witness.classes & LOCATION != 0 && until > seen + 10 minutes) {
            return _error(ICouponBook.StatementTooLong.selector, seen, until, bytes32(uint256(10 minutes)));
        }
        return "";
    }

    function _usedRefusal(uint256 campaignId, uint256 serial) private view returns (bytes memory) {
        Shard storage shard = _shardAt(campaignId, serial >> 8);
        uint256 seat = 1 << (serial & 0xff);
        if (shard.redeemed & seat != 0) {
            return _error(CouponLedger.CouponAlreadyRedeemed.selector, campaignId, serial);
        }
        if (shard.revoked & seat != 0) return _error(CouponLedger.CouponIsRevoked.selector, campaignId, serial);
        return "";
    }

    function _countRefusal(uint256 campaignId, bytes32[] memory roots) private view returns (bytes memory) {
        Campaign storage campaign = _campaigns[campaignId];
        if (campaign.isClosed) return _error(CouponLedger.AlreadyClosed.selector, campaignId);
        uint256 uncounted = campaign.shards.length - campaign.counted;
        if (roots.length > uncounted) return _error(CouponLedger.RootsDoNotFit.selector, roots.length, uncounted);
        for (uint256 i = 0; i < roots.length; ++i) {
            uint256 number = campaign.counted + i;
            if (campaign.shards[number].root != roots[i]) {
                return _error(CouponLedger.UnknownShard.selector, campaignId, number, roots[i]);
            }
        }
        return "";
    }

    function _isProved(Attempt memory attempt) private view returns (bool) {
        if (attempt.proof.length > 8 || !_hasShard(attempt.campaignId, attempt.serial >> 8)) return false;
        bytes32 leaf = ShardReference.leafOf(attempt.serial, attempt.holder);
        return ShardReference.climbed(leaf, attempt.proof) == _shardAt(attempt.campaignId, attempt.serial >> 8).root;
    }

    function _classesOfSender(address sender, uint16 site) private view returns (uint256) {
        Witness memory witness = _witnesses[sender];
        bool isValid = witness.validFrom <= _now() && _now() < witness.validUntil;
        return isValid && (witness.site == 0 || witness.site == site) ? witness.classes : 0;
    }

    /// @dev Whose key signed exactly this, as far as anybody can tell; zero where the signature is broken.
    function _seemingSigner(Attempt memory attempt, Statement memory statement) private view returns (address) {
        uint256 s = (uint256(statement.vs) << 1) >> 1;
        uint8 v = uint256(statement.vs) >> 255 == 0 ? 27 : 28;
        if (s > HIGHEST_S) return address(0);
        return ecrecover(_digestOf(attempt, statement), v, statement.r, bytes32(s));
    }
}
