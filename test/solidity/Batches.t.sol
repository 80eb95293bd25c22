// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouponBook, Terms} from "../../contracts/interfaces/ICouponBook.sol";
import {Statement} from "../../contracts/types/Presence.sol";
import {BatchReference} from "./BatchReference.sol";
import {Attempt, BookTest} from "./BookTest.sol";
import {ShardReference} from "./ShardReference.sol";
import {Vm, vm} from "./Vm.sol";

/// @notice What holds for every batch:
/// 1. It is its items one by one, in order: the same are redeemed, and the others are refused with the same words. (The one
///    difference is a broken signature, which nobody made: `redeemFor` says so, and a batch knows no holder to name.)
/// 2. Whatever nodes its items come with, nothing is redeemed but by the holder of a seat in the tree.
/// 3. Cut anywhere, with more nodes than there can be, or with statements that are not its own, it is refused as a whole.
contract BatchesTest is BookTest {
    /// @dev An item, and whether its key is its holder's.
    struct Ticket {
        Attempt attempt;
        uint256 deadline;
        bytes signature;
        bool isOwn;
    }

    uint256 private constant PEOPLE = 5;
    uint256 private constant STRANGER_KEY = uint256(keccak256("somebody who holds nothing"));
    uint256 private constant SEEN = NOW + 90 minutes; // inside the window of `_terms`, before its `heldUntil`

    address[][] private _shards; // of campaign 1, then one of campaign 2
    address[] private _standby;
    address[PEOPLE] private _people;

    function setUp() external {
        _makeBook();
        for (uint256 i = 0; i < PEOPLE; ++i) _people[i] = vm.addr(_keyOf(i));
    }

    /// hardhat-config: default.fuzz.runs = 96
    function testFuzz_aBatchIsItsItemsOneByOne(uint256 seed) external {
        _open(seed);
        _wear(seed);
        Ticket[] memory tickets = _drawTickets(seed);
        (bytes memory items, Statement[] memory statements) = _pack(tickets, (seed >> 24) & 1 == 0);
        address sender = (seed >> 25) & 1 == 0 ? vm.addr(DESK_KEY) : address(this);
        uint16 site = tickets[0].attempt.site;

        uint256 before = vm.snapshotState();
        vm.recordLogs();
        vm.prank(sender);
        uint256 redeemed = book.redeemBatch(1, site, items, statements);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 state = _state();
        vm.revertToState(before);

        _check(logs.length == tickets.length, "one event for each item");
        for (uint256 i = 0; i < tickets.length; ++i) {
            Ticket memory ticket = tickets[i];
            bytes memory why = _send(sender, _redeemForCall(ticket.attempt, ticket.deadline, ticket.signature));
            bool isRedeemed = logs[i].topics[0] == ICouponBook.CouponRedeemed.selector;
            _check(isRedeemed == (why.length == 0), "redeemed as by itself");
            if (isRedeemed) --redeemed;
            else _check(_isSame(logs[i].data, abi.encode(why)), "refused in the same words");
        }
        _check(redeemed == 0, "as many as it says");
        _check(_state() == state, "with the same outcome");
    }

    /// hardhat-config: default.fuzz.runs = 96
    function testFuzz_noNodesButTheTrees(uint256 seed) external {
        _open(seed);
        vm.warp(SEEN);
        bytes20[] memory pool = _pool();
        bytes memory items = "";
        uint256 count = _between(seed >> 8, 4, 16);
        for (uint256 i = 0; i < count; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            items = bytes.concat(items, seed % 3 == 0 ? _honestItem(seed >> 8) : _hostileItem(seed >> 8, pool));
        }
        vm.recordLogs();
        vm.prank(vm.addr(DESK_KEY));
        uint256 redeemed = book.redeemBatch(1, 1, items, new Statement[](0));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        _check(logs.length == count, "one event for each item");
        for (uint256 i = 0; i < count; ++i) {
            if (logs[i].topics[0] != ICouponBook.CouponRedeemed.selector) continue;
            uint256 serial = uint256(logs[i].topics[2]);
            _check(serial >> 8 < _shards.length - 1, "the shard was issued");
            address[] storage holders = _shards[serial >> 8];
            _check(serial & 0xff < holders.length, "so was the seat");
            _check(holders[serial & 0xff] == address(uint160(uint256(logs[i].topics[3]))), "to this holder");
            --redeemed;
        }
        _check(redeemed == 0, "as many as it says");
    }

    /// hardhat-config: default.fuzz.runs = 32
    function testFuzz_noMoreNodesThanAShardIsDeep(uint256 seed, uint8 nodes) external {
        _open(seed);
        vm.warp(SEEN);
        uint256 tooMany = _between(nodes, 9, 15);
        bytes memory items = bytes.concat(_honestItem(seed), _honestItem(seed >> 8));
        uint256 head = (seed >> 16) & 1 == 0 ? 9 : _honestItem(seed).length + 9;
        items[head] = bytes1(uint8(tooMany));
        // As many as it says, so that it is not just cut short.
        items = bytes.concat(items, new bytes(15 * 20));
        bytes memory why = _send(vm.addr(DESK_KEY), _batchCall(items, new Statement[](0)));
        _check(_isSame(why, abi.encodeWithSelector(ICouponBook.ProofTooLong.selector, tooMany, 8)), "too many nodes");
    }

    /// @dev Each length of one batch.
    function test_cutShortAtEveryLength() external {
        _open(7);
        _checkCuts(7, 0, type(uint256).max);
    }

    /// @dev Any batch, at a few lengths.
    /// hardhat-config: default.fuzz.runs = 48
    function testFuzz_cutShortAnywhere(uint256 seed) external {
        _open(seed);
        _checkCuts(seed, seed >> 128, 8);
    }

    /// hardhat-config: default.fuzz.runs = 48
    function testFuzz_statementsAreAllTheItems(uint256 seed, uint8 given) external {
        _open(seed);
        vm.warp(SEEN);
        Ticket[] memory tickets = _drawTickets(seed);
        (bytes memory items, Statement[] memory own) = _pack(tickets, true);
        Statement[] memory statements = new Statement[](_between(given, 0, 9));
        vm.assume(statements.length != own.length);
        bytes memory why = _send(address(this), _batchCall(items, statements));
        _check(bytes4(why) == ICouponBook.StatementsDoNotFit.selector && why.length == 68, "they do not fit");
        (bytes32 first, uint256 named) = (bytes32(0), 0);
        assembly ("memory-safe") {
            first := mload(add(why, 0x24))
            named := mload(add(why, 0x44))
        }
        _check(uint256(first) == statements.length, "how many were given");
        _check(named > statements.length || named == own.length, "how many were named");
    }

    /// @dev Bytes that nobody packed redeem nothing, and are refused by name.
    function testFuzz_junkIsNoBatch(bytes calldata junk, uint256 seed, uint8 statements) external {
        _open(seed);
        vm.warp(SEEN);
        vm.recordLogs();
        bytes memory why = _send(vm.addr(DESK_KEY), _batchCall(junk, new Statement[](statements % 16)));
        _check(bytes4(why) != PANIC, "no panic");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            _check(logs[i].topics[0] == ICouponBook.RedemptionRefused.selector, "nothing is redeemed");
        }
    }

    /// @dev Cut at `most` lengths from `first` on, a batch is refused as a whole; between two items it is a shorter batch.
    function _checkCuts(uint256 seed, uint256 first, uint256 most) private {
        vm.warp(SEEN);
        Ticket[] memory tickets = _drawTickets(seed);
        for (uint256 i = 0; i < tickets.length; ++i) tickets[i].attempt.statements = new Statement[](0);
        (bytes memory items, ) = _pack(tickets, seed & 1 == 0);
        if (most > items.length) most = items.length;
        for (uint256 i = 0; i < most; ++i) {
            uint256 length = (first + i * 37) % items.length;
            if (most == items.length) length = i;
            bytes memory part = new bytes(length);
            for (uint256 j = 0; j < length; ++j) part[j] = items[j];
            (bool isWhole, uint256 needed) = _neededFor(part, items);
            bytes memory why = _send(address(this), _batchCall(part, new Statement[](0)));
            bytes memory expected =
                length == 0
                    ? abi.encodeWithSelector(ICouponBook.EmptyList.selector)
                    : abi.encodeWithSelector(ICouponBook.BatchCutShort.selector, length, needed);
            _check((isWhole && length != 0) || _isSame(why, expected), "cut short");
        }
    }

    /// @dev How long the batch would have to be for the item in which it is cut; its head reads as zeros where it is missing.
    function _neededFor(bytes memory part, bytes memory items) private pure returns (bool isWhole, uint256 needed) {
        while (needed < part.length) {
            uint256 head = needed + 9;
            needed += 74 + (head < part.length ? 20 * uint256(uint8(items[head]) % 16) : 0);
        }
        isWhole = needed == part.length;
    }

    /// @dev Two campaigns whose terms are the same, the first with some shards and standby, the second with a shard of its own.
    function _open(uint256 seed) private {
        Terms memory terms = _terms(uint8((seed >> 32) & 2)); // nobody, or a counter
        terms.supply = 60;
        book.createCampaign("", terms, "");
        book.createCampaign("", terms, "");
        uint256 shards = _between(seed >> 40, 1, 3);
        for (uint256 i = 0; i <= shards; ++i) {
            uint256 size = _between(seed >> (48 + 8 * i), 1, 17);
            address[] memory holders = new address[](size);
            for (uint256 j = 0; j < size; ++j)
                holders[j] = _people[uint256(keccak256(abi.encode(seed, i, j))) % PEOPLE];
            _shards.push(holders);
            book.issue(i < shards ? 1 : 2, holders);
        }
        for (uint256 j = 0; j < 3; ++j) _standby.push(_people[j]);
        book.issueStandby(1, _standby);
    }

    /// @dev Time goes on, and some coupons go.
    function _wear(uint256 seed) private {
        uint256 time = [SEEN, NOW + 2 hours, NOW + 3 hours - 1, NOW + 3 hours, NOW + 26 hours][(seed >> 96) % 5];
        vm.warp(time);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 serial = (seed >> (104 + 8 * i)) & 3;
            bytes32 root = ShardReference.rootOf(_shards[0], 0);
            _send(address(this), abi.encodeCall(book.revoke, (1, root, _one(serial), "")));
        }
        if ((seed >> 128) & 1 == 0 || time < NOW + 2 hours) return;
        book.release(1, _one(ShardReference.rootOf(_shards[0], 0)));
        if ((seed >> 129) & 1 == 0) return;
        // Nearly nothing is left: some of the batch's standby items will find nothing.
        address[] memory more = new address[](book.supplyLeft(1) - 1);
        for (uint256 i = 0; i < more.length; ++i) more[i] = _people[0];
        if (time < NOW + 3 hours && more.length != 0) book.issue(1, more);
    }

    function _drawTickets(uint256 seed) private view returns (Ticket[] memory tickets) {
        tickets = new Ticket[](_between(seed >> 136, 1, 8));
        uint16 site = uint16(_between(seed >> 144, 1, 3));
        for (uint256 i = 0; i < tickets.length; ++i) {
            uint256 own = uint256(keccak256(abi.encode(seed, i)));
            Attempt memory attempt = _drawAttempt(own);
            if ((own >> 96) & 7 == 0 && i > 0) {
                Attempt memory before = tickets[i - 1].attempt;
                (attempt.serial, attempt.proof) = (before.serial, before.proof);
                attempt.holder = _holderOf(before.serial);
            }
            attempt.site = site;
            bool isOwn = (own >> 104) & 7 != 0;
            uint256 key = isOwn ? _keyOfHolder(attempt.holder) : STRANGER_KEY;
            attempt.holder = vm.addr(key); // whom the contract will take for the holder
            uint256 now_ = vm.getBlockTimestamp();
            uint256 seen = now_ < NOW + 3 hours ? now_ : NOW + 3 hours - 1;
            uint256 life = (own >> 112) & 7 == 0 ? 0 : 2 days;
            if ((own >> 120) & 1 == 0) attempt.statements = _one(_statement(DESK_KEY, attempt, seen, seen + life));
            uint256 deadline = now_ - ((own >> 128) & 7 == 0 ? 1 : 0);
            tickets[i] = Ticket(attempt, deadline, _permission(key, attempt, deadline), isOwn);
            for (uint256 j = i; j > 0 && tickets[j - 1].attempt.serial > tickets[j].attempt.serial; --j) {
                (tickets[j - 1], tickets[j]) = (tickets[j], tickets[j - 1]);
            }
        }
    }

    function _drawAttempt(uint256 seed) private view returns (Attempt memory attempt) {
        bool isStandby = seed % 4 == 0;
        uint256 place = (seed >> 8) % (_shards.length - 1);
        address[] memory holders = isStandby ? _standby : _shards[place];
        uint256 shard = isStandby ? STANDBY : place;
        uint256 seat = (seed >> 16) % holders.length;
        attempt.campaignId = 1;
        (attempt.serial, attempt.holder) = ((shard << 8) | seat, holders[seat]);
        attempt.proof = ShardReference.proofOf(holders, shard, seat);
    }

    /// @dev What leans on an item that is not its holder's own would be refused with it, so that one carries all its nodes.
    function _pack(
        Ticket[] memory tickets,
        bool isSharing
    ) private pure returns (bytes memory items, Statement[] memory statements) {
        statements = new Statement[](tickets.length);
        uint256 named = 0;
        bool isGood = false;
        for (uint256 i = 0; i < tickets.length; ++i) {
            BatchReference.Item memory item = _itemOf(tickets[i]);
            uint256 count = item.proof.length;
            if (isSharing && isGood) count = BatchReference.levelsAlone(tickets[i - 1].attempt.serial, item);
            isGood = tickets[i].isOwn;
            items = bytes.concat(items, BatchReference.packOne(item, count));
            if (item.statementCount != 0) statements[named++] = tickets[i].attempt.statements[0];
        }
        assembly ("memory-safe") {
            mstore(statements, named) // the rest is not used
        }
    }

    function _itemOf(Ticket memory ticket) private pure returns (BatchReference.Item memory) {
        Attempt memory attempt = ticket.attempt;
        uint256 count = attempt.statements.length;
        return BatchReference.Item(attempt.serial, ticket.deadline, ticket.signature, count, attempt.proof);
    }

    /// @dev An item as its holder would send it: what others may lean on.
    function _honestItem(uint256 seed) private view returns (bytes memory) {
        uint256 place = seed % (_shards.length - 1);
        uint256 seat = (seed >> 8) % _shards[place].length;
        bytes20[] memory proof = ShardReference.proofOf(_shards[place], place, seat);
        return _item((place << 8) | seat, _keyOfHolder(_shards[place][seat]), proof);
    }

    /// @dev An item with nodes from anywhere, signed by a holder or by a stranger.
    function _hostileItem(uint256 seed, bytes20[] memory pool) private view returns (bytes memory) {
        uint256 place = seed % _shards.length; // the last is the other campaign's
        uint256 seat = (seed >> 8) % _shards[place].length;
        bytes20[] memory nodes = ShardReference.proofOf(_shards[place], place, seat);
        uint256 count = (seed >> 16) % 9;
        bytes20[] memory shown = new bytes20[](count);
        for (uint256 i = 0; i < count; ++i) {
            bool isTrue = i < nodes.length && (seed >> 24) % 3 != 0;
            shown[i] = isTrue ? nodes[i] : pool[uint256(keccak256(abi.encode(seed, i))) % pool.length];
        }
        uint256 serial = (place << 8) | seat;
        uint256 flaw = (seed >> 32) % 6;
        if (flaw == 0) serial = ((seed >> 64) % 4 << 8) | ((seed >> 72) % 256);
        else if (flaw == 1) serial ^= 1 << ((seed >> 64) % 40);
        bool isHolders = (seed >> 40) % 3 == 0;
        return _item(serial, isHolders ? _keyOfHolder(_shards[place][seat]) : STRANGER_KEY, shown);
    }

    function _item(uint256 serial, uint256 key, bytes20[] memory nodes) private view returns (bytes memory) {
        uint256 deadline = vm.getBlockTimestamp();
        Attempt memory attempt = Attempt(1, serial, vm.addr(key), 1, new Statement[](0), nodes);
        bytes memory signature = _permission(key, attempt, deadline);
        return BatchReference.packOne(BatchReference.Item(serial, deadline, signature, 0, nodes), nodes.length);
    }

    /// @dev All nodes of all trees, a zero, and one that is none.
    function _pool() private view returns (bytes20[] memory pool) {
        pool = new bytes20[](256);
        uint256 count = 1; // the first stays zero
        pool[count++] = bytes20(keccak256("no node"));
        for (uint256 place = 0; place < _shards.length; ++place) {
            bytes32[][] memory levels = ShardReference.levelsOf(_shards[place], place);
            for (uint256 height = 0; height < levels.length; ++height) {
                for (uint256 i = 0; i < levels[height].length; ++i) pool[count++] = bytes20(levels[height][i]);
            }
        }
        assembly ("memory-safe") {
            mstore(pool, count) // the rest is not used
        }
    }

    /// @dev All that a redemption changes.
    function _state() private view returns (bytes32 state) {
        state = keccak256(abi.encode(book.countersOf(1)));
        for (uint256 i = 0; i < _shards.length - 1; ++i) {
            (uint256 used, ) = book.seatsOf(1, i, ShardReference.rootOf(_shards[i], i));
            state = keccak256(abi.encode(state, used));
        }
        (uint256 standby, ) = book.seatsOf(1, STANDBY, ShardReference.rootOf(_standby, STANDBY));
        return keccak256(abi.encode(state, standby));
    }

    function _batchCall(bytes memory items, Statement[] memory statements) private view returns (bytes memory) {
        return abi.encodeCall(book.redeemBatch, (1, 1, items, statements));
    }

    function _holderOf(uint256 serial) private view returns (address) {
        return serial >> 8 >= STANDBY ? _standby[serial & 0xff] : _shards[serial >> 8][serial & 0xff];
    }

    function _keyOfHolder(address holder) private view returns (uint256) {
        uint256 person = 0;
        while (_people[person] != holder) ++person;
        return _keyOf(person);
    }

    function _keyOf(uint256 person) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("person", person)));
    }
}
