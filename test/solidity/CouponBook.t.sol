// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponBook} from "../../contracts/CouponBook.sol";
import {CouponLedger} from "../../contracts/CouponLedger.sol";
import {ICouponBook, Ledger, Status, Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {BatchReference} from "./BatchReference.sol";
import {Attempt, BookTest} from "./BookTest.sol";
import {ShardReference} from "./ShardReference.sol";
import {vm} from "./Vm.sol";

/// @notice What holds for every list, seat, time and bit:
/// 1. The contract's root of any list is the reference's, for every shard of an issue.
/// 2. Every seat of a list is provable by its holder; nothing else is: no other holder, seat, serial, node, cut or longer proof.
/// 3. Standing coupons never exceed the supply, whatever is asked for.
/// 4. Whatever seats are gone, the ledger counts the others one by one.
/// 5. One changed bit, in any signed field or signature of witness or holder, or another chain, and it fails.
/// 6. In one block, in any order, a coupon comes to one end only.
/// 7. What is left once shards are released is had to the last coupon, and what is still held is not touched.
/// 8. Terms are taken exactly when plain arithmetic says that they are sound, and read back as they were given.
/// 9. A book's address is its creator's own, made once and set up once.
contract CouponBookFuzzTest is BookTest {
    uint256 private constant HOME = 31337;
    uint256 private constant SEEN = NOW + 90 minutes; // inside the window of `_terms`, before its `heldUntil`
    uint256 private constant HOLDER_KEY = uint256(keccak256("a holder"));

    function setUp() external {
        _makeBook();
    }

    /// hardhat-config: default.fuzz.runs = 48
    function testFuzz_rootsAreTheReferences(uint256 seed, uint16 count, bool isStandby) external {
        uint256 length = _between(count, 1, 520);
        address[] memory holders = _holders(seed, length);
        book.createCampaign("", _terms(LOCATION), "");
        uint256 earlier = _between(seed, 0, 3);
        for (uint256 i = 0; i < earlier; ++i) _issue(_holders(i, 1), isStandby);

        uint256 shard = _issue(holders, isStandby);
        _check(shard == (isStandby ? STANDBY : 0) + earlier, "the issue begins with the next shard");
        for (uint256 first = 0; first < length; first += 255) {
            address[] memory part = _slice(holders, first, length - first < 255 ? length : first + 255);
            bytes32 root = ShardReference.rootOf(part, shard);
            (uint256 used, uint256 revoked) = book.seatsOf(1, shard, root);
            _check(used == type(uint256).max << part.length, "the shard has as many free seats as holders");
            _check(revoked == 0, "nothing is revoked at first");
            ++shard;
        }
        uint256 shards = isStandby ? book.countersOf(1).standbyShards + STANDBY : book.shardCount(1);
        _check(shards == shard, "no shard beyond the list");
    }

    /// hardhat-config: default.fuzz.runs = 64
    function testFuzz_nothingButTheSeatIsProvable(uint256 seed, uint8 count, uint8 place, uint256 noise) external {
        uint256 length = _between(count, 1, 255);
        uint256 seat = _between(place, 0, length - 1);
        address[] memory holders = _holders(seed, length);
        book.createCampaign("", _terms(LOCATION), "");
        book.issue(1, holders);
        bytes20[] memory proof = ShardReference.proofOf(holders, 0, seat);
        address holder = holders[seat];

        _check(book.statusOf(1, seat, holder, ShardReference.packed(proof)) == Status.Unused, "the seat is provable");
        _mustNotProve(1, seat, address(uint160(holder) ^ uint160(1 << (noise % 160))), proof);
        _mustNotProve(1, seat ^ (1 << (noise % 256)), holder, proof);
        _mustNotProve(2, seat, holder, proof);
        _mustNotProve(1, seat, holder, _longer(proof, bytes20(uint160(noise))));
        _mustNotProve(1, seat, holder, _longer(proof, 0));
        if (proof.length == 0) return;

        _mustNotProve(1, seat, holder, _cut(proof, proof.length - 1));
        _mustNotProve(1, seat, holder, new bytes20[](0));
        uint256 changed = noise % proof.length;
        proof[changed] ^= bytes20(uint160(1) << ((noise >> 248) % 160));
        _mustNotProve(1, seat, holder, proof);
    }

    /// @dev Every inner node, taken for a leaf: its word read as serial and holder, with the rest of the proof.
    /// hardhat-config: default.fuzz.runs = 24
    function testFuzz_noInnerNodeIsALeaf(uint256 seed, uint8 count) external {
        uint256 length = _between(count, 2, 24);
        address[] memory holders = _holders(seed, length);
        book.createCampaign("", _terms(LOCATION), "");
        book.issue(1, holders);
        bytes32[][] memory levels = ShardReference.levelsOf(holders, 0);
        for (uint256 height = 0; height < levels.length; ++height) {
            for (uint256 place = 0; place < levels[height].length; ++place) {
                uint256 word = uint256(levels[height][place]);
                bytes20[] memory rest = new bytes20[](levels.length - 1 - height);
                for (uint256 i = 0; i < rest.length; ++i) {
                    uint256 node = place >> i;
                    rest[i] = bytes20(levels[height + i][node % 2 == 0 ? node + 1 : node - 1]);
                }
                _mustNotProve(1, word >> 160, address(uint160(word)), rest);
                _mustNotProve(1, place << height, address(uint160(word)), rest);
            }
        }
    }

    /// hardhat-config: default.fuzz.runs = 64
    function testFuzz_standingNeverExceedsTheSupply(uint256 seed, uint16 supply, uint16[6] calldata sizes) external {
        Terms memory terms = _terms(LOCATION);
        terms.supply = uint64(_between(supply, 1, 600));
        book.createCampaign("", terms, "");
        uint256 standing = 0;
        for (uint256 i = 0; i < sizes.length; ++i) {
            uint256 size = _between(sizes[i], 1, 300);
            uint256 left = terms.supply - standing;
            address[] memory holders = _holders(i, size);
            bytes memory why = _send(address(this), abi.encodeCall(book.issue, (1, holders)));
            if (size > left) {
                bytes memory tooMany = abi.encodeWithSelector(ICouponBook.SupplyExceeded.selector, size, left);
                _check(_isSame(why, tooMany), "no more than are left");
                continue;
            }
            _check(why.length == 0, "what is left can be issued");
            standing += size;
            uint256 shard = book.shardCount(1) - (size + 254) / 255;
            if ((seed >> i) & 1 == 1) {
                address[] memory part = _slice(holders, 0, size < 255 ? size : 255);
                book.revoke(1, ShardReference.rootOf(part, shard), _one(shard << 8), "");
                --standing;
            }
            _check(book.supplyLeft(1) == terms.supply - standing, "what is left is what was not taken");
        }
    }

    /// hardhat-config: default.fuzz.runs = 32
    function testFuzz_theLedgerCountsAnyPattern(uint256 pattern, uint8 count, bool isSparse) external {
        uint256 length = _between(count, 1, 255);
        if (isSparse) pattern &= (pattern << 1) & (pattern << 2);
        book.createCampaign("", _terms(LOCATION), "");
        address[] memory holders = _holders(pattern, length);
        book.issue(1, holders);
        bytes32[] memory roots = _one(ShardReference.rootOf(holders, 0));
        uint256 gone = 0;
        uint256[] memory serials = new uint256[](length);
        for (uint256 seat = 0; seat < length; ++seat) if ((pattern >> seat) & 1 == 1) serials[gone++] = seat;
        assembly ("memory-safe") {
            mstore(serials, gone) // the rest is not used
        }
        if (gone > 0) book.revoke(1, roots[0], serials, "");
        Ledger memory ledger = book.ledger(1, roots);
        _check(ledger.issued == length && ledger.revoked == gone, "issued and revoked");
        _check(ledger.unused == length - gone && ledger.redeemed == 0, "the rest is unused");
    }

    function testFuzz_oneBitOfAStatementChangesEverything(uint256 seed, uint8 field, uint8 bit) external {
        Attempt memory attempt = _openWithStatement(seed, LOCATION);
        Statement memory statement = attempt.statements[0];
        uint256 mask = 1 << bit;
        if (field % 6 == 0) statement.r ^= bytes32(mask);
        else if (field % 6 == 1) statement.vs ^= bytes32(mask);
        else if (field % 6 == 2) statement.geofenceHash ^= bytes32(mask);
        else if (field % 6 == 3) statement.observedAt ^= mask;
        else if (field % 6 == 4) statement.validUntil ^= mask;
        else statement.evidenceHash ^= bytes32(mask);

        bytes memory why = _mustNotRedeem(attempt.holder, _redeemCall(attempt), attempt);
        _check(bytes4(why) == ICouponBook.NotAWitness.selector, "as if nobody known had signed it");
    }

    function testFuzz_oneBitOfAPermissionChangesEverything(uint256 seed, uint8 field, uint8 bit) external {
        Attempt memory attempt = _openWithStatement(seed, 0);
        Attempt memory changed = Attempt(1, 0, attempt.holder, 1, attempt.statements, attempt.proof);
        uint256 deadline = SEEN;
        bytes memory signature = _permission(HOLDER_KEY, attempt, deadline);
        if (field % 5 == 0) changed.site = uint16(_between(bit, 2, 3));
        else if (field % 5 == 1) changed.serial ^= 1 << bit;
        else if (field % 5 == 2) changed.campaignId ^= 1 << bit;
        else if (field % 5 == 3)
            deadline |= 1 << _between(bit, 31, 63); // later, so that it is not just too late
        else signature[bit % 64] ^= bytes1(uint8(1 << (bit >> 5)));

        bytes memory why = _mustNotRedeem(address(this), _redeemForCall(changed, deadline, signature), attempt);
        bytes4 invalid = ICouponBook.HolderSignatureInvalid.selector;
        _check(_isSame(why, abi.encodeWithSelector(invalid, attempt.holder)), "the holder signed something else");
    }

    function testFuzz_anotherChainRefusesIt(uint256 seed, uint32 chain) external {
        vm.assume(chain != 0 && chain != HOME);
        Attempt memory attempt = _openWithStatement(seed, LOCATION);
        bytes memory permission = _permission(HOLDER_KEY, attempt, SEEN);
        vm.chainId(chain);
        _mustNotRedeem(attempt.holder, _redeemCall(attempt), attempt);
        _mustNotRedeem(attempt.holder, _redeemForCall(attempt, SEEN, permission), attempt);
        vm.chainId(HOME); // not a variable: the optimiser takes block.chainid for a constant
        _check(_send(address(this), _redeemForCall(attempt, SEEN, permission)).length == 0, "at home it is good");
    }

    function testFuzz_onlyTheHolderRedeems(uint256 seed, address thief) external {
        Attempt memory attempt = _openWithStatement(seed, LOCATION);
        vm.assume(thief != attempt.holder);
        Attempt memory theft = Attempt(1, 0, thief, 1, attempt.statements, attempt.proof);
        theft.statements = _one(_statement(ORACLE_KEY, theft, SEEN, SEEN + 300));
        bytes memory why = _mustNotRedeem(thief, _redeemCall(theft), attempt);
        bytes4 notIssued = CouponLedger.NotIssued.selector;
        _check(_isSame(why, abi.encodeWithSelector(notIssued, 1, 0, thief)), "it was not issued to the thief");
    }

    /// @dev Redeemed by the holder, for the holder, in a batch, revoked or given to somebody else: the first to come has it.
    function testFuzz_oneEndInOneBlock(uint256 seed) external {
        Attempt memory attempt = _openWithStatement(seed, 0);
        bytes memory permission = _permission(HOLDER_KEY, attempt, SEEN);
        BatchReference.Item[] memory items = new BatchReference.Item[](1);
        items[0] = BatchReference.Item(0, SEEN, permission, 0, attempt.proof);
        bytes32 root = ShardReference.climbed(ShardReference.leafOf(0, attempt.holder), attempt.proof);
        bytes[5] memory calls = [
            _redeemCall(attempt),
            _redeemForCall(attempt, SEEN, permission),
            abi.encodeCall(book.redeemBatch, (1, 1, BatchReference.pack(items, true), new Statement[](0))),
            abi.encodeCall(book.revoke, (1, root, _one(uint256(0)), "")),
            abi.encodeCall(book.reallot, (1, root, _one(uint256(0)), _holders(1, 1), ""))
        ];
        Status status = Status.Unused;
        for (uint256 left = 5; left > 0; --left) {
            uint256 which = (seed >> (8 * left)) % left;
            bytes memory call_ = calls[which];
            address sender = bytes4(call_) == book.redeem.selector ? attempt.holder : address(this);
            vm.prank(sender);
            (bool isDone, bytes memory answer) = address(book).call(call_);
            if (bytes4(call_) == book.redeemBatch.selector) isDone = abi.decode(answer, (uint256)) == 1;
            _check(isDone == (left == 5), "the first comes off, and no other");
            if (isDone) {
                bool isRevoked = bytes4(call_) == book.revoke.selector || bytes4(call_) == book.reallot.selector;
                status = isRevoked ? Status.Revoked : Status.Redeemed;
            }
            _check(
                book.statusOf(1, 0, attempt.holder, ShardReference.packed(attempt.proof)) == status,
                "and so it stays"
            );
            calls[which] = calls[left - 1];
        }
    }

    /// @dev Some use their coupons in time; then some shards are released, and everybody comes, in any order.
    /// hardhat-config: default.fuzz.runs = 64
    function testFuzz_whatIsLeftIsHadToTheLast(uint256 seed) external {
        Terms memory terms = _terms(0);
        uint256 shards = _between(seed, 1, 4);
        uint256 size = _between(seed >> 8, 1, 6);
        uint256 standby = _between(seed >> 16, 1, 14);
        terms.supply = uint64(shards * size + _between(seed >> 24, 0, 4));
        book.createCampaign("", terms, "");
        for (uint256 i = 0; i < shards; ++i) book.issue(1, _holders(i, size));
        book.issueStandby(1, _holders(99, standby));

        vm.warp(SEEN);
        uint256 redeemed = 0;
        for (uint256 i = 0; i < shards * size; ++i) {
            if ((seed >> (64 + i)) & 1 == 0) continue;
            _check(_redeemNth(i, size, shards), "held for its holder");
            ++redeemed;
        }
        vm.warp(terms.heldUntil);
        uint256 released = _between(seed >> 32, 0, shards);
        if (released > 0) {
            bytes32[] memory roots = new bytes32[](released);
            for (uint256 i = 0; i < released; ++i) roots[i] = ShardReference.rootOf(_holders(i, size), i);
            book.release(1, roots);
        }
        uint256 all = shards * size + standby;
        uint256 step = [uint256(41), 43, 47, 53][(seed >> 40) % 4]; // primes beyond `all`: everybody comes once
        for (uint256 n = 0; n < all; ++n) {
            uint256 i = (((seed >> 48) % 64) + step * n) % all;
            bool isEarly = i < shards * size && (seed >> (64 + i)) & 1 == 1;
            bool cameOff = _redeemNth(i, size, shards);
            if (cameOff) ++redeemed;
            if (isEarly) _check(!cameOff, "used before");
            else if (i < shards * size && i / size >= released) _check(cameOff, "still held for its holder");
        }
        _check(redeemed == (all < terms.supply ? all : terms.supply), "all that there is, and no more");
    }

    /// hardhat-config: default.fuzz.runs = 512
    function testFuzz_termsAreSoundOrRefused(Terms memory terms, uint256 seed) external {
        uint256[6] memory spans = [uint256(299), 300, 3 hours, 365 days, 365 days + 1, 0];
        if (seed % 8 != 0) {
            terms.opensAt = uint64(_between(terms.opensAt, NOW, NOW + 1 days));
            if (seed % 16 == 1) terms.opensAt = uint64(LATEST - [uint256(0), 299, 300, 301][(seed >> 8) % 4]);
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
            terms.opensAt <= LATEST &&
                terms.closesAt <= LATEST &&
                uint256(terms.closesAt) >= uint256(terms.opensAt) + 5 minutes &&
                uint256(terms.closesAt) <= uint256(terms.opensAt) + 365 days &&
                terms.closesAt > block.timestamp &&
                (terms.heldUntil == 0 || (terms.heldUntil >= terms.opensAt && terms.heldUntil < terms.closesAt)) &&
                terms.grace <= 30 days &&
                terms.supply > 0 &&
                terms.supply <= type(uint32).max &&
                (terms.requiredWitnesses % 2 == 0 || (terms.geofenceHash != 0 && terms.sites > 0));
        bytes memory why = _send(address(this), abi.encodeCall(book.createCampaign, ("", terms, "")));
        _check((why.length == 0) == isSound, "taken exactly when sound");
        if (isSound) _check(_isSame(abi.encode(book.campaign(1)), abi.encode(terms)), "read back as given");
        else _check(bytes4(why) != PANIC, "refused by name, not by a panic");
    }

    /// hardhat-config: default.fuzz.runs = 64
    function testFuzz_aBooksAddressIsItsCreatorsOwn(
        address creator,
        address other,
        string calldata name,
        bytes32 salt
    ) external {
        vm.assume(creator != other && creator != address(0));
        Witness[] memory witnesses = new Witness[](0);
        address foreseen = factory.predictBook(creator, name, witnesses, salt);
        _check(foreseen != factory.predictBook(other, name, witnesses, salt), "another's is elsewhere");
        vm.prank(creator);
        CouponBook made = CouponBook(factory.createBook(name, witnesses, salt));
        _check(address(made) == foreseen && factory.isBook(foreseen), "where it was foreseen");
        _check(made.defaultAdmin() == creator && _isSame(bytes(made.name()), bytes(name)), "its creator's");

        vm.prank(creator);
        (bool isAgain, ) = address(factory).call(abi.encodeCall(factory.createBook, (name, witnesses, salt)));
        vm.prank(other);
        (bool isTaken, ) = foreseen.call(abi.encodeCall(made.initialize, (other, witnesses)));
        _check(!isAgain && !isTaken, "once");
    }

    /// @dev A campaign with some holders, of whom the first has a key; it is open, and the first has been seen.
    function _openWithStatement(uint256 seed, uint8 classes) private returns (Attempt memory attempt) {
        address[] memory holders = _holders(seed, _between(seed, 1, 9));
        holders[0] = vm.addr(HOLDER_KEY);
        book.createCampaign("", _terms(classes), "");
        book.issue(1, holders);
        vm.warp(SEEN);
        attempt = Attempt(1, 0, holders[0], 1, new Statement[](0), ShardReference.proofOf(holders, 0, 0));
        if (classes != 0) attempt.statements = _one(_statement(ORACLE_KEY, attempt, SEEN, SEEN + 300));
    }

    /// @dev The call comes to nothing, and the coupon that it should not touch stays as it is.
    function _mustNotRedeem(
        address sender,
        bytes memory call_,
        Attempt memory attempt
    ) private returns (bytes memory why) {
        why = _send(sender, call_);
        _check(why.length != 0, "refused");
        (uint256 used, ) = book.seatsOf(
            1,
            0,
            ShardReference.climbed(ShardReference.leafOf(0, vm.addr(HOLDER_KEY)), attempt.proof)
        );
        _check(used & 1 == 0 && used != 0, "and still unused");
    }

    /// @dev The nth coupon of `shards` equal shards and then of standby is redeemed by its holder. Whether it came off.
    function _redeemNth(uint256 n, uint256 size, uint256 shards) private returns (bool) {
        bool isStandby = n >= shards * size;
        uint256 shard = isStandby ? STANDBY : n / size;
        address[] memory holders = isStandby ? _holders(99, book.countersOf(1).standbyIssued) : _holders(shard, size);
        uint256 seat = isStandby ? n - shards * size : n % size;
        Attempt memory attempt = Attempt({
            campaignId: 1,
            serial: (shard << 8) | seat,
            holder: holders[seat],
            site: 1,
            statements: new Statement[](0),
            proof: ShardReference.proofOf(holders, shard, seat)
        });
        return _send(attempt.holder, _redeemCall(attempt)).length == 0;
    }

    function _issue(address[] memory holders, bool isStandby) private returns (uint256 firstShard) {
        return isStandby ? book.issueStandby(1, holders) : book.issue(1, holders);
    }

    function _mustNotProve(uint256 campaignId, uint256 serial, address holder, bytes20[] memory nodes) private view {
        bytes memory proof = ShardReference.packed(nodes);
        _check(book.statusOf(campaignId, serial, holder, proof) == Status.NotIssued, "nothing else is provable");
        _check(!book.isIssued(campaignId, serial, holder, proof), "nor issued");
    }

    function _slice(address[] memory holders, uint256 first, uint256 end) private pure returns (address[] memory part) {
        part = new address[](end - first);
        for (uint256 i = 0; i < part.length; ++i) part[i] = holders[first + i];
    }

    function _longer(bytes20[] memory proof, bytes20 node) private pure returns (bytes20[] memory longer) {
        longer = new bytes20[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        longer[proof.length] = node;
    }

    function _cut(bytes20[] memory proof, uint256 length) private pure returns (bytes20[] memory part) {
        part = new bytes20[](length);
        for (uint256 i = 0; i < length; ++i) part[i] = proof[i];
    }
}
