// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouponBook, Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {COUNTER, LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {Attempt, BookTest} from "./BookTest.sol";
import {ShardReference} from "./ShardReference.sol";
import {vm} from "./Vm.sol";

/// @notice What holds at every second, for any terms:
/// 1. Each thing that can be done is done, or refused with the error and the two times that it compares, exactly from the second
///    on that the design names: `opensAt`, `heldUntil`, `closesAt`, `endsAt`, and the last second of a statement.
/// 2. A statement counts exactly when plain arithmetic says that the block and the observation lie where they may.
/// 3. A witness counts exactly inside its own validity, and a permission up to its deadline.
/// 4. However often it is paused, as much of a campaign's time is left as was left.
contract WindowsTest is BookTest {
    uint256 private constant HOLDER_KEY = uint256(keccak256("a holder"));
    uint256 private constant NONE = 1; // the campaign that asks for no witness, and those that ask for one
    uint256 private constant LOCATED = 2;
    uint256 private constant SERVED = 3;

    address private _holder;

    /// @notice Thrown to undo a rehearsal, with why it was refused, or nothing.
    error Rehearsed(bytes why);

    /// @notice Thrown when something is not done, or not refused, when it must.
    error NotOnTime(string action, uint256 time, bytes expected, bytes happened);

    function setUp() external {
        _makeBook();
        _holder = vm.addr(HOLDER_KEY);
    }

    /// @dev Tries a call and undoes it, so that many can be tried at one second.
    function rehearse(address sender, bytes calldata call_) external {
        revert Rehearsed(_send(sender, call_));
    }

    /// @dev Each edge of one campaign, the second before and the second after.
    function test_everyEdgeIsExact() external {
        Terms memory terms = _terms(0);
        _open(terms);
        uint256[8] memory edges = _edgesOf(terms);
        for (uint256 i = 0; i < edges.length; ++i) {
            for (uint256 j = 0; j < 3; ++j) _checkAt(terms, edges[i] + j - 1);
        }
    }

    /// @dev Any terms, at one of their edges, or the second before or after.
    /// hardhat-config: default.fuzz.runs = 128
    function testFuzz_theEdgesOfAnyTermsAreExact(uint256 seed) external {
        Terms memory terms = _drawTerms(seed);
        _open(terms);
        uint256 edge = _edgesOf(terms)[seed % 8];
        _checkAt(terms, edge + ((seed >> 8) % 3) - 1);
    }

    /// @dev The times are drawn around the edges: uniform ones would hardly ever fall on them.
    /// hardhat-config: default.fuzz.runs = 400
    function testFuzz_statementsAreExact(uint8 blockEdge, uint8 seenEdge, uint8 lifeEdge, uint8 size) external {
        Terms memory terms = _terms(LOCATION);
        address[] memory holders = _holders(size, _between(size, 1, 5));
        book.createCampaign("", terms, "");
        book.issue(1, holders);
        uint256[6] memory edges = [
            terms.opensAt,
            terms.opensAt + 30 minutes,
            terms.closesAt - 1 minutes,
            terms.closesAt,
            terms.closesAt + 10 minutes,
            uint256(terms.closesAt) + terms.grace
        ];
        uint256 time = edges[blockEdge % 6] + ((blockEdge / 6) % 3) - 1;
        uint256 observedAt = time + [uint256(1), 60, 61, 62, 601, 4000][seenEdge % 6] - ((seenEdge / 6) % 2) * 601;
        if (seenEdge % 4 == 3) observedAt = edges[(seenEdge / 4) % 4] + ((seenEdge / 16) % 3) - 1;
        uint256 validUntil = observedAt + [uint256(0), 1, 300, 600, 601, 660][lifeEdge % 6];

        Attempt memory attempt = Attempt(
            1,
            0,
            holders[0],
            1,
            new Statement[](0),
            ShardReference.proofOf(holders, 0, 0)
        );
        attempt.statements = _one(_statement(ORACLE_KEY, attempt, observedAt, validUntil));
        bool mayBe =
            time >= terms.opensAt &&
                time < terms.closesAt + terms.grace &&
                observedAt >= terms.opensAt &&
                observedAt < terms.closesAt &&
                observedAt <= time + 60 &&
                time < validUntil &&
                validUntil - observedAt <= 600;
        vm.warp(time);
        (bool isRedeemable, bytes memory why) = _canRedeem(attempt);
        bytes memory refusal = _send(holders[0], _redeemCall(attempt));
        _check((refusal.length == 0) == mayBe, "redeemed exactly when it might be");
        _check(isRedeemable == mayBe && _isSame(why, refusal), "as it was said before");
    }

    /// @dev What a witness says it saw, at the edges of its own validity.
    /// hardhat-config: default.fuzz.runs = 128
    function testFuzz_aWitnessCountsInsideItsTime(uint256 seed) external {
        Terms memory terms = _terms(COUNTER);
        _open(terms);
        uint256 from = terms.opensAt + _between(seed >> 16, 1, 60 minutes);
        uint256 until = from + _between(seed >> 32, 1, 50 minutes);
        uint256 key = uint256(keccak256("a helper"));
        book.addWitness(Witness(vm.addr(key), COUNTER, 0, uint64(from), uint64(until)));

        uint256 time = [from, until][seed % 2] + ((seed >> 4) % 3) - 1;
        uint256 seen = [time, from][(seed >> 8) % 2] - ((seed >> 10) % 2);
        Attempt memory attempt = _attemptOf(SERVED, 0);
        attempt.statements = _one(_statement(key, attempt, seen, terms.closesAt));
        vm.warp(time);
        bool counts = seen >= from && time < until;
        bool isOpen = seen >= terms.opensAt && seen <= time + 60;
        _check((_rehearsed(_holder, _redeemCall(attempt)).length == 0) == (counts && isOpen), "its statement");
        delete attempt.statements;
        bool vouches = time >= from && time < until;
        bytes memory call_ = _redeemForCall(attempt, time, _permission(HOLDER_KEY, attempt, time));
        _check((_rehearsed(vm.addr(key), call_).length == 0) == vouches, "its word as the sender");
    }

    /// hardhat-config: default.fuzz.runs = 256
    function testFuzz_aPauseTakesNoTime(uint256 seed) external {
        Terms memory terms = _drawTerms(seed);
        if (seed % 4 == 0) terms.heldUntil = 0;
        book.createCampaign("", terms, "");
        uint256 time = NOW;
        for (uint256 i = 0; i < 3; ++i) {
            Terms memory before = book.campaign(1);
            uint256 end = uint256(before.closesAt) + before.grace;
            seed = uint256(keccak256(abi.encode(seed)));
            uint256[4] memory edges = [before.opensAt, before.closesAt - 1, before.closesAt, end - 1];
            if (before.heldUntil != 0) edges[3] = before.heldUntil - ((seed >> 32) % 2);
            uint256 from = seed % 2 == 0 ? edges[(seed >> 8) % 4] : time + ((seed >> 16) % 1 days);
            if (from < time || from >= end) from = time;
            if (from >= end) return;
            time = from + [0, 1, (seed >> 48) % 1 hours, (seed >> 48) % 400 days][(seed >> 40) % 4];
            vm.warp(from);
            book.pause(1);
            vm.warp(time);
            book.resume(1);
            _checkResumed(before, book.campaign(1), from, time);
        }
    }

    function _checkResumed(Terms memory before, Terms memory later, uint256 from, uint256 time) private pure {
        // Before the window opens nothing is lost.
        (uint256 since, uint256 now_) = (_larger(from, before.opensAt), _larger(time, before.opensAt));
        uint256 lost = now_ - since;
        uint256 held = since < before.heldUntil ? before.heldUntil + lost : before.heldUntil;
        uint256 closes = since < before.closesAt ? before.closesAt + lost : before.closesAt;
        uint256 grace = since < before.closesAt ? before.grace : before.grace + lost;
        _check(later.heldUntil == (held > LATEST ? LATEST : held), "as long until it is held no more");
        _check(later.closesAt == (closes > LATEST ? LATEST : closes), "as long until it closes");
        _check(later.grace == grace, "as long a grace");
        (before.heldUntil, before.closesAt, before.grace) = (later.heldUntil, later.closesAt, later.grace);
        _check(_isSame(abi.encode(before), abi.encode(later)), "and nothing else");
    }

    /// @dev What may be done at that second, and what is said to what may not.
    function _checkAt(Terms memory terms, uint256 time) private {
        vm.warp(time);
        _checkRedemptions(terms, time);
        _checkOffice(terms, time);
        _checkPeople(terms, time);
    }

    function _checkRedemptions(Terms memory terms, uint256 time) private {
        (uint256 opens, uint256 closes) = (terms.opensAt, terms.closesAt);
        uint256 end = closes + terms.grace;
        bytes memory shut =
            time < opens
                ? _error(ICouponBook.CampaignNotOpen.selector, opens, time)
                : time >= end
                    ? _error(ICouponBook.CampaignIsOver.selector, end, time)
                    : bytes("");
        uint256 seen =
            time < opens
                ? opens
                : time < closes
                    ? time
                    : closes - 1;

        bytes memory expected = shut;
        if (shut.length == 0 && time >= closes) expected = _error(ICouponBook.CampaignHasClosed.selector, closes, time);
        Attempt memory attempt = _attemptOf(NONE, 0);
        _mustBe("redeem, nobody asked", _holder, _redeemCall(attempt), expected);

        attempt = _attemptOf(LOCATED, 0);
        attempt.statements = _one(_statement(ORACLE_KEY, attempt, seen, seen + 600));
        expected = shut;
        if (shut.length == 0 && time >= seen + 600) {
            expected = _error(ICouponBook.StatementExpired.selector, seen + 600, time);
        }
        _mustBe("redeem, located", _holder, _redeemCall(attempt), expected);

        attempt = _attemptOf(SERVED, 0);
        bytes memory permission = _permission(HOLDER_KEY, attempt, time);
        expected = shut;
        if (shut.length == 0 && time >= closes) {
            expected = _error(ICouponBook.PresenceMissing.selector, COUNTER, 0);
        }
        _mustBe("redeem, a counter sends", vm.addr(DESK_KEY), _redeemForCall(attempt, time, permission), expected);

        attempt.statements = _one(_statement(DESK_KEY, attempt, seen, end + 1));
        _mustBe("redeem, a counter signs", _holder, _redeemCall(attempt), shut);
        _mustBe("redeemFor, at the deadline", address(this), _redeemForCall(attempt, time, permission), shut);
        permission = _permission(HOLDER_KEY, attempt, time - 1);
        expected = _error(ICouponBook.RedeemExpired.selector, time - 1, time);
        _mustBe("redeemFor, past it", address(this), _redeemForCall(attempt, time - 1, permission), expected);

        attempt = _attemptOf(SERVED, STANDBY << 8);
        attempt.statements = _one(_statement(DESK_KEY, attempt, seen, end + 1));
        expected = shut;
        if (shut.length == 0 && time < terms.heldUntil) {
            expected = _error(ICouponBook.StandbyNotYet.selector, terms.heldUntil, time);
        }
        _mustBe("redeem standby", _holder, _redeemCall(attempt), expected);
    }

    function _checkOffice(Terms memory terms, uint256 time) private {
        uint256 end = uint256(terms.closesAt) + terms.grace;
        bytes memory over = time >= end ? _error(ICouponBook.CampaignIsOver.selector, end, time) : bytes("");
        address[] memory holders = _one(_holder);
        bytes32[] memory roots = _one(ShardReference.rootOf(holders, 0));

        bytes memory expected =
            time >= terms.closesAt ? _error(ICouponBook.CampaignHasClosed.selector, terms.closesAt, time) : bytes("");
        _mustBe("issue", address(this), abi.encodeCall(book.issue, (NONE, holders)), expected);
        _mustBe("issueStandby", address(this), abi.encodeCall(book.issueStandby, (NONE, holders)), expected);
        _mustBe("revoke", address(this), abi.encodeCall(book.revoke, (NONE, roots[0], _one(uint256(0)), "")), over);
        _mustBe("pause", address(this), abi.encodeCall(book.pause, (NONE)), over);

        expected = time < terms.heldUntil ? _error(ICouponBook.StandbyNotYet.selector, terms.heldUntil, time) : over;
        _mustBe("release", address(this), abi.encodeCall(book.release, (NONE, roots)), expected);
        expected = time < end ? _error(ICouponBook.CampaignNotOver.selector, end, time) : bytes("");
        _mustBe("close", address(this), abi.encodeCall(book.close, (NONE, roots)), expected);
    }

    function _checkPeople(Terms memory terms, uint256 time) private {
        uint256 end = uint256(terms.closesAt) + terms.grace;
        bytes memory expected = time >= end ? _error(ICouponBook.CampaignIsOver.selector, end, time) : bytes("");
        Terms memory changed = book.campaign(NONE);
        ++changed.closesAt;
        _mustBe("close later", address(this), abi.encodeCall(book.changeTerms, (NONE, changed)), expected);
        --changed.closesAt;
        ++changed.supply;
        if (time >= terms.opensAt && time < end) {
            expected = _error(ICouponBook.TermsFrozen.selector, terms.opensAt, time);
        }
        _mustBe("change the supply", address(this), abi.encodeCall(book.changeTerms, (NONE, changed)), expected);
    }

    function _mustBe(string memory action, address sender, bytes memory call_, bytes memory expected) private {
        bytes memory why = _rehearsed(sender, call_);
        if (!_isSame(why, expected)) revert NotOnTime(action, vm.getBlockTimestamp(), expected, why);
    }

    function _rehearsed(address sender, bytes memory call_) private returns (bytes memory) {
        try this.rehearse(sender, call_) {} catch (bytes memory outcome) {
            _check(bytes4(outcome) == Rehearsed.selector, "the rehearsal itself");
            assembly ("memory-safe") {
                mstore(add(outcome, 4), sub(mload(outcome), 4)) // without the selector
                outcome := add(outcome, 4)
            }
            return abi.decode(outcome, (bytes));
        }
        revert Broken("a rehearsal is always undone");
    }

    /// @dev Three campaigns with these terms, and the holder's coupons in each: one of its own, one on standby.
    function _open(Terms memory terms) private {
        uint8[3] memory classes = [0, LOCATION, COUNTER];
        for (uint256 i = 0; i < classes.length; ++i) {
            terms.requiredWitnesses = classes[i];
            uint256 campaignId = book.createCampaign("", terms, "");
            book.issue(campaignId, _one(_holder));
            book.issueStandby(campaignId, _one(_holder));
        }
    }

    function _attemptOf(uint256 campaignId, uint256 serial) private view returns (Attempt memory) {
        return Attempt(campaignId, serial, _holder, 1, new Statement[](0), new bytes20[](0));
    }

    /// @dev From the shortest window to a year less what a later end needs, held and settled for any time that may be.
    function _drawTerms(uint256 seed) private view returns (Terms memory terms) {
        terms = _terms(0);
        uint256[4] memory spans = [5 minutes, (seed >> 16) % 1 days, (seed >> 16) % 364 days, 2 hours];
        uint256 span = spans[(seed >> 64) % 4];
        if (span < 5 minutes) span += 5 minutes;
        terms.opensAt = uint64(NOW + 2 + ((seed >> 80) % 30 days));
        terms.closesAt = uint64(terms.opensAt + span);
        terms.heldUntil = uint64(terms.opensAt + [0, span - 1, (seed >> 128) % span][(seed >> 120) % 3]);
        terms.grace = uint64([0, 1, 30 days - 1, (seed >> 160) % 29 days][(seed >> 152) % 4]);
        terms.supply = uint64(_between(seed >> 192, 3, 9));
    }

    /// @dev The four edges of the design, the ends of the longest statements, and some seconds between.
    function _edgesOf(Terms memory terms) private pure returns (uint256[8] memory) {
        return
            [
                uint256(terms.opensAt),
                terms.heldUntil,
                terms.closesAt,
                uint256(terms.closesAt) + terms.grace,
                terms.closesAt + 599,
                terms.closesAt - 60,
                (uint256(terms.opensAt) + terms.closesAt) / 2,
                uint256(terms.closesAt) + terms.grace / 2
            ];
    }

    function _one(address holder) private pure returns (address[] memory holders) {
        holders = new address[](1);
        holders[0] = holder;
    }

    function _error(bytes4 selector, uint256 first, uint256 second) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, first, second);
    }

    function _larger(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one : other;
    }
}
