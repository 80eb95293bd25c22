// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponLedger} from "../../contracts/CouponLedger.sol";
import {ICouponBook, Ledger, Status, Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {Coupon} from "../../contracts/types/Coupon.sol";
import {LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {BookTest} from "./BookTest.sol";
import {ShardReference} from "./ShardReference.sol";
import {vm} from "./Vm.sol";

/// @notice What holds for every list, seat, time and bit:
/// 1. The contract's root of any list is the reference's, for every shard of an issue.
/// 2. Every seat of a list is provable by its holder; nothing else is: no other holder, seat, serial, node, cut or longer proof.
/// 3. Standing coupons never exceed the supply, whatever is asked for.
/// 4. A redemption succeeds exactly when plain arithmetic says that the block and the observation lie where they may.
/// 5. One changed bit, in any signed field or the signature, or another chain, and it fails.
/// 6. Whatever seats are gone, the ledger counts the others one by one.
/// 7. Terms are taken exactly when plain arithmetic says that they are sound, and read back as they were given.
contract CouponBookFuzzTest is BookTest {
    uint256 private constant HOME = 31337;
    uint256 private constant SEEN = NOW + 2 hours; // inside the window of `_terms`

    function setUp() external {
        _makeBook();
    }

    /// hardhat-config: fuzz.runs = 48
    function testFuzz_rootsAreTheReferences(uint256 seed, uint16 count) external {
        uint256 length = _between(count, 1, 520);
        address[] memory holders = _holders(seed, length);
        book.createCampaign("", _terms(LOCATION), "");
        uint256 earlier = _between(seed, 0, 3);
        for (uint256 i = 0; i < earlier; ++i) book.issue(1, _holders(i, 1));

        uint256 shard = book.issue(1, holders);
        _check(shard == earlier, "the issue begins with the next shard");
        for (uint256 first = 0; first < length; first += 255) {
            address[] memory part = _slice(holders, first, length - first < 255 ? length : first + 255);
            bytes32 root = ShardReference.rootOf(part, shard);
            (uint256 used, uint256 revoked) = book.seatsOf(1, shard, root);
            _check(used == type(uint256).max << part.length, "the shard has as many free seats as holders");
            _check(revoked == 0, "nothing is revoked at first");
            ++shard;
        }
        _check(book.shardCount(1) == shard, "no shard beyond the list");
    }

    /// hardhat-config: fuzz.runs = 64
    function testFuzz_nothingButTheSeatIsProvable(uint256 seed, uint8 count, uint8 place, uint256 noise) external {
        uint256 length = _between(count, 1, 255);
        uint256 seat = _between(place, 0, length - 1);
        address[] memory holders = _holders(seed, length);
        book.createCampaign("", _terms(LOCATION), "");
        book.issue(1, holders);
        bytes32[] memory proof = ShardReference.proofOf(holders, 0, seat);
        address holder = holders[seat];

        _check(book.statusOf(Coupon(1, seat), holder, proof) == Status.Unused, "the seat is provable");
        _mustNotProve(Coupon(1, seat), address(uint160(holder) ^ uint160(1 << (noise % 160))), proof);
        _mustNotProve(Coupon(1, seat ^ (1 << (noise % 256))), holder, proof);
        _mustNotProve(Coupon(2, seat), holder, proof);
        _mustNotProve(Coupon(1, seat), holder, _longer(proof, bytes32(noise)));
        _mustNotProve(Coupon(1, seat), holder, _longer(proof, 0));
        if (proof.length == 0) return;

        _mustNotProve(Coupon(1, seat), holder, _cut(proof, proof.length - 1));
        _mustNotProve(Coupon(1, seat), holder, new bytes32[](0));
        uint256 changed = noise % proof.length;
        proof[changed] ^= bytes32(1 << (noise >> 248));
        _mustNotProve(Coupon(1, seat), holder, proof);
    }

    /// @dev Every inner node, taken for a leaf: its word read as serial and holder, with the rest of the proof.
    /// hardhat-config: fuzz.runs = 24
    function testFuzz_noInnerNodeIsALeaf(uint256 seed, uint8 count) external {
        uint256 length = _between(count, 2, 24);
        address[] memory holders = _holders(seed, length);
        book.createCampaign("", _terms(LOCATION), "");
        book.issue(1, holders);
        bytes32[][] memory levels = ShardReference.levelsOf(holders, 0);
        for (uint256 height = 0; height < levels.length; ++height) {
            for (uint256 place = 0; place < levels[height].length; ++place) {
                uint256 word = uint256(levels[height][place]);
                bytes32[] memory rest = new bytes32[](levels.length - 1 - height);
                for (uint256 i = 0; i < rest.length; ++i) {
                    uint256 node = place >> i;
                    rest[i] = levels[height + i][node % 2 == 0 ? node + 1 : node - 1];
                }
                _mustNotProve(Coupon(1, word >> 160), address(uint160(word)), rest);
                _mustNotProve(Coupon(1, place << height), address(uint160(word)), rest);
            }
        }
    }

    function testFuzz_standingNeverExceedsTheSupply(uint256 seed, uint16 supply, uint16[6] calldata sizes) external {
        Terms memory terms = _terms(LOCATION);
        terms.supply = uint64(_between(supply, 1, 600));
        book.createCampaign("", terms, "");
        uint256 standing = 0;
        for (uint256 i = 0; i < sizes.length; ++i) {
            uint256 size = _between(sizes[i], 1, 300);
            uint256 left = terms.supply - standing;
            address[] memory holders = _holders(i, size);
            if (size > left) vm.expectRevert(abi.encodeWithSelector(ICouponBook.SupplyExceeded.selector, size, left));
            uint256 shard = book.issue(1, holders);
            if (size > left) continue;

            standing += size;
            if ((seed >> i) & 1 == 1) {
                uint256[] memory serials = new uint256[](1);
                serials[0] = shard << 8;
                address[] memory part = _slice(holders, 0, size < 255 ? size : 255);
                book.revoke(1, ShardReference.rootOf(part, shard), serials, "");
                --standing;
            }
            _check(book.supplyLeft(1) == terms.supply - standing, "what is left is what was not taken");
        }
    }

    /// hardhat-config: fuzz.runs = 24
    function testFuzz_theLedgerCountsAnyPattern(uint256 pattern, uint8 count, bool isSparse) external {
        uint256 length = _between(count, 1, 255);
        if (isSparse) pattern &= (pattern << 1) & (pattern << 2);
        book.createCampaign("", _terms(LOCATION), "");
        address[] memory holders = _holders(pattern, length);
        book.issue(1, holders);
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = ShardReference.rootOf(holders, 0);
        uint256 gone = 0;
        for (uint256 seat = 0; seat < length; ++seat) {
            if ((pattern >> seat) & 1 == 0) continue;
            uint256[] memory serials = new uint256[](1);
            serials[0] = seat;
            book.revoke(1, roots[0], serials, "");
            ++gone;
        }
        Ledger memory ledger = book.ledger(1, roots);
        _check(ledger.issued == length && ledger.revoked == gone, "issued and revoked");
        _check(ledger.unused == length - gone && ledger.redeemed == 0, "the rest is unused");
    }

    /// @dev The times are drawn around the edges: uniform ones would hardly ever fall on them.
    /// hardhat-config: fuzz.runs = 400
    function testFuzz_windowsAreExact(uint8 blockEdge, uint8 seenEdge, uint8 lifeEdge, uint8 lead) external {
        Terms memory terms = _terms(LOCATION);
        address[] memory holders = _holders(uint256(lead), 2);
        book.createCampaign("", terms, "");
        book.issue(1, holders);
        uint256[6] memory edges = [
            terms.opensAt,
            terms.opensAt + 1 hours,
            terms.closesAt - 1 minutes,
            terms.closesAt,
            terms.closesAt + 10 minutes,
            uint256(terms.closesAt) + terms.grace
        ];
        uint256 time = edges[blockEdge % 6] + ((blockEdge / 6) % 3) - 1;
        uint256 observedAt = time + [uint256(1), 60, 61, 62, 601, 4000][seenEdge % 6] - ((seenEdge / 6) % 2) * 601;
        if (seenEdge % 4 == 3) observedAt = edges[(seenEdge / 4) % 4] + ((seenEdge / 16) % 3) - 1;
        uint256 validUntil = observedAt + [uint256(0), 1, 300, 600, 601, 660][lifeEdge % 6];

        Statement[] memory statements = _one(
            _statement(ORACLE_KEY, Coupon(1, 0), holders[0], 1, observedAt, validUntil)
        );
        bool mayBe =
            time >= terms.opensAt &&
                time < terms.closesAt + terms.grace &&
                observedAt >= terms.opensAt &&
                observedAt < terms.closesAt &&
                observedAt <= time + 60 &&
                time < validUntil &&
                validUntil - observedAt <= 600;
        vm.warp(time);
        vm.prank(holders[0]);
        (bool isDone, ) = address(book).call(
            abi.encodeCall(book.redeem, (Coupon(1, 0), ShardReference.proofOf(holders, 0, 0), 1, statements))
        );
        _check(isDone == mayBe, "redeemed exactly when it might be");
    }

    /// hardhat-config: fuzz.runs = 128
    function testFuzz_oneBitChangesEverything(uint256 seed, uint8 field, uint8 bit) external {
        (address[] memory holders, Statement memory statement) = _openWithStatement(seed);
        bytes32 mask = bytes32(uint256(1) << bit);
        if (field % 6 == 0) statement.r ^= mask;
        else if (field % 6 == 1) statement.vs ^= mask;
        else if (field % 6 == 2) statement.evidenceHash ^= mask;
        else if (field % 6 == 3) statement.observedAt ^= uint64(1 << (bit % 3));
        else if (field % 6 == 4) statement.validUntil ^= uint64(1 << (bit % 3));
        else statement.witness = address(uint160(statement.witness) ^ uint160(1 << (bit % 160)));

        _mustNotRedeem(holders, statement);
    }

    function testFuzz_anotherChainRefusesIt(uint256 seed, uint32 chain) external {
        vm.assume(chain != 0 && chain != HOME);
        (address[] memory holders, Statement memory statement) = _openWithStatement(seed);
        vm.chainId(chain);
        _mustNotRedeem(holders, statement);
        vm.chainId(HOME); // not a variable: the optimiser takes block.chainid for a constant
        vm.prank(holders[0]);
        book.redeem(Coupon(1, 0), ShardReference.proofOf(holders, 0, 0), 1, _one(statement));
    }

    function testFuzz_onlyTheHolderRedeems(uint256 seed, address thief) external {
        (address[] memory holders, ) = _openWithStatement(seed);
        vm.assume(thief != holders[0]);
        Statement memory statement = _statement(ORACLE_KEY, Coupon(1, 0), thief, 1, SEEN, SEEN + 300);
        bytes32[] memory proof = ShardReference.proofOf(holders, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(CouponLedger.NotIssued.selector, 1, 0, thief));
        vm.prank(thief);
        book.redeem(Coupon(1, 0), proof, 1, _one(statement));
    }

    /// hardhat-config: fuzz.runs = 512
    function testFuzz_termsAreSoundOrRefused(Terms memory terms, uint256 seed) external {
        uint256[6] memory spans = [uint256(299), 300, 3 hours, 365 days, 365 days + 1, 0];
        uint256 latest = 4_102_444_800;
        if (seed % 8 != 0) {
            terms.opensAt = uint64(_between(terms.opensAt, NOW, NOW + 1 days));
            if (seed % 16 == 1) terms.opensAt = uint64(latest - [uint256(0), 299, 300, 301][(seed >> 8) % 4]);
            terms.closesAt = uint64(terms.opensAt + spans[(seed >> 16) % 6]);
            terms.grace = uint64(30 days - 1 + ((seed >> 24) % 3));
            terms.supply = uint64([uint256(0), 1, type(uint32).max, uint256(type(uint32).max) + 1][(seed >> 32) % 4]);
            uint256[5] memory held = [
                0,
                uint256(terms.opensAt) - 1,
                terms.opensAt,
                uint256(terms.closesAt) - 1,
                terms.closesAt
            ];
            terms.heldUntil = uint64(held[(seed >> 40) % 5]);
        }
        if ((seed >> 48) % 4 == 0) terms.geofenceHash = 0;
        if ((seed >> 52) % 4 == 0) terms.sites = 0;

        bool isSound =
            terms.opensAt <= latest &&
                terms.closesAt <= latest &&
                uint256(terms.closesAt) >= uint256(terms.opensAt) + 5 minutes &&
                uint256(terms.closesAt) <= uint256(terms.opensAt) + 365 days &&
                terms.closesAt > block.timestamp &&
                (terms.heldUntil == 0 || (terms.heldUntil >= terms.opensAt && terms.heldUntil < terms.closesAt)) &&
                terms.grace <= 30 days &&
                terms.supply > 0 &&
                terms.supply <= type(uint32).max &&
                (terms.requiredWitnesses % 2 == 0 || (terms.geofenceHash != 0 && terms.sites > 0));
        (bool isDone, bytes memory answer) = address(book).call(abi.encodeCall(book.createCampaign, ("", terms, "")));
        _check(isDone == isSound, "taken exactly when sound");
        if (isDone) {
            _check(keccak256(abi.encode(book.campaign(1))) == keccak256(abi.encode(terms)), "read back as given");
        } else {
            _check(answer.length >= 4 && bytes4(answer) != 0x4e487b71, "refused by name, not by a panic");
        }
    }

    /// hardhat-config: fuzz.runs = 512
    function testFuzz_noCallEndsInAPanic(bytes4 selector, bytes calldata junk, uint8 which, uint64 time) external {
        book.createCampaign("", _terms(LOCATION), "");
        book.issue(1, _holders(1, 3));
        vm.warp(_between(time, NOW, NOW + 2 days));
        bytes4[10] memory known = [
            book.redeem.selector,
            book.redeemFor.selector,
            book.revoke.selector,
            book.close.selector,
            book.ledger.selector,
            book.statusOf.selector,
            book.issue.selector,
            book.changeTerms.selector,
            book.addWitness.selector,
            selector
        ];
        (bool isDone, bytes memory answer) = address(book).call(bytes.concat(known[which % 10], junk));
        _check(isDone || bytes4(answer) != 0x4e487b71, "no panic");
    }

    function _openWithStatement(uint256 seed) private returns (address[] memory holders, Statement memory statement) {
        holders = _holders(seed, _between(seed, 1, 9));
        book.createCampaign("", _terms(LOCATION), "");
        book.issue(1, holders);
        vm.warp(SEEN);
        statement = _statement(ORACLE_KEY, Coupon(1, 0), holders[0], 1, SEEN, SEEN + 300);
    }

    function _mustNotRedeem(address[] memory holders, Statement memory statement) private {
        bytes32[] memory proof = ShardReference.proofOf(holders, 0, 0);
        vm.prank(holders[0]);
        (bool isDone, ) = address(book).call(abi.encodeCall(book.redeem, (Coupon(1, 0), proof, 1, _one(statement))));
        _check(!isDone, "refused");
        _check(book.statusOf(Coupon(1, 0), holders[0], proof) == Status.Unused, "and still unused");
    }

    function _mustNotProve(Coupon memory coupon, address holder, bytes32[] memory proof) private view {
        _check(book.statusOf(coupon, holder, proof) == Status.NotIssued, "nothing else is provable");
        _check(!book.isIssued(coupon, holder, proof), "nor issued");
    }

    function _holders(uint256 seed, uint256 length) private pure returns (address[] memory holders) {
        holders = new address[](length);
        for (uint256 i = 0; i < length; ++i) {
            // Some stand in the list more than once.
            holders[i] = address(uint160(uint256(keccak256(abi.encode(seed, i % 7 == 6 ? 0 : i)))));
        }
    }

    function _slice(address[] memory holders, uint256 first, uint256 end) private pure returns (address[] memory part) {
        part = new address[](end - first);
        for (uint256 i = 0; i < part.length; ++i) part[i] = holders[first + i];
    }

    function _longer(bytes32[] memory proof, bytes32 node) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        longer[proof.length] = node;
    }

    function _cut(bytes32[] memory proof, uint256 length) private pure returns (bytes32[] memory part) {
        part = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) part[i] = proof[i];
    }
}
