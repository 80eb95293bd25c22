// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponBook} from "../../contracts/CouponBook.sol";
import {CouponLedger} from "../../contracts/CouponLedger.sol";
import {ICouponBook, Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {AwkwardWallet, Manner} from "../../contracts/mocks/AwkwardWallet.sol";
import {HonestWallet} from "../../contracts/mocks/HonestWallet.sol";
import {Coupon} from "../../contracts/types/Coupon.sol";
import {COUNTER, LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {BookTest} from "./BookTest.sol";
import {ShardReference} from "./ShardReference.sol";
import {vm} from "./Vm.sol";

/// @notice Everybody who does something with a book, in any order: six holders (two of them contracts), the organiser, a
/// thief. Keeps its own books of what must have happened, and never trusts the contract's.
contract Crowd is BookTest {
    /// @notice What the crowd knows of one shard.
    struct Shard {
        address[] holders;
        bytes32 root;
        uint256 redeemed;
        uint256 revoked;
    }

    uint256 private constant ACTORS = 6;

    address[ACTORS] private _actors;
    mapping(uint256 campaignId => Shard[]) private _shards;
    mapping(uint256 campaignId => Terms) private _known;
    mapping(uint256 campaignId => uint256) public counted;
    mapping(uint256 campaignId => bool) public isClosed;
    mapping(string action => uint256) public successes;
    uint256 public campaigns;
    uint256 private _oracleSince = NOW;
    uint256 private _calls;

    constructor() {
        _makeBook();
        for (uint256 i = 0; i < ACTORS - 2; ++i) _actors[i] = vm.addr(_keyOf(i));
        _actors[ACTORS - 2] = address(new HonestWallet(vm.addr(_keyOf(ACTORS - 2))));
        _actors[ACTORS - 1] = address(new AwkwardWallet(Manner.SaysYes));
        _createCampaign(LOCATION);
    }

    function theBook() external view returns (CouponBook) {
        return book;
    }

    function shardsOf(uint256 campaignId) external view returns (Shard[] memory) {
        return _shards[campaignId];
    }

    function supplyOf(uint256 campaignId) external view returns (uint256) {
        return _known[campaignId].supply;
    }

    /// @notice A new campaign, of any classes, when the last one is nearly over.
    function createCampaign(uint8 requiredWitnesses) external {
        if (block.timestamp < _endOf(campaigns) - 15 minutes) return;
        _createCampaign(requiredWitnesses % 4);
    }

    /// @notice Before a campaign opens its supply changes, after that its end grows; shrinking is refused.
    function changeTerms(uint256 seed) external {
        seed = _mix(seed);
        uint256 campaignId = _between(seed, 1, campaigns);
        Terms memory terms = _known[campaignId];
        if (block.timestamp >= uint256(terms.closesAt) + terms.grace) return;
        if (block.timestamp < terms.opensAt) terms.supply = uint64(_between(seed, _standing(campaignId) + 1, 900));
        else if (terms.closesAt < terms.opensAt + 35 minutes)
            (terms.closesAt, terms.grace) = (terms.closesAt + 60, terms.grace + 1);
        book.changeTerms(campaignId, terms);
        _known[campaignId] = terms;
        ++successes["changeTerms"];

        if (block.timestamp < terms.opensAt) return;
        --terms.closesAt;
        vm.expectRevert(abi.encodeWithSelector(ICouponBook.TermsFrozen.selector, terms.opensAt, block.timestamp));
        book.changeTerms(campaignId, terms);
    }

    function issue(uint256 seed, uint16 size) external {
        seed = _mix(seed);
        uint256 campaignId = _open(seed);
        uint256 left = _known[campaignId].supply - _standing(campaignId);
        if (block.timestamp >= _known[campaignId].closesAt) return;
        address[] memory holders = new address[](size % 16 == 0 ? _between(size, 200, 300) : _between(size, 1, 12));
        for (uint256 i = 0; i < holders.length; ++i)
            holders[i] = _actors[uint256(keccak256(abi.encode(seed, i))) % ACTORS];
        if (holders.length > left) {
            vm.expectRevert(abi.encodeWithSelector(ICouponBook.SupplyExceeded.selector, holders.length, left));
            book.issue(campaignId, holders);
            return;
        }
        uint256 shard = book.issue(campaignId, holders);
        _check(shard == _shards[campaignId].length, "serials are never reused");
        for (uint256 first = 0; first < holders.length; first += 255) {
            Shard storage kept = _shards[campaignId].push();
            for (uint256 i = first; i < holders.length && i < first + 255; ++i) kept.holders.push(holders[i]);
            kept.root = ShardReference.rootOf(kept.holders, shard++);
        }
        ++successes["issue"];
    }

    /// @notice The holder redeems; what was redeemed or revoked is refused by name.
    function redeem(uint256 seed) public {
        seed = _mix(seed);
        (bool isThere, Coupon memory coupon, address holder, bytes32[] memory proof) = _anyCoupon(seed);
        if (!isThere || !_mayRedeem(coupon.campaignId)) return;
        Statement[] memory statements = _statementsFor(coupon, holder);
        bool isGood = _expectFate(coupon);
        vm.prank(holder);
        book.redeem(coupon, proof, 1, statements);
        if (isGood) _noteRedeemed(coupon, "redeem");
    }

    /// @notice Those who were seen in time and are settled after the window closed: too rare if left to chance.
    function redeemLate(uint256 seed) external {
        Terms storage terms = _known[campaigns];
        bool isNearlyOver = block.timestamp + 20 minutes >= terms.closesAt && block.timestamp < terms.closesAt;
        if (isNearlyOver && terms.requiredWitnesses != 0) vm.warp(terms.closesAt + (seed % 8 minutes));
        redeem(seed);
    }

    /// @notice Anybody redeems for the holder, with whatever the holder's account takes for a signature.
    function redeemFor(uint256 seed, address sender) external {
        seed = _mix(seed);
        (bool isThere, Coupon memory coupon, address holder, bytes32[] memory proof) = _anyCoupon(seed);
        // Every other time we look for a contract's coupon, which has the longer way to go.
        for (uint256 i = 0; seed % 2 == 0 && isThere && holder.code.length == 0 && i < 8; ++i) {
            (isThere, coupon, holder, proof) = _anyCoupon(_mix(seed));
        }
        if (!isThere || !_mayRedeem(coupon.campaignId)) return;
        uint256 actor = 0;
        while (_actors[actor] != holder) ++actor;
        bytes memory signature = _permission(_keyOf(actor), coupon, 1, block.timestamp);
        if (actor == ACTORS - 2) signature = _inFull(signature);
        Statement[] memory statements = _statementsFor(coupon, holder);
        bool isGood = _expectFate(coupon);
        vm.prank(sender);
        book.redeemFor(coupon, proof, holder, 1, uint64(block.timestamp), signature, statements);
        if (!isGood) return;

        _noteRedeemed(coupon, "redeemFor");
        if (holder.code.length != 0) ++successes["redeemFor a contract"];
    }

    /// @notice A thief sends the holder's coupon with a statement of their own, and gets nothing.
    function steal(uint256 seed, address thief) external {
        seed = _mix(seed);
        (bool isThere, Coupon memory coupon, address holder, bytes32[] memory proof) = _anyCoupon(seed);
        if (!isThere || !_mayRedeem(coupon.campaignId) || thief == holder) return;
        Statement[] memory statements = _statementsFor(coupon, thief);
        vm.expectRevert(
            abi.encodeWithSelector(CouponLedger.NotIssued.selector, coupon.campaignId, coupon.serial, thief)
        );
        vm.prank(thief);
        book.redeem(coupon, proof, 1, statements);
        ++successes["steal, refused"];
    }

    function revoke(uint256 seed) external {
        seed = _mix(seed);
        (bool isThere, Coupon memory coupon, , ) = _anyCoupon(seed);
        if (!isThere || block.timestamp >= _endOf(coupon.campaignId)) return;
        uint256[] memory serials = new uint256[](1);
        serials[0] = coupon.serial;
        Shard storage shard = _shards[coupon.campaignId][coupon.serial >> 8];
        bool isGood = _expectFate(coupon);
        book.revoke(coupon.campaignId, shard.root, serials, "");
        if (!isGood) return;
        shard.revoked |= 1 << (coupon.serial & 0xff);
        ++successes["revoke"];
    }

    /// @notice Counts a campaign that is over, a few shards at a time.
    function close(uint256 seed) external {
        seed = _mix(seed);
        uint256 campaignId = _between(seed, 1, campaigns);
        if (block.timestamp < _endOf(campaignId)) campaignId = 1;
        if (block.timestamp < _endOf(campaignId)) {
            vm.expectRevert(
                abi.encodeWithSelector(ICouponBook.CampaignNotOver.selector, _endOf(campaignId), block.timestamp)
            );
            book.close(campaignId, new bytes32[](0));
            return;
        }
        if (isClosed[campaignId])
            vm.expectRevert(abi.encodeWithSelector(CouponLedger.AlreadyClosed.selector, campaignId));
        Shard[] storage shards = _shards[campaignId];
        uint256 part = _between(seed >> 128, 1, 4);
        if (counted[campaignId] + part > shards.length) part = shards.length - counted[campaignId];
        bytes32[] memory roots = new bytes32[](part);
        for (uint256 i = 0; i < part; ++i) roots[i] = shards[counted[campaignId] + i].root;
        book.close(campaignId, roots);
        counted[campaignId] += part;
        if (!isClosed[campaignId] && counted[campaignId] == shards.length) {
            isClosed[campaignId] = true;
            ++successes["close"];
        }
    }

    /// @notice The oracle is removed, and comes back a minute later; what it signed before is dead.
    function changeOracle(uint256 seed) external {
        seed = _mix(seed);
        (bool isThere, Coupon memory coupon, address holder, bytes32[] memory proof) = _anyCoupon(seed);
        if (block.timestamp >= _known[campaigns].closesAt) return; // leave the grace to those who were witnessed
        uint256 now_ = vm.getBlockTimestamp(); // block.timestamp would be read again after the warp
        Statement memory before = _statement(ORACLE_KEY, coupon, holder, 1, now_, now_ + 300);
        book.removeWitness(before.witness);
        bool isFit =
            isThere && now_ + 60 < _known[coupon.campaignId].closesAt && now_ >= _known[coupon.campaignId].opensAt;
        if (isFit) {
            vm.expectRevert(abi.encodeWithSelector(ICouponBook.NotAWitness.selector, before.witness));
            vm.prank(holder);
            book.redeem(coupon, proof, 1, _one(before));
        }
        _oracleSince = now_ + 60;
        vm.warp(now_ + 60);
        book.addWitness(Witness(before.witness, LOCATION, 0, 0, uint64(NOW + 3650 days)));
        if (isFit) {
            vm.expectRevert(
                abi.encodeWithSelector(ICouponBook.WitnessNotValid.selector, before.witness, now_ + 60, NOW + 3650 days)
            );
            vm.prank(holder);
            book.redeem(coupon, proof, 1, _one(before));
            ++successes["changeOracle, old statement refused"];
        }
    }

    /// @notice Time goes on: by minutes, or to the next edge of the latest campaign and a second beside it.
    function warp(uint256 seed) external {
        seed = _mix(seed);
        Terms storage terms = _known[campaigns];
        uint256[4] memory edges = [
            uint256(terms.opensAt),
            terms.closesAt,
            terms.closesAt + 8 minutes,
            _endOf(campaigns)
        ];
        uint256 time = block.timestamp + _between(seed >> 32, 1, 5 minutes);
        if (seed % 2 == 0) {
            uint256 next = 0;
            while (next < 3 && edges[next] <= block.timestamp + 1) ++next;
            if (edges[next] > block.timestamp + 1) time = edges[next] + ((seed >> 24) % 3) - 1;
        }
        vm.warp(time);
    }

    function _createCampaign(uint8 requiredWitnesses) private {
        Terms memory terms = _terms(requiredWitnesses);
        terms.opensAt = uint64(block.timestamp + 10 minutes);
        terms.closesAt = terms.opensAt + 30 minutes;
        terms.grace = uint64(30 minutes);
        terms.supply = 400;
        _known[++campaigns] = terms;
        _check(book.createCampaign("", terms, "") == campaigns, "campaigns are numbered from 1");
        ++successes["createCampaign"];
    }

    /// @dev Expects the refusal that the coupon has coming; whether it has none.
    function _expectFate(Coupon memory coupon) private returns (bool isGood) {
        Shard storage shard = _shards[coupon.campaignId][coupon.serial >> 8];
        uint256 seat = 1 << (coupon.serial & 0xff);
        bytes4 refusal;
        if (shard.redeemed & seat != 0) {
            refusal = CouponLedger.CouponAlreadyRedeemed.selector;
            ++successes["again, refused"];
        } else if (shard.revoked & seat != 0) {
            refusal = CouponLedger.CouponIsRevoked.selector;
            ++successes["revoked, refused"];
        } else return true;
        vm.expectRevert(abi.encodeWithSelector(refusal, coupon.campaignId, coupon.serial));
    }

    function _noteRedeemed(Coupon memory coupon, string memory action) private {
        _shards[coupon.campaignId][coupon.serial >> 8].redeemed |= 1 << (coupon.serial & 0xff);
        ++successes[action];
        if (block.timestamp >= _known[coupon.campaignId].closesAt) ++successes["in the grace"];
    }

    /// @dev One statement for each class the campaign requires, observed as late as may be.
    function _statementsFor(Coupon memory coupon, address holder) private view returns (Statement[] memory statements) {
        Terms storage terms = _known[coupon.campaignId];
        uint256 observedAt = block.timestamp < terms.closesAt ? block.timestamp : terms.closesAt - 1;
        bool isLocated = terms.requiredWitnesses & LOCATION != 0;
        bool isSeen = terms.requiredWitnesses & COUNTER != 0;
        statements = new Statement[]((isLocated ? 1 : 0) + (isSeen ? 1 : 0));
        if (isLocated) statements[0] = _statement(ORACLE_KEY, coupon, holder, 1, observedAt, observedAt + 600);
        if (isSeen) {
            statements[statements.length - 1] = _statement(
                DESK_KEY,
                coupon,
                holder,
                1,
                observedAt,
                observedAt + 1 days
            );
        }
    }

    function _mayRedeem(uint256 campaignId) private view returns (bool) {
        Terms storage terms = _known[campaignId];
        if (block.timestamp < terms.opensAt || block.timestamp >= _endOf(campaignId)) return false;
        if (block.timestamp < terms.closesAt) return true;
        uint256 lastSeen = terms.closesAt - 1;
        if (terms.requiredWitnesses & LOCATION == 0) return terms.requiredWitnesses != 0;
        return lastSeen >= _oracleSince && block.timestamp < lastSeen + 600;
    }

    /// @dev A coupon of a campaign that is not over, if there is any.
    function _anyCoupon(
        uint256 seed
    ) private view returns (bool isThere, Coupon memory coupon, address holder, bytes32[] memory proof) {
        uint256 campaignId = _open(seed);
        Shard[] storage shards = _shards[campaignId];
        if (shards.length == 0) return (false, coupon, holder, proof);
        uint256 number = (seed >> 64) % shards.length;
        address[] memory holders = shards[number].holders;
        uint256 seat = (seed >> 128) % holders.length;
        coupon = Coupon(campaignId, (number << 8) | seat);
        return (true, coupon, holders[seat], ShardReference.proofOf(holders, number, seat));
    }

    /// @dev The latest campaign mostly, else any.
    function _open(uint256 seed) private view returns (uint256) {
        return seed % 4 == 0 ? _between(seed >> 8, 1, campaigns) : campaigns;
    }

    function _endOf(uint256 campaignId) private view returns (uint256) {
        return uint256(_known[campaignId].closesAt) + _known[campaignId].grace;
    }

    function _standing(uint256 campaignId) private view returns (uint256 standing) {
        Shard[] storage shards = _shards[campaignId];
        for (uint256 i = 0; i < shards.length; ++i) {
            standing += shards[i].holders.length;
            for (uint256 bits = shards[i].revoked; bits != 0; bits &= bits - 1) --standing;
        }
    }

    /// @dev The fuzzer likes small numbers, and we read several from one.
    function _mix(uint256 seed) private returns (uint256) {
        return uint256(keccak256(abi.encode(seed, ++_calls)));
    }

    function _keyOf(uint256 actor) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("actor", actor)));
    }

    /// @dev 64 bytes as 65.
    function _inFull(bytes memory compact) private pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = abi.decode(compact, (bytes32, bytes32));
        return
            bytes.concat(
                r,
                vs & bytes32(type(uint256).max >> 1),
                uint256(vs) >> 255 == 0 ? bytes1(0x1b) : bytes1(0x1c)
            );
    }
}
