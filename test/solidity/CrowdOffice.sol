// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Counters, ICouponBook, Ledger, Terms} from "../../contracts/interfaces/ICouponBook.sol";
import {CrowdDraw} from "./CrowdDraw.sol";
import {Vm, vm} from "./Vm.sol";

/// @notice What the organiser, managers and guardians do with a book. Each action may be tried at any time, and by whoever may
/// not; what it comes to is foreseen.
abstract contract CrowdOffice is CrowdDraw {
    /// @notice A new campaign, of any classes; mostly when the last one is nearly over.
    function createCampaign(uint256 seed) external {
        seed = _mix(seed);
        if (_now() + 15 minutes < _endOf(campaigns) && seed % 16 != 0) return;
        Terms memory terms = _drawTerms(seed >> 8);
        _do(address(this), abi.encodeCall(book.createCampaign, ("", terms, "")), "", "createCampaign");
        _noteCreated(terms);
    }

    /// @notice Before a campaign opens its supply and `heldUntil` change, after that its end grows, or should shrink.
    function changeTerms(uint256 seed) external {
        seed = _mix(seed);
        uint256 campaignId = _drawCampaign(seed);
        Terms memory terms = _campaigns[campaignId].terms;
        if (_now() < terms.opensAt) {
            terms.supply = uint64(_between(seed >> 64, 1, 60));
            if ((seed >> 72) & 3 == 0) terms.heldUntil = 0;
        } else if ((seed >> 72) & 3 != 0 && terms.closesAt < terms.opensAt + 40 minutes) {
            (terms.closesAt, terms.grace) = (terms.closesAt + 60, terms.grace + 1);
        } else if ((seed >> 80) & 1 == 0) {
            --terms.closesAt;
        } else ++terms.supply;

        bytes memory foreseen = _changeRefusal(campaignId, terms);
        if (_do(address(this), abi.encodeCall(book.changeTerms, (campaignId, terms)), foreseen, "changeTerms")) {
            _campaigns[campaignId].terms = terms;
        }
    }

    function issue(uint256 seed, uint16 size) external {
        seed = _mix(seed);
        _issue(_drawCampaign(seed), _drawHolders(seed, size), false);
    }

    function issueStandby(uint256 seed, uint16 size) external {
        seed = _mix(seed);
        _issue(_drawCampaign(seed), _drawHolders(seed, size), true);
    }

    /// @notice Up to three coupons of a shard are taken back, now and then one of them twice.
    function revoke(uint256 seed) external {
        seed = _mix(seed);
        (uint256 campaignId, bytes32 root, uint256[] memory serials) = _drawSerials(seed);
        if (serials.length == 0) return;
        bytes memory foreseen = _revokeRefusal(campaignId, root, serials);
        bytes memory call_ = abi.encodeCall(book.revoke, (campaignId, root, serials, ""));
        if (!_do(address(this), call_, foreseen, "revoke")) return;
        for (uint256 i = 0; i < serials.length; ++i) _noteRevoked(campaignId, serials[i]);
    }

    /// @notice The same, and others get one instead.
    function reallot(uint256 seed) external {
        seed = _mix(seed);
        (uint256 campaignId, bytes32 root, uint256[] memory serials) = _drawSerials(seed);
        if (serials.length == 0) return;
        address[] memory holders = _drawActors(seed >> 8, serials.length);
        bool isStandby = serials[0] >> 8 >= STANDBY;
        bytes memory foreseen = _revokeRefusal(campaignId, root, serials);
        if (foreseen.length == 0) {
            uint256 left = _issuableWithout(campaignId, serials);
            foreseen = _issueRefusal(campaignId, holders.length, isStandby, left);
        }
        bytes memory call_ = abi.encodeCall(book.reallot, (campaignId, root, serials, holders, ""));
        if (!_do(address(this), call_, foreseen, isStandby ? "reallot standby" : "reallot")) return;
        for (uint256 i = 0; i < serials.length; ++i) _noteRevoked(campaignId, serials[i]);
        _noteIssued(campaignId, holders, isStandby);
    }

    /// @notice A guardian pauses; others are refused.
    function pause(uint256 seed) external {
        seed = _mix(seed);
        uint256 campaignId = _drawCampaign(seed);
        bytes memory call_ = abi.encodeCall(book.pause, (campaignId));
        if ((seed >> 32) & 1 == 0) {
            _do(NOBODY, call_, _roleRefusal(NOBODY, book.GUARDIAN_ROLE()), "nobody pauses");
        } else if (_do(_guardian, call_, _runningRefusal(campaignId), "pause")) {
            _campaigns[campaignId].pausedAt = _now();
            _campaigns[campaignId].still = stillOf(campaignId);
        }
    }

    /// @notice The admin lets a paused campaign go on; the guardian cannot.
    function resume(uint256 seed) external {
        seed = _mix(seed);
        uint256 campaignId = _drawPaused(seed);
        bytes memory call_ = abi.encodeCall(book.resume, (campaignId));
        _do(_guardian, call_, _roleRefusal(_guardian, book.DEFAULT_ADMIN_ROLE()), "the guardian resumes");
        uint256 pausedAt = _campaigns[campaignId].pausedAt;
        if (pausedAt == 0) {
            _do(address(this), call_, _error(ICouponBook.CampaignNotPaused.selector, campaignId), "resume");
            return;
        }
        _check(stillOf(campaignId) == _campaigns[campaignId].still, "nothing changed while it was paused");
        _do(address(this), call_, "", "resume");
        _campaigns[campaignId].pausedAt = 0;
        _learnTerms(campaignId, pausedAt);
    }

    /// @notice Anybody counts the next shards once nothing is held any more; too many, or a false root, are refused.
    function release(uint256 seed, address sender) external {
        seed = _mix(seed);
        uint256 campaignId = _drawCampaign(seed);
        bytes32[] memory roots = _drawRoots(campaignId, seed);
        bytes memory foreseen = _releaseRefusal(campaignId, roots);
        uint256 redeemed = _ledgerOf(campaignId).redeemed;
        if (!_do(sender, abi.encodeCall(book.release, (campaignId, roots)), foreseen, "release")) return;
        _noteCounted(campaignId, roots.length);
        _check(_ledgerOf(campaignId).redeemed == redeemed, "as many are redeemed after a release as before it");
    }

    /// @notice Counts a campaign that is over, a few shards at a time.
    function close(uint256 seed) external {
        seed = _mix(seed);
        uint256 campaignId = _between(seed, 1, campaigns);
        if (_now() < _endOf(campaignId)) campaignId = 1;
        bytes32[] memory roots = _drawRoots(campaignId, seed);
        Campaign storage campaign = _campaigns[campaignId];
        bytes memory foreseen = _closeRefusal(campaignId, roots);
        bool isLast = campaign.counted + roots.length == campaign.shards.length;
        Ledger memory ledger = _ledgerOf(campaignId);
        vm.recordLogs();
        bytes memory call_ = abi.encodeCall(book.close, (campaignId, roots));
        if (!_do(NOBODY, call_, foreseen, isLast ? "close" : "close in part")) return;
        _noteCounted(campaignId, roots.length);

        Vm.Log[] memory logs = vm.getRecordedLogs();
        _check(logs.length == 1, "each counting tells one thing");
        bytes32 told = isLast ? ICouponBook.CampaignClosed.selector : ICouponBook.ShardsCounted.selector;
        _check(logs[0].topics[0] == told, "the closing statement, or how far it came");
        if (!isLast) return;
        campaign.isClosed = true;
        _check(_isSame(logs[0].data, abi.encode(ledger)), "which says what the ledger said");
    }

    /// @notice Several things in one call: a whole campaign, two issues, or what somebody else must not.
    function multicall(uint256 seed) external {
        seed = _mix(seed);
        uint256 campaignId = _drawCampaign(seed);
        (address[] memory some, address[] memory others) = (_drawHolders(seed, seed), _drawHolders(~seed, seed >> 8));
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(book.issue, (campaignId, some));
        calls[1] = abi.encodeCall(book.issue, (campaignId, others));
        if ((seed >> 64) & 3 == 0) {
            bytes memory foreseen = _roleRefusal(NOBODY, book.MANAGER_ROLE());
            _do(NOBODY, abi.encodeCall(book.multicall, (calls)), foreseen, "nobody's multicall");
        } else if ((seed >> 64) & 1 == 0 && (seed >> 72) & 3 == 0) {
            _createAtOnce(seed >> 80, some, others);
        } else {
            uint256 left = _issuableWithout(campaignId, new uint256[](0));
            bytes memory foreseen = _issueRefusal(campaignId, some.length, false, left);
            if (foreseen.length == 0) foreseen = _issueRefusal(campaignId, others.length, false, left - some.length);
            bytes memory call_ = abi.encodeCall(book.multicall, (calls));
            if (!_do(address(this), call_, foreseen, "multicall")) return;
            _noteIssued(campaignId, some, false);
            _noteIssued(campaignId, others, false);
        }
    }

    /// @notice What the book says of a campaign that must not change while it is paused.
    function stillOf(uint256 campaignId) public view returns (bytes32) {
        Counters memory counters = book.countersOf(campaignId);
        Terms memory terms = book.campaign(campaignId);
        uint256 redeemed = _ledgerOf(campaignId).redeemed;
        return keccak256(abi.encode(terms, redeemed, counters.shardsCounted, counters.isClosed));
    }

    function _createAtOnce(uint256 seed, address[] memory some, address[] memory others) private {
        Terms memory terms = _drawTerms(seed);
        terms.supply = uint64(some.length);
        if (terms.heldUntil == 0) terms.heldUntil = terms.opensAt;
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(book.createCampaign, ("", terms, ""));
        calls[1] = abi.encodeCall(book.issue, (campaigns + 1, some));
        calls[2] = abi.encodeCall(book.issueStandby, (campaigns + 1, others));
        _do(address(this), abi.encodeCall(book.multicall, (calls)), "", "multicall, a whole campaign");
        _noteCreated(terms);
        _noteIssued(campaigns, some, false);
        _noteIssued(campaigns, others, true);
    }

    function _issue(uint256 campaignId, address[] memory holders, bool isStandby) internal {
        uint256 left = _issuableWithout(campaignId, new uint256[](0));
        bytes memory foreseen = _issueRefusal(campaignId, holders.length, isStandby, left);
        bytes memory call_ =
            isStandby
                ? abi.encodeCall(book.issueStandby, (campaignId, holders))
                : abi.encodeCall(book.issue, (campaignId, holders));
        if (_do(address(this), call_, foreseen, isStandby ? "issueStandby" : "issue")) {
            _noteIssued(campaignId, holders, isStandby);
        }
    }

    /// @dev The terms after a pause: as much of each span is left as was left then, and nothing else has changed.
    function _learnTerms(uint256 campaignId, uint256 pausedAt) private {
        Terms memory before = _campaigns[campaignId].terms;
        Terms memory terms = book.campaign(campaignId);
        uint256 since = pausedAt > before.opensAt ? pausedAt : before.opensAt;
        uint256 now_ = _now() > before.opensAt ? _now() : before.opensAt;
        _check(_leftOf(terms.closesAt, now_) == _leftOf(before.closesAt, since), "as much of the window is left");
        _check(_leftOf(terms.heldUntil, now_) == _leftOf(before.heldUntil, since), "as much of the time it is held");
        uint256 end = uint256(terms.closesAt) + terms.grace;
        _check(end - now_ == uint256(before.closesAt) + before.grace - since, "as much of the time to the end");

        if (since >= before.closesAt) ++successes["resume in the grace"];
        if (now_ > since && since < before.heldUntil) ++successes["resume before heldUntil"];
        (before.closesAt, before.heldUntil, before.grace) = (terms.closesAt, terms.heldUntil, terms.grace);
        _check(_isSame(abi.encode(before), abi.encode(terms)), "and all else is as it was");
        _campaigns[campaignId].terms = terms;
    }

    function _leftOf(uint256 end, uint256 time) private pure returns (uint256) {
        return end > time ? end - time : 0;
    }

    function _ledgerOf(uint256 campaignId) internal view returns (Ledger memory) {
        Campaign storage campaign = _campaigns[campaignId];
        bytes32[] memory roots = new bytes32[](campaign.shards.length - campaign.counted);
        for (uint256 i = 0; i < roots.length; ++i) roots[i] = campaign.shards[campaign.counted + i].root;
        return book.ledger(campaignId, roots);
    }
}
