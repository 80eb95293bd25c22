// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponLedger} from "../../contracts/CouponLedger.sol";
import {Counters, ICouponBook, Ledger, Terms} from "../../contracts/interfaces/ICouponBook.sol";
import {BookTest} from "./BookTest.sol";
import {Crowd} from "./Crowd.sol";
import {vm} from "./Vm.sol";

/// @notice What holds after whatever the crowd did, for every campaign:
/// 1. issued = redeemed + revoked + unused, and each is what the crowd remembers, standby included.
/// 2. The bits of every shard are what the crowd remembers: used once, by whom it belonged to, and for ever.
/// 3. What stands, and what was redeemed, never exceeds the supply; what is left is what nobody used and nobody is kept.
/// 4. While it is paused, nothing of a campaign changes but what is issued and revoked.
/// The crowd itself checks each step: the outcome and its error to the byte, `canRedeem` against `redeem`, the events, and that
/// a pause takes no time away. A crowd of whose doings one never comes off proves nothing: `test_everyActionComesOff`.
contract CouponLedgerInvariantTest is BookTest {
    uint256 private constant ACTIONS = 21;

    Crowd private _crowd;

    /// @notice Thrown when the crowd never met with this error.
    error NeverCameUp(bytes4 selector);

    function setUp() external {
        _crowd = new Crowd();
        book = _crowd.theBook();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_crowd);
    }

    /// hardhat-config: default.invariant.runs = 16
    /// hardhat-config: default.invariant.depth = 200
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_theLedgerIsWhatHappened() external view {
        for (uint256 campaignId = 1; campaignId <= _crowd.campaigns(); ++campaignId) _checkCampaign(campaignId);
    }

    /// @notice Tells, after each sequence, how often each action came off, where a file is named for it (`npm run test:deep`).
    function afterInvariant() external {
        string memory file = vm.envOr("CROWD_FILE", "");
        if (bytes(file).length == 0) return;
        string[46] memory actions = _actions();
        string memory line = "";
        for (uint256 i = 0; i < actions.length; ++i) {
            line = string.concat(line, actions[i], "=", vm.toString(_crowd.successes(actions[i])), ";");
        }
        vm.writeLine(file, line);
    }

    /// @dev A fixed sequence, so that it is the crowd that is judged here and not the fuzzer's luck of the day.
    function test_everyActionComesOff() external {
        for (uint256 i = 0; i < 1_600; ++i) _act(uint256(keccak256(abi.encode(i))));

        string[46] memory actions = _actions();
        for (uint256 i = 0; i < actions.length; ++i) {
            _check(_crowd.successes(actions[i]) > 0, string.concat("never came off: ", actions[i]));
        }
    }

    /// @dev All that must come off at some time.
    function _actions() private pure returns (string[46] memory) {
        return
            [
                "createCampaign",
                "changeTerms",
                "issue",
                "issueStandby",
                "revoke",
                "reallot",
                "reallot standby",
                "pause",
                "resume",
                "resume before heldUntil",
                "resume in the grace",
                "release",
                "close in part",
                "close",
                "multicall",
                "multicall, a whole campaign",
                "redeem",
                "redeemFor",
                "redeemFor a contract",
                "redeemTwo",
                "redeemTwo, the first undone",
                "redeemBatch",
                "redeemBatch by a counter",
                "item redeemed, by a counter's word",
                "item redeemed, by statements",
                "item redeemed, with shared nodes",
                "item refused",
                "redeemed by standby",
                "redeemed late, in a counted shard",
                "redeemed late, in a shard still held",
                "redeemed in the grace",
                "steal, refused",
                "reenter",
                "removeWitness",
                "addWitness",
                "warpToEdge",
                "would have come off: redeem",
                "would have come off: redeemFor another",
                "would have come off: redeemBatch",
                "would have come off: issue",
                "would have come off: revoke",
                "would have come off: reallot",
                "would have come off: pause",
                "would have come off: release",
                "would have come off: removeWitness",
                "would have come off: multicall"
            ];
    }

    function _act(uint256 seed) private {
        uint256 action = (seed >> 200) % ACTIONS;
        address anybody = address(uint160(seed) | 1);
        if (action == 0) _crowd.createCampaign(seed);
        else if (action == 1) _crowd.changeTerms(seed);
        else if (action == 2) _crowd.issue(seed, uint16(seed));
        else if (action == 3) _crowd.issueStandby(seed, uint16(seed));
        else if (action == 4) _crowd.revoke(seed);
        else if (action == 5) _crowd.reallot(seed);
        else if (action == 6) _crowd.pause(seed);
        else if (action == 7) _crowd.resume(seed);
        else if (action == 8) _crowd.release(seed, anybody);
        else if (action == 9) _crowd.close(seed);
        else if (action == 10) _crowd.multicall(seed);
        else if (action == 11) _crowd.redeem(seed);
        else if (action == 12) _crowd.redeemLate(seed);
        else if (action == 13) _crowd.redeemFor(seed, anybody);
        else if (action == 14) _crowd.redeemTwo(seed);
        else if (action == 15) _crowd.redeemBatch(seed);
        else if (action == 16) _crowd.steal(seed, anybody);
        else if (action == 17) _crowd.reenter(seed);
        else if (action == 18) _crowd.changeOracle(seed);
        else if (action == 19) _crowd.warp(seed);
        else _crowd.warpToEdge(seed);
    }

    function _checkCampaign(uint256 campaignId) private view {
        (Terms memory terms, uint256 pausedAt, bytes32 still, uint256 counted, bool isClosed) = _crowd.memoryOf(
            campaignId
        );
        Counters memory counters = book.countersOf(campaignId);
        _check(_isSame(abi.encode(book.campaign(campaignId)), abi.encode(terms)), "the terms");
        _check(counters.shardsCounted == counted && counters.isClosed == isClosed, "what is counted");
        _check(book.pausedAt(campaignId) == pausedAt, "since when it is paused");
        if (pausedAt != 0) _check(_crowd.stillOf(campaignId) == still, "nothing changes while it is paused");

        Crowd.Tally memory own = _checkShards(campaignId, false);
        Crowd.Tally memory standby = _checkShards(campaignId, true);
        _check(counters.issued == own.seats && counters.revoked == own.revoked, "issued and revoked");
        _check(counters.standbyIssued == standby.seats && counters.standbyRevoked == standby.revoked, "standby's");

        Ledger memory ledger = book.ledger(campaignId, _uncountedRoots(campaignId, counted));
        _check(ledger.issued == ledger.redeemed + ledger.revoked + ledger.unused, "the ledger's identity");
        _check(ledger.issued == own.seats + standby.seats, "the ledger's issued");
        _check(ledger.redeemed == own.redeemed + standby.redeemed, "the ledger's redeemed");
        _check(ledger.revoked == own.revoked + standby.revoked, "the ledger's revoked");

        uint256 standing = own.seats - own.revoked;
        _check(standing <= terms.supply, "no more stands than the supply");
        _check(ledger.redeemed <= terms.supply, "no more is redeemed than the supply");
        uint256 left = terms.supply - ledger.redeemed - _heldIn(campaignId, counted);
        _check(counters.leftForAll == left, "what is left for all");
        if (terms.supply - standing < left) left = terms.supply - standing;
        _check(book.supplyLeft(campaignId) == left, "what can be issued");
    }

    /// @dev Compares each shard's bits, and sums them up.
    function _checkShards(uint256 campaignId, bool isStandby) private view returns (Crowd.Tally memory sum) {
        Crowd.Tally[] memory shards = _crowd.talliesOf(campaignId, isStandby);
        for (uint256 i = 0; i < shards.length; ++i) {
            Crowd.Tally memory shard = shards[i];
            (uint256 used, uint256 revoked) = book.seatsOf(campaignId, isStandby ? STANDBY + i : i, shard.root);
            _check(revoked == shard.revoked, "the revoked seats");
            _check(shard.redeemed & shard.revoked == 0, "none is both");
            _check(used == ((type(uint256).max << shard.seats) | shard.redeemed | shard.revoked), "the used seats");
            sum.seats += shard.seats;
            sum.redeemed += _ones(shard.redeemed);
            sum.revoked += _ones(shard.revoked);
        }
    }

    function _heldIn(uint256 campaignId, uint256 counted) private view returns (uint256 held) {
        Crowd.Tally[] memory shards = _crowd.talliesOf(campaignId, false);
        for (uint256 i = counted; i < shards.length; ++i) {
            held += shards[i].seats - _ones(shards[i].redeemed | shards[i].revoked);
        }
    }

    function _uncountedRoots(uint256 campaignId, uint256 counted) private view returns (bytes32[] memory roots) {
        Crowd.Tally[] memory shards = _crowd.talliesOf(campaignId, false);
        roots = new bytes32[](shards.length - counted);
        for (uint256 i = 0; i < roots.length; ++i) roots[i] = shards[counted + i].root;
    }

    function _ones(uint256 bits) private pure returns (uint256 ones) {
        for (; bits != 0; bits &= bits - 1) ++ones;
    }
}
