// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponBook} from "../../contracts/CouponBook.sol";
import {ICouponBook, Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {AwkwardWallet, Manner} from "../../contracts/mocks/AwkwardWallet.sol";
import {HonestWallet} from "../../contracts/mocks/HonestWallet.sol";
import {LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {BatchReference} from "./BatchReference.sol";
import {Attempt} from "./BookTest.sol";
import {CrowdAttack} from "./CrowdAttack.sol";
import {Intruder} from "./Intruder.sol";
import {Vm, vm} from "./Vm.sol";

/// @notice Everybody who does something with a book, in any order and at any time: the organiser's people (CrowdOffice) and
/// eight holders: four with keys, a counter, and three smart wallets, one of which calls everything back (CrowdAttack). What
/// each action must come to is foreseen, to the last byte of the error (CrowdForesight).
contract Crowd is CrowdAttack {
    /// @dev An item of a batch before it is packed: the coupon, and the key that signs for it.
    struct Ticket {
        Attempt attempt;
        uint256 key;
        uint256 deadline;
    }

    constructor() {
        _makeBook();
        address[3] memory keys = [vm.addr(ORACLE_KEY), vm.addr(DESK_KEY), vm.addr(DESK_AT_TWO_KEY)];
        for (uint256 i = 0; i < keys.length; ++i) _witnesses[keys[i]] = book.witness(keys[i]);
        for (uint256 i = 0; i < WITH_KEYS; ++i) _actors[i] = vm.addr(_keyOf(i));
        _actors[HONEST_WALLET] = address(new HonestWallet(vm.addr(_keyOf(HONEST_WALLET))));
        _actors[YES_WALLET] = address(new AwkwardWallet(Manner.SaysYes));
        // The intruder may do whatever a manager and a guardian may: all that keeps it out is when it does it.
        _actors[INTRUDER] = address(new Intruder(address(book)));
        _guardian = vm.addr(uint256(keccak256("the guardian")));
        book.grantRole(book.MANAGER_ROLE(), _actors[INTRUDER]);
        book.grantRole(book.GUARDIAN_ROLE(), _actors[INTRUDER]);
        book.grantRole(book.GUARDIAN_ROLE(), _guardian);

        Terms memory terms = _drawTerms(LOCATION);
        (terms.heldUntil, terms.supply) = (terms.opensAt + 15 minutes, 12);
        book.createCampaign("", terms, "");
        _noteCreated(terms);
        _issue(1, _drawHolders(1, 7), false);
        _issue(1, _drawHolders(2, 11), true);
    }

    function theBook() external view returns (CouponBook) {
        return book;
    }

    /// @notice The holder redeems. `canRedeem`, asked just before, says the same, to the byte.
    function redeem(uint256 seed) external {
        _redeemDrawn(_mix(seed));
    }

    /// @notice Those who were seen in time and are settled after the window closed: too rare if left to chance.
    function redeemLate(uint256 seed) external {
        seed = _mix(seed);
        Terms memory terms = _campaigns[campaigns].terms;
        bool isNearlyOver = _now() + 20 minutes >= terms.closesAt && _now() < terms.closesAt;
        if (isNearlyOver) vm.warp(terms.closesAt + (seed % 8 minutes));
        _redeemDrawn(_mix(seed));
    }

    /// @notice Anybody redeems for the holder, with whatever the holder's account takes for a signature.
    function redeemFor(uint256 seed, address sender) external {
        seed = _mix(seed);
        (bool isThere, Attempt memory attempt) = _drawAttempt(seed);
        if (!isThere) return;
        uint256 actor = _actorOf(attempt.holder);
        _spoil(attempt, seed >> 128);
        if ((seed >> 200) & 7 == 0) sender = vm.addr(DESK_KEY);
        uint256 deadline = _now() - ((seed >> 208) & 7 == 0 ? 1 : 0);
        bool isSigned = (seed >> 216) & 7 != 0;
        bytes memory signature = _permission(isSigned ? _keyOf(actor) : ORACLE_KEY, attempt, deadline);
        if (actor == HONEST_WALLET || (seed >> 224) & 1 == 0) signature = _inFull(signature);

        bytes memory foreseen = _redeemRefusal(attempt, sender);
        if (!isSigned && actor < YES_WALLET) {
            foreseen = abi.encodeWithSelector(ICouponBook.HolderSignatureInvalid.selector, attempt.holder);
        }
        if (deadline < _now()) foreseen = _error(ICouponBook.RedeemExpired.selector, deadline, _now());
        bytes memory call_ = _redeemForCall(attempt, deadline, signature);
        string memory action = actor < HONEST_WALLET ? "redeemFor" : "redeemFor a contract";
        _redeemOnce(attempt, sender, call_, foreseen, action);
    }

    /// @notice A thief sends the holder's coupon with a good statement about themselves, and gets nothing.
    function steal(uint256 seed, address thief) external {
        (bool isThere, Attempt memory attempt) = _drawAttempt(_mix(seed));
        if (!isThere || thief == attempt.holder) return;
        attempt.holder = thief;
        attempt.statements = _honestStatements(attempt, seed);
        bytes memory foreseen = _redeemRefusal(attempt, thief);
        _check(foreseen.length != 0, "it is not the thief's");
        _do(thief, _redeemCall(attempt), foreseen, "steal");
        ++successes["steal, refused"];
    }

    /// @notice A holder uses two coupons in one call, both or none; now and then the same one twice.
    function redeemTwo(uint256 seed) external {
        seed = _mix(seed);
        (bool isThere, Attempt memory one) = _drawAttempt(seed);
        if (!isThere) return;
        (, Attempt memory other) = _drawAttempt(seed);
        for (uint256 i = 0; i < 16 && (seed >> 128) & 3 != 0; ++i) {
            (, other) = _drawAttempt(_mix(seed));
            if (other.holder == one.holder && other.serial != one.serial) break;
        }
        if (one.holder != other.holder) return;
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (_redeemCall(one), _redeemCall(other));

        bytes memory foreseen = _redeemRefusal(one, one.holder);
        bool cameHalf = foreseen.length == 0;
        if (cameHalf) {
            _noteRedeemed(one.campaignId, one.serial);
            foreseen = _redeemRefusal(other, one.holder);
        }
        vm.recordLogs();
        if (_do(one.holder, abi.encodeCall(book.multicall, (calls)), foreseen, "redeemTwo")) {
            _noteRedeemed(other.campaignId, other.serial);
            _noteEvents(vm.getRecordedLogs());
        } else if (cameHalf) {
            _forgetRedeemed(one.campaignId, one.serial);
            ++successes["redeemTwo, the first undone"];
        }
    }

    /// @notice A batch of good items, used ones, ones that somebody else signed, late ones and doubles; each is redeemed or
    /// refused as foreseen, with its event.
    function redeemBatch(uint256 seed) external {
        seed = _mix(seed);
        Ticket[] memory tickets = _drawTickets(seed);
        if (tickets.length == 0) return;
        bool isSharing = (seed >> 8) & 3 != 0;
        address sender = (seed >> 16) & 1 == 0 ? vm.addr(DESK_KEY) : NOBODY;
        (uint256 campaignId, uint16 site) = (tickets[0].attempt.campaignId, tickets[0].attempt.site);
        (BatchReference.Item[] memory items, Statement[] memory statements) = _itemsOf(tickets);
        bytes memory packed = BatchReference.pack(items, isSharing);

        bytes memory foreseen = _campaignRefusal(campaignId, site);
        bytes[] memory whys;
        if (foreseen.length == 0) whys = _noteTickets(tickets, items, sender, isSharing);
        vm.recordLogs();
        bytes memory call_ = abi.encodeCall(book.redeemBatch, (campaignId, site, packed, statements));
        if (!_do(sender, call_, foreseen, sender == NOBODY ? "redeemBatch" : "redeemBatch by a counter")) return;

        Vm.Log[] memory logs = vm.getRecordedLogs();
        _check(logs.length == tickets.length, "one event for each item");
        for (uint256 i = 0; i < logs.length; ++i) _checkEvent(logs[i], tickets[i].attempt, whys[i]);
        _noteEvents(logs);
    }

    /// @notice The intruder's coupon is used, and it calls everything back meanwhile; nothing comes of it.
    function reenter(uint256 seed) external {
        seed = _mix(seed);
        (bool isThere, Attempt memory attempt) = _drawAttemptOf(seed, INTRUDER, INTRUDER);
        (bool isOtherThere, Attempt memory other) = _drawAttemptOf(_mix(seed), 0, WITH_KEYS - 1);
        if (!isThere || !isOtherThere || attempt.campaignId != other.campaignId) return;
        bytes memory permission = _permission(_keyOf(_actorOf(other.holder)), other, _now());
        (bytes[] memory calls, string[] memory names) = _intrusions(attempt, other, permission);
        _rehearse(attempt.holder, calls, names);
        bytes memory question = abi.encodeCall(book.countersOf, (attempt.campaignId));
        (, bytes memory answer) = address(book).staticcall(question);

        Intruder(attempt.holder).plan(calls, question, answer);
        bytes memory foreseen = _redeemRefusal(attempt, NOBODY);
        _redeemOnce(attempt, NOBODY, _redeemForCall(attempt, _now(), ""), foreseen, "reenter");
        Intruder(attempt.holder).plan(new bytes[](0), "", "");
    }

    /// @notice The oracle is removed and comes back a minute later; what it signed before is dead.
    function changeOracle(uint256 seed) external {
        seed = _mix(seed);
        (bool isThere, Attempt memory attempt) = _drawAttempt(seed);
        address oracle = vm.addr(ORACLE_KEY);
        // The grace is left to those who were witnessed.
        if (!isThere || _now() >= _campaigns[campaigns].terms.closesAt) return;
        attempt.statements = _one(_statement(ORACLE_KEY, attempt, _now(), _now() + 600));

        _do(_guardian, abi.encodeCall(book.removeWitness, (oracle)), "", "removeWitness");
        delete _witnesses[oracle];
        _redeemAsked(attempt, "redeem by one whom nobody saw");
        vm.warp(_now() + 60);
        Witness memory added = Witness(oracle, LOCATION, 0, uint64(_now()), uint64(FOR_LONG));
        _do(address(this), abi.encodeCall(book.addWitness, (added)), "", "addWitness");
        _witnesses[oracle] = added;
        _redeemAsked(attempt, "redeem by one whom the oracle saw before");
    }

    /// @notice Time goes on by some minutes.
    function warp(uint256 seed) external {
        vm.warp(_now() + _between(_mix(seed), 1, 5 minutes));
    }

    /// @notice Time goes on to an edge of the latest campaign, or to the second before it; to the next one mostly.
    function warpToEdge(uint256 seed) external {
        seed = _mix(seed);
        Terms memory terms = _campaigns[campaigns].terms;
        uint256[4] memory edges = [terms.opensAt, terms.heldUntil, terms.closesAt, _endOf(campaigns)];
        uint256 ahead = 0;
        for (uint256 i = 0; i < 8; ++i) {
            if (edges[i / 2] == 0) continue;
            uint256 time = edges[i / 2] - 1 + (i % 2); // the second before, and the edge
            if (time <= _now()) continue;
            ahead = time;
            if ((seed >> (8 * i)) & 7 != 0) break;
        }
        if (ahead != 0) {
            vm.warp(ahead);
            ++successes["warpToEdge"];
        }
    }

    function _redeemDrawn(uint256 seed) private {
        (bool isThere, Attempt memory attempt) = _drawAttempt(seed);
        if (!isThere) return;
        _spoil(attempt, seed >> 128);
        _redeemAsked(attempt, "redeem");
    }

    function _redeemAsked(Attempt memory attempt, string memory action) private {
        bytes memory foreseen = _redeemRefusal(attempt, attempt.holder);
        (bool isRedeemable, bytes memory why) = _canRedeem(attempt);
        _check(isRedeemable == (why.length == 0), "canRedeem says why exactly where it says no");
        if (!_isSame(why, foreseen)) revert Unforeseen("canRedeem", foreseen, why);
        _redeemOnce(attempt, attempt.holder, _redeemCall(attempt), foreseen, action);
    }

    function _redeemOnce(
        Attempt memory attempt,
        address sender,
        bytes memory call_,
        bytes memory foreseen,
        string memory action
    ) private {
        vm.recordLogs();
        if (!_do(sender, call_, foreseen, action)) return;
        _noteRedeemed(attempt.campaignId, attempt.serial);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        _check(logs.length == 1, "one event");
        _checkEvent(logs[0], attempt, "");
        _noteEvents(logs);
    }

    /// @dev That the event says who redeemed what where, or why not.
    function _checkEvent(Vm.Log memory log, Attempt memory attempt, bytes memory why) private pure {
        bool isRefused = why.length != 0;
        bytes32 topic = isRefused ? ICouponBook.RedemptionRefused.selector : ICouponBook.CouponRedeemed.selector;
        _check(log.topics[0] == topic, isRefused ? "the item is refused" : "the coupon is redeemed");
        _check(uint256(log.topics[1]) == attempt.campaignId && uint256(log.topics[2]) == attempt.serial, "this coupon");
        _check(address(uint160(uint256(log.topics[3]))) == attempt.holder, "this holder's");
        bytes memory data = isRefused ? abi.encode(why) : abi.encode(attempt.site);
        _check(_isSame(log.data, data), isRefused ? "for this reason" : "at this site");
    }

    /// @dev What each item must come to after those before it, and what is redeemed then.
    function _noteTickets(
        Ticket[] memory tickets,
        BatchReference.Item[] memory items,
        address sender,
        bool isSharing
    ) private returns (bytes[] memory whys) {
        whys = new bytes[](tickets.length);
        bool isGood = false; // whether the way from the item before leads to its shard's root
        for (uint256 i = 0; i < tickets.length; ++i) {
            bool isLeaning = isSharing && i > 0 && _leansOn(items[i - 1], items[i]);
            isGood = _isHolders(tickets[i].attempt) && (isGood || !isLeaning);
            if (!isGood) tickets[i].attempt.proof = new bytes20[](9); // as good as none
            whys[i] = _noteTicket(tickets[i], sender);
            if (whys[i].length == 0 && isLeaning) ++successes["item redeemed, with shared nodes"];
        }
    }

    function _noteTicket(Ticket memory ticket, address sender) private returns (bytes memory why) {
        Attempt memory attempt = ticket.attempt;
        if (ticket.deadline < _now()) why = _error(ICouponBook.RedeemExpired.selector, ticket.deadline, _now());
        if (why.length == 0) why = _presenceRefusal(attempt, sender);
        if (why.length == 0) why = _outcomeRefusal(attempt);
        if (why.length != 0) {
            ++successes["item refused"];
            return why;
        }
        _noteRedeemed(attempt.campaignId, attempt.serial);
        bool isVouched = attempt.statements.length == 0;
        ++successes[isVouched ? "item redeemed, by a counter's word" : "item redeemed, by statements"];
    }

    function _leansOn(BatchReference.Item memory before, BatchReference.Item memory item) private pure returns (bool) {
        return BatchReference.levelsAlone(before.serial, item) < item.proof.length;
    }

    function _isHolders(Attempt memory attempt) private view returns (bool) {
        return _shardAt(attempt.campaignId, attempt.serial >> 8).holders[attempt.serial & 0xff] == attempt.holder;
    }

    function _itemsOf(
        Ticket[] memory tickets
    ) private view returns (BatchReference.Item[] memory items, Statement[] memory statements) {
        items = new BatchReference.Item[](tickets.length);
        statements = new Statement[](2 * tickets.length);
        uint256 count = 0;
        for (uint256 i = 0; i < tickets.length; ++i) {
            Attempt memory attempt = tickets[i].attempt;
            bytes memory signature = _permission(tickets[i].key, attempt, tickets[i].deadline);
            uint256 own = attempt.statements.length;
            items[i] = BatchReference.Item(attempt.serial, tickets[i].deadline, signature, own, attempt.proof);
            for (uint256 j = 0; j < own; ++j) statements[count++] = attempt.statements[j];
        }
        assembly ("memory-safe") {
            mstore(statements, count) // the rest is not used
        }
    }

    /// @dev Some coupons of one campaign at one site, lowest serial first.
    function _drawTickets(uint256 seed) private returns (Ticket[] memory tickets) {
        uint256 campaignId = _drawCampaign(seed);
        uint16 site = uint16(_between(seed >> 32, 1, 3));
        if (_campaigns[campaignId].shards.length == 0 || _campaigns[campaignId].standby.length == 0) return tickets;
        tickets = new Ticket[](_between(seed >> 40, 1, 10));
        for (uint256 i = 0; i < tickets.length; ++i) {
            uint256 own = _mix(seed);
            (, Attempt memory attempt) = _drawAttemptIn(campaignId, own);
            uint256 actor = _actorOf(attempt.holder);
            uint256 key = _keyOf((own >> 200) & 7 == 0 ? (actor + 1) % WITH_KEYS : actor);
            if ((own >> 204) & 7 == 0 && i > 0) {
                (attempt.serial, attempt.proof) = (tickets[i - 1].attempt.serial, tickets[i - 1].attempt.proof);
                key = tickets[i - 1].key;
            }
            (attempt.holder, attempt.site) = (vm.addr(key), site);
            attempt.statements = new Statement[](0);
            if ((own >> 208) & 3 != 0) attempt.statements = _honestStatements(attempt, own);
            tickets[i] = Ticket(attempt, key, _now() - ((own >> 212) & 7 == 0 ? 1 : 0));
            for (uint256 j = i; j > 0 && tickets[j - 1].attempt.serial > tickets[j].attempt.serial; --j) {
                (tickets[j - 1], tickets[j]) = (tickets[j], tickets[j - 1]);
            }
        }
    }
}
