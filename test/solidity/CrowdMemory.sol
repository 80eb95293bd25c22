// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouponBook, Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {BookTest} from "./BookTest.sol";
import {ShardReference} from "./ShardReference.sol";
import {Vm, vm} from "./Vm.sol";

/// @notice What the crowd remembers of a book: kept apart from the contract, and never asked of it.
abstract contract CrowdMemory is BookTest {
    struct Shard {
        address[] holders;
        bytes32 root;
        uint256 redeemed;
        uint256 revoked;
    }

    /// @param still What the book said of the campaign when it was paused.
    /// @param standing Coupons issued within the supply and not revoked.
    /// @param redeemed All redemptions, standby's too.
    /// @param held Unused coupons in shards that were not counted.
    struct Campaign {
        Terms terms;
        uint256 pausedAt;
        bytes32 still;
        uint256 standing;
        uint256 redeemed;
        uint256 held;
        uint256 counted;
        bool isClosed;
        Shard[] shards;
        Shard[] standby;
    }

    /// @notice A shard without its holders, as a check wants it.
    struct Tally {
        bytes32 root;
        uint256 seats;
        uint256 redeemed;
        uint256 revoked;
    }

    uint256 public campaigns;
    mapping(string action => uint256) public successes;
    mapping(bytes4 selector => uint256) public refusals;

    mapping(uint256 campaignId => Campaign) internal _campaigns;
    mapping(address key => Witness) internal _witnesses;

    mapping(uint256 campaignId => mapping(uint256 serial => uint256)) private _timesRedeemed;
    uint256 private _calls;

    /// @notice Thrown when the book does something else than the crowd foresaw. What was refused is given as its error.
    error Unforeseen(string action, bytes foreseen, bytes happened);

    /// @notice All that the crowd remembers of a campaign, but for its shards.
    function memoryOf(
        uint256 campaignId
    ) external view returns (Terms memory terms, uint256 pausedAt, bytes32 still, uint256 counted, bool isClosed) {
        Campaign storage campaign = _campaigns[campaignId];
        return (campaign.terms, campaign.pausedAt, campaign.still, campaign.counted, campaign.isClosed);
    }

    function talliesOf(uint256 campaignId, bool isStandby) external view returns (Tally[] memory tallies) {
        Shard[] storage shards = _shardsOf(campaignId, isStandby);
        tallies = new Tally[](shards.length);
        for (uint256 i = 0; i < tallies.length; ++i) {
            Shard storage shard = shards[i];
            tallies[i] = Tally(shard.root, shard.holders.length, shard.redeemed, shard.revoked);
        }
    }

    /// @dev Calls the book as `sender`, which must end as foreseen. Whether it came off.
    function _do(
        address sender,
        bytes memory call_,
        bytes memory foreseen,
        string memory action
    ) internal returns (bool cameOff) {
        bytes memory why = _send(sender, call_);
        if (!_isSame(why, foreseen)) revert Unforeseen(action, foreseen, why);
        cameOff = why.length == 0;
        if (cameOff) ++successes[action];
        else ++refusals[bytes4(why)];
    }

    function _noteCreated(Terms memory terms) internal {
        _campaigns[++campaigns].terms = terms;
    }

    function _noteIssued(uint256 campaignId, address[] memory holders, bool isStandby) internal {
        Campaign storage campaign = _campaigns[campaignId];
        Shard[] storage shards = _shardsOf(campaignId, isStandby);
        for (uint256 first = 0; first < holders.length; first += 255) {
            uint256 number = _numberOf(shards.length, isStandby);
            Shard storage kept = shards.push();
            for (uint256 i = first; i < holders.length && i < first + 255; ++i) kept.holders.push(holders[i]);
            kept.root = ShardReference.rootOf(kept.holders, number);
        }
        if (isStandby) return;
        campaign.standing += holders.length;
        campaign.held += holders.length;
    }

    function _noteRevoked(uint256 campaignId, uint256 serial) internal {
        Campaign storage campaign = _campaigns[campaignId];
        _shardAt(campaignId, serial >> 8).revoked |= 1 << (serial & 0xff);
        if (serial >> 8 >= STANDBY) return;
        --campaign.standing;
        if (_isHeld(campaignId, serial)) --campaign.held;
    }

    function _noteRedeemed(uint256 campaignId, uint256 serial) internal {
        Campaign storage campaign = _campaigns[campaignId];
        _shardAt(campaignId, serial >> 8).redeemed |= 1 << (serial & 0xff);
        ++campaign.redeemed;
        if (_isHeld(campaignId, serial)) --campaign.held;
    }

    /// @dev Forgets the last redemption: it was part of something that came to nothing.
    function _forgetRedeemed(uint256 campaignId, uint256 serial) internal {
        Campaign storage campaign = _campaigns[campaignId];
        _shardAt(campaignId, serial >> 8).redeemed &= ~(1 << (serial & 0xff));
        --campaign.redeemed;
        if (_isHeld(campaignId, serial)) ++campaign.held;
    }

    /// @dev The next shards were counted.
    function _noteCounted(uint256 campaignId, uint256 shards) internal {
        Campaign storage campaign = _campaigns[campaignId];
        for (uint256 i = 0; i < shards; ++i) {
            Shard storage shard = campaign.shards[campaign.counted++];
            campaign.held -= shard.holders.length - _ones(shard.redeemed | shard.revoked);
        }
    }

    /// @dev What the events say: a coupon is redeemed once, for its holder, inside its campaign's time.
    function _noteEvents(Vm.Log[] memory logs) internal {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ICouponBook.CouponRedeemed.selector) continue;
            (uint256 campaignId, uint256 serial) = (uint256(logs[i].topics[1]), uint256(logs[i].topics[2]));
            address holder = address(uint160(uint256(logs[i].topics[3])));
            Terms storage terms = _campaigns[campaignId].terms;
            _check(++_timesRedeemed[campaignId][serial] == 1, "redeemed once");
            _check(_shardAt(campaignId, serial >> 8).holders[serial & 0xff] == holder, "by its holder");
            _check(_now() >= terms.opensAt && _now() < _endOf(campaignId), "inside its time");
            if (_now() >= terms.closesAt) ++successes["redeemed in the grace"];
            if (serial >> 8 >= STANDBY) ++successes["redeemed by standby"];
            else if (!_isHeld(campaignId, serial)) ++successes["redeemed late, in a counted shard"];
            else if (_isLate(terms)) ++successes["redeemed late, in a shard still held"];
        }
    }

    function _shardsOf(uint256 campaignId, bool isStandby) internal view returns (Shard[] storage) {
        return isStandby ? _campaigns[campaignId].standby : _campaigns[campaignId].shards;
    }

    function _shardAt(uint256 campaignId, uint256 number) internal view returns (Shard storage) {
        return
            number >= STANDBY
                ? _campaigns[campaignId].standby[number - STANDBY]
                : _campaigns[campaignId].shards[number];
    }

    function _hasShard(uint256 campaignId, uint256 number) internal view returns (bool) {
        return
            number >= STANDBY
                ? number - STANDBY < _campaigns[campaignId].standby.length
                : number < _campaigns[campaignId].shards.length;
    }

    function _numberOf(uint256 place, bool isStandby) internal pure returns (uint256) {
        return isStandby ? STANDBY + place : place;
    }

    /// @dev Whether the coupon, while unused, is kept for its holder.
    function _isHeld(uint256 campaignId, uint256 serial) internal view returns (bool) {
        return serial >> 8 < STANDBY && serial >> 8 >= _campaigns[campaignId].counted;
    }

    /// @dev What is neither redeemed nor held for anybody is left for all.
    function _leftForAll(uint256 campaignId) internal view returns (uint256) {
        Campaign storage campaign = _campaigns[campaignId];
        return campaign.terms.supply - campaign.redeemed - campaign.held;
    }

    function _isLate(Terms memory terms) internal view returns (bool) {
        return terms.heldUntil != 0 && _now() >= terms.heldUntil;
    }

    function _endOf(uint256 campaignId) internal view returns (uint256) {
        return uint256(_campaigns[campaignId].terms.closesAt) + _campaigns[campaignId].terms.grace;
    }

    /// @dev Not block.timestamp, which the optimiser does not read again after a warp.
    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    /// @dev The fuzzer likes small numbers, and we read several from one.
    function _mix(uint256 seed) internal returns (uint256) {
        return uint256(keccak256(abi.encode(seed, ++_calls)));
    }

    function _ones(uint256 bits) internal pure returns (uint256 ones) {
        for (; bits != 0; bits &= bits - 1) ++ones;
    }
}
