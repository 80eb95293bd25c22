// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponBook} from "../../contracts/CouponBook.sol";
import {Ledger} from "../../contracts/interfaces/ICouponBook.sol";
import {BookTest} from "./BookTest.sol";
import {Crowd} from "./Crowd.sol";

/// @notice What holds after whatever the crowd did, for every campaign:
/// 1. issued = redeemed + revoked + unused, and each is what the crowd remembers.
/// 2. The bits of every shard are what the crowd remembers: used once, by whom it belonged to, and for ever.
/// 3. What stands never exceeds the supply.
/// And a crowd of whose doings one never comes off proves nothing: `test_everyActionComesOff`.
contract CouponLedgerInvariantTest is BookTest {
    Crowd private _crowd;

    function setUp() external {
        _crowd = new Crowd();
        book = _crowd.theBook();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_crowd);
    }

    /// hardhat-config: invariant.runs = 8
    /// hardhat-config: invariant.depth = 500
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_theLedgerIsWhatHappened() external view {
        for (uint256 campaignId = 1; campaignId <= _crowd.campaigns(); ++campaignId) _checkCampaign(campaignId);
    }

    /// @dev A fixed sequence, so that it is the crowd that is judged here and not the fuzzer's luck of the day.
    function test_everyActionComesOff() external {
        for (uint256 i = 0; i < 1_000; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            uint256 action = (seed >> 200) % 12;
            if (action == 0) _crowd.createCampaign(uint8(seed));
            else if (action == 1) _crowd.changeTerms(seed);
            else if (action == 2) _crowd.issue(seed, uint16(seed));
            else if (action <= 4) _crowd.redeem(seed);
            else if (action == 5) _crowd.redeemLate(seed);
            else if (action == 6) _crowd.redeemFor(seed, address(uint160(seed) | 1));
            else if (action == 7) _crowd.steal(seed, address(uint160(seed) | 1));
            else if (action == 8) _crowd.revoke(seed);
            else if (action == 9) _crowd.close(seed);
            else if (action == 10) _crowd.changeOracle(seed);
            else _crowd.warp(seed);
        }
        string[13] memory actions = [
            "createCampaign",
            "changeTerms",
            "issue",
            "redeem",
            "redeemFor",
            "redeemFor a contract",
            "in the grace",
            "revoke",
            "close",
            "steal, refused",
            "again, refused",
            "revoked, refused",
            "changeOracle, old statement refused"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            _check(_crowd.successes(actions[i]) > 0, string.concat("never came off: ", actions[i]));
        }
        for (uint256 campaignId = 1; campaignId <= _crowd.campaigns(); ++campaignId) _checkCampaign(campaignId);
    }

    function _checkCampaign(uint256 campaignId) private view {
        Crowd.Shard[] memory shards = _crowd.shardsOf(campaignId);
        bytes32[] memory roots = new bytes32[](shards.length);
        (uint256 issued, uint256 redeemed, uint256 revoked) = (0, 0, 0);
        for (uint256 i = 0; i < shards.length; ++i) {
            Crowd.Shard memory shard = shards[i];
            roots[i] = shard.root;
            issued += shard.holders.length;
            redeemed += _ones(shard.redeemed);
            revoked += _ones(shard.revoked);
            (uint256 usedBits, uint256 revokedBits) = book.seatsOf(campaignId, i, shard.root);
            _check(revokedBits == shard.revoked, "the revoked seats");
            _check(
                usedBits == ((type(uint256).max << shard.holders.length) | shard.redeemed | shard.revoked),
                "the used seats"
            );
        }
        Ledger memory ledger = book.ledger(campaignId, roots);
        _check(ledger.issued == ledger.redeemed + ledger.revoked + ledger.unused, "the ledger's identity");
        _check(ledger.issued == issued, "issued");
        _check(ledger.redeemed == redeemed, "redeemed");
        _check(ledger.revoked == revoked, "revoked");
        uint256 supply = _crowd.supplyOf(campaignId);
        _check(issued - revoked <= supply, "the supply");
        _check(book.supplyLeft(campaignId) == supply - (issued - revoked), "what is left of it");
    }

    function _ones(uint256 bits) private pure returns (uint256 ones) {
        for (; bits != 0; bits &= bits - 1) ++ones;
    }
}
