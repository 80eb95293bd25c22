// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponLedger, Outcome} from "../../contracts/CouponLedger.sol";

/// @title What is proved of CouponLedger
/// @notice A function for each thing that the ledger does. Before it, the state is any in which the invariants hold; the arguments are
/// any that the caller vouches for ("Vouched"). The prover shows that they hold afterwards, and what else
/// is asserted. So they hold in every state that a book can come to. docs/proof.md says how to read this.
contract LedgerProof is CouponLedger {
    /// @dev What truly happened in a campaign, which nobody counts on chain.
    struct Truth {
        uint256 issued; // seats of opened shards, but for standby
        uint256 shards;
        uint256 redeemed; // of those seats
        uint256 redeemedCounted; // of these, once their shards were counted
        uint256 held; // clear bits in the shards that were not counted
        uint256 free; // clear bits in those that were
        uint256 standbyIssued;
        uint256 standbyShards;
        uint256 standbyRedeemed;
        uint256 standbyUnused; // clear bits in the shards of standby
    }

    /// @dev What truly happened to a coupon.
    struct Life {
        uint256 redeemed; // how often
        bool isRevoked;
    }

    /// @dev What is compared with what it was before.
    struct Earlier {
        uint256 used;
        uint256 revoked;
        uint256 shardsCounted;
        uint256 otherUsed;
        uint256 otherRevoked;
        Count otherCount;
        Standby otherStandby;
    }

    mapping(uint256 campaignId => Truth) private _truths;
    mapping(uint256 campaignId => mapping(uint256 shard => mapping(uint256 seat => Life))) private _lives;
    mapping(uint256 campaignId => mapping(uint256 shard => uint256)) private _sizes; // 0: never issued
    mapping(uint256 campaignId => mapping(uint256 shard => bytes32)) private _roots;

    // Clear bits in the first so many shards from one on, by their own roots.
    mapping(uint256 campaignId => mapping(uint256 first => mapping(uint256 shards => uint256))) private _clearInFirst;

    // Any coupon whatever: what is shown for it is shown for all.
    uint256 private _anyShard;
    bytes32 private _anyRoot;
    uint256 private _anySeat;

    // Any other campaign.
    uint256 private _otherCampaign;

    /// @notice A campaign that does not exist yet: nothing was ever written.
    function begin(uint256 campaignId, uint256 shard, bytes32 root) external view {
        Count memory count = _countOf(campaignId);
        Standby memory standby = _standbyOf(campaignId);
        Truth memory truth = _truths[campaignId];
        require(_anySeat < 256 && shard < 1 << 248); // else it is no serial
        Life memory life = _lives[campaignId][shard][_anySeat];
        (uint256 used, uint256 revoked) = _seatsOf(campaignId, shard, root);
        require(used == 0 && revoked == 0 && !_isSet(revoked, _anySeat)); // no bit of 0 is set
        require(count.supply == 0 && count.issued == 0 && count.revoked == 0 && count.shards == 0);
        require(count.shardsCounted == 0 && count.unusedCounted == 0 && count.taken == 0 && !count.isClosed);
        require(standby.issued == 0 && standby.revoked == 0 && standby.shards == 0);
        require(truth.issued == 0 && truth.shards == 0 && truth.redeemed == 0 && truth.redeemedCounted == 0);
        require(truth.held == 0 && truth.free == 0 && truth.standbyIssued == 0 && truth.standbyShards == 0);
        require(truth.standbyRedeemed == 0 && truth.standbyUnused == 0);
        require(life.redeemed == 0 && !life.isRevoked && _sizes[campaignId][shard] == 0);

        _checkCampaign(campaignId);
        _checkSeat(campaignId, shard, root, _anySeat);
    }

    /// @notice `createCampaign`, or `changeTerms` before it opens.
    function setSupply(uint256 campaignId, uint256 supply) external {
        Earlier memory earlier = _before(campaignId);
        Count memory count = _countOf(campaignId);
        require(_isNoted(campaignId));
        require(supply <= type(uint32).max && supply >= count.issued - count.revoked); // Vouched: `rulesOf`, SupplyBelowIssued
        require(count.taken == 0); // Vouched: nothing is redeemed before it opens
        _setSupply(campaignId, supply);
        assert(_countOf(campaignId).supply == supply);
        _after(campaignId, earlier, false);
    }

    /// @notice A shard of an `issue`, which is noted once all its shards are open.
    function openShard(uint256 campaignId, bytes32 root, uint256 seats) external {
        Earlier memory earlier = _before(campaignId);
        Truth memory truth = _truths[campaignId];
        Count memory count = _countOf(campaignId);
        uint256 shard = truth.shards;
        _assumeSeat(campaignId, shard, root, _anySeat);
        require(seats >= 1 && seats <= 255); // Vouched: `_openShards` cuts the list so
        uint256 total = truth.issued + seats;
        // Vouched: the list is no longer than `_issuable`.
        require(total - count.issued <= _supplyLeft(campaignId) && total - count.issued <= _leftForAll(campaignId));
        require(!count.isClosed); // Vouched: nothing is issued once the window has closed
        require(total <= type(uint32).max && shard + 1 < FIRST_STANDBY_SHARD); // Assumed: see docs/proof.md

        _learnFresh(seats, _anySeat);
        _openShard(campaignId, shard, root, seats);

        _roots[campaignId][shard] = root;
        _sizes[campaignId][shard] = seats;
        _truths[campaignId].issued = total;
        ++_truths[campaignId].shards;
        _truths[campaignId].held += _clearAt(campaignId, shard, root);
        _after(campaignId, earlier, _isAny(shard, root));
    }

    /// @notice A shard of an `issueStandby`.
    function openStandby(uint256 campaignId, bytes32 root, uint256 seats) external {
        Earlier memory earlier = _before(campaignId);
        Truth memory truth = _truths[campaignId];
        uint256 shard = FIRST_STANDBY_SHARD + truth.standbyShards;
        _assumeSeat(campaignId, shard, root, _anySeat);
        require(seats >= 1 && seats <= 255); // Vouched: `_openShards` cuts the list so
        require(truth.standbyIssued + seats <= type(uint32).max); // Assumed: see docs/proof.md

        _learnFresh(seats, _anySeat);
        _openShard(campaignId, shard, root, seats);

        _roots[campaignId][shard] = root;
        _sizes[campaignId][shard] = seats;
        _truths[campaignId].standbyIssued += seats;
        ++_truths[campaignId].standbyShards;
        _truths[campaignId].standbyUnused += _clearAt(campaignId, shard, root);
        _after(campaignId, earlier, _isAny(shard, root));
    }

    /// @notice The end of an `issue`.
    function noteIssued(uint256 campaignId, uint256 seats, uint256 shards) external {
        Earlier memory earlier = _before(campaignId);
        // Vouched: as many as were opened.
        require(seats == _truths[campaignId].issued - _countOf(campaignId).issued);
        require(shards == _truths[campaignId].shards - _countOf(campaignId).shards);
        _noteIssued(campaignId, seats, shards);
        assert(_countOf(campaignId).issued == _truths[campaignId].issued);
        assert(_countOf(campaignId).shards == _truths[campaignId].shards);
        _after(campaignId, earlier, false);
    }

    /// @notice The end of an `issueStandby`.
    function noteStandby(uint256 campaignId, uint256 seats, uint256 shards) external {
        Earlier memory earlier = _before(campaignId);
        // Vouched: as many as were opened.
        require(seats == _truths[campaignId].standbyIssued - _standbyOf(campaignId).issued);
        require(shards == _truths[campaignId].standbyShards - _standbyOf(campaignId).shards);
        _noteStandby(campaignId, seats, shards);
        assert(_standbyOf(campaignId).issued == _truths[campaignId].standbyIssued);
        assert(_standbyOf(campaignId).shards == _truths[campaignId].standbyShards);
        _after(campaignId, earlier, false);
    }

    /// @notice A redemption, by whatever way in.
    function redeem(uint256 campaignId, uint256 serial, bytes32 root, bool isLate) external {
        Earlier memory earlier = _before(campaignId);
        (uint256 shard, uint256 seat) = _partsOf(serial);
        _assumeSeat(campaignId, shard, root, seat);
        require(_isNoted(campaignId));
        // Vouched: shards are counted only when coupons are no longer held, or when nothing can be used any more.
        require(isLate || _countOf(campaignId).shardsCounted == 0);
        Life memory life = _lives[campaignId][shard][seat];
        bool isForAll = shard >= FIRST_STANDBY_SHARD || shard < _countOf(campaignId).shardsCounted;
        uint256 left = _leftForAll(campaignId);
        uint256 clear = _clearAt(campaignId, shard, root);
        _learnPart(campaignId, shard, clear);
        _learnMasked(_usedAt(campaignId, shard, root), seat);
        _learnMasked(_revokedAt(campaignId, shard, root), seat);
        _learnSet(_usedAt(campaignId, shard, root), seat, _anySeat);
        Outcome foreseen = _outcomeOf(campaignId, serial, root, isLate);

        Outcome outcome = _redeemOnce(campaignId, serial, root, isLate);

        assert(outcome == foreseen);
        if (outcome == REDEEMED) {
            // Single use: it was issued, with this root, and neither redeemed before nor revoked.
            assert(seat < _sizes[campaignId][shard] && root == _roots[campaignId][shard]);
            assert(life.redeemed == 0 && !life.isRevoked);
            assert(isLate || shard < FIRST_STANDBY_SHARD);
            assert(!isForAll || left > 0); // NothingLeft
            ++_lives[campaignId][shard][seat].redeemed;
            bool isStandby = shard >= FIRST_STANDBY_SHARD;
            _truths[campaignId].standbyRedeemed += isStandby ? 1 : 0;
            _truths[campaignId].redeemed += isStandby ? 0 : 1;
            _truths[campaignId].redeemedCounted += isForAll && !isStandby ? 1 : 0;
            _noteClear(campaignId, shard, clear, _clearAt(campaignId, shard, root));
        } else {
            assert(clear == _clearAt(campaignId, shard, root));
        }
        _after(campaignId, earlier, _isAny(shard, root));
    }

    /// @notice A coupon of a `revoke` or `reallot`.
    function revoke(uint256 campaignId, uint256 serial, bytes32 root) external {
        Earlier memory earlier = _before(campaignId);
        (uint256 shard, uint256 seat) = _partsOf(serial);
        _assumeSeat(campaignId, shard, root, seat);
        require(_isNoted(campaignId));
        Life memory life = _lives[campaignId][shard][seat];
        uint256 left = _leftForAll(campaignId);
        uint256 clear = _clearAt(campaignId, shard, root);
        _learnPart(campaignId, shard, clear);

        _learnMasked(_usedAt(campaignId, shard, root), seat);
        _learnMasked(_revokedAt(campaignId, shard, root), seat);
        _learnSet(_usedAt(campaignId, shard, root), seat, _anySeat);
        _learnSet(_revokedAt(campaignId, shard, root), seat, _anySeat);
        _revokeOnce(campaignId, serial, root);

        assert(seat < _sizes[campaignId][shard] && root == _roots[campaignId][shard]);
        assert(life.redeemed == 0 && !life.isRevoked);
        assert(_leftForAll(campaignId) >= left);
        _lives[campaignId][shard][seat].isRevoked = true;
        _noteClear(campaignId, shard, clear, _clearAt(campaignId, shard, root));
        _after(campaignId, earlier, _isAny(shard, root));
    }

    /// @notice A `release`, or a part of a `close`.
    function countShards(uint256 campaignId, bytes32[] calldata roots) external {
        Earlier memory earlier = _before(campaignId);
        require(_isNoted(campaignId));
        require(roots.length <= type(uint64).max); // the compiler's own decoder sees to it
        Count memory before = _countOf(campaignId);
        Truth memory truth = _truths[campaignId];
        uint256 clear = _clearInFirst[campaignId][before.shardsCounted][roots.length];
        // Summed up: what some of the uncounted shards hold is part of what all of them do.
        require(before.shardsCounted + roots.length > before.shards || clear <= truth.held);

        uint256 unused = _countShards(campaignId, roots);

        assert(unused == clear);
        // What was summed up is what counts as counted from now on.
        earlier.shardsCounted += roots.length;
        _truths[campaignId].held -= clear;
        _truths[campaignId].free += clear;
        _after(campaignId, earlier, false);
    }

    /// @notice The rest of a `close`.
    function close(uint256 campaignId) external {
        Earlier memory earlier = _before(campaignId);
        require(_isNoted(campaignId));
        bool isComplete = _closeIfCounted(campaignId);
        assert(isComplete == (_countOf(campaignId).shardsCounted == _truths[campaignId].shards));
        assert(isComplete == _countOf(campaignId).isClosed);
        _after(campaignId, earlier, false);
    }

    /// @notice A `ledger`: the uncounted shards' bits, counted.
    function unusedIn(uint256 campaignId, bytes32[] calldata roots) external view {
        _assumeCampaign(campaignId);
        require(_isNoted(campaignId));
        Count memory now_ = _countOf(campaignId);
        require(roots.length == now_.shards - now_.shardsCounted); // Vouched: RootsDoNotFit
        // Summed up: all uncounted shards are all that is held.
        require(_clearInFirst[campaignId][now_.shardsCounted][roots.length] == _truths[campaignId].held);
        assert(_unusedIn(campaignId, now_.shardsCounted, roots) == _truths[campaignId].held);
    }

    /// @notice What the numbers say after every action: the ledger's identity, and that the supply is never exceeded.
    function numbers(uint256 campaignId) external view {
        _assumeCampaign(campaignId);
        require(_isNoted(campaignId));
        Count memory now_ = _countOf(campaignId);
        Standby memory standby = _standbyOf(campaignId);
        Truth memory truth = _truths[campaignId];
        uint256 redeemed = truth.redeemed + truth.standbyRedeemed;
        uint256 unused = truth.held + truth.free + truth.standbyUnused;
        uint256 issued = uint256(now_.issued) + standby.issued;
        uint256 revoked = uint256(now_.revoked) + standby.revoked;

        // issued = redeemed + revoked + unused, of the contract's counters, the shards' bits and what truly happened
        assert(issued == redeemed + revoked + unused);
        assert(_redeemedOf(campaignId, truth.held) == redeemed);
        // issued - revoked <= supply, and never more redeemed
        assert(now_.issued - now_.revoked <= now_.supply);
        assert(_supplyLeft(campaignId) == now_.supply - (now_.issued - now_.revoked));
        assert(redeemed + truth.held <= now_.supply);
        assert(_leftForAll(campaignId) == now_.supply - redeemed - truth.held);
    }

    /// @dev Before: the invariants, for this campaign and any coupon of it. Returns that coupon's words, and another campaign.
    function _before(uint256 campaignId) private view returns (Earlier memory earlier) {
        require(_otherCampaign != campaignId);
        _assumeCampaign(campaignId);
        _assumeSeat(campaignId, _anyShard, _anyRoot, _anySeat);
        (earlier.used, earlier.revoked) = _seatsOf(campaignId, _anyShard, _anyRoot);
        earlier.shardsCounted = _countOf(campaignId).shardsCounted;
        (earlier.otherUsed, earlier.otherRevoked) = _seatsOf(_otherCampaign, _anyShard, _anyRoot);
        earlier.otherCount = _countOf(_otherCampaign);
        earlier.otherStandby = _standbyOf(_otherCampaign);
    }

    /// @dev Afterwards: the invariants again; what was used stays used; and nothing changed but what may.
    function _after(uint256 campaignId, Earlier memory earlier, bool isTouched) private view {
        _checkCampaign(campaignId);
        _checkSeat(campaignId, _anyShard, _anyRoot, _anySeat);
        (uint256 used, uint256 revoked) = _seatsOf(campaignId, _anyShard, _anyRoot);
        bool wasUsed = _isSet(earlier.used, _anySeat);
        bool isUsed = _isSet(used, _anySeat);
        assert(earlier.used == 0 || !wasUsed || isUsed);
        assert(_countOf(campaignId).shardsCounted == earlier.shardsCounted); // else the sums are over other shards
        assert(isTouched || (used == earlier.used && revoked == earlier.revoked));

        (used, revoked) = _seatsOf(_otherCampaign, _anyShard, _anyRoot);
        assert(used == earlier.otherUsed && revoked == earlier.otherRevoked);
        assert(_isSameCount(_countOf(_otherCampaign), earlier.otherCount));
        Standby memory standby = _standbyOf(_otherCampaign);
        assert(standby.issued == earlier.otherStandby.issued && standby.revoked == earlier.otherStandby.revoked);
        assert(standby.shards == earlier.otherStandby.shards);
    }

    function _isSameCount(Count memory one, Count memory other) private pure returns (bool) {
        return
            one.supply == other.supply &&
            one.issued == other.issued &&
            one.revoked == other.revoked &&
            one.shards == other.shards &&
            one.shardsCounted == other.shardsCounted &&
            one.unusedCounted == other.unusedCounted &&
            one.taken == other.taken &&
            one.isClosed == other.isClosed;
    }

    function _isAny(uint256 shard, bytes32 root) private view returns (bool) {
        return shard == _anyShard && root == _anyRoot;
    }

    function _turnOf_unusedIn(
        uint256 campaignId,
        uint256 first,
        bytes32[] calldata roots,
        uint256 i,
        uint256 unused
    ) internal view override returns (bool) {
        if (i > roots.length) return false;
        uint256 clear = _clearInFirst[campaignId][first][i];
        require(clear <= 255 * i); // it is a sum of `i` counts, each 255 at most
        if (i == 0) require(clear == 0);
        if (i < roots.length) {
            uint256 shard = first + i;
            require(_isShardRight(campaignId, shard, roots[i]));
            _learnMost(_usedAt(campaignId, shard, _roots[campaignId][shard]));
            uint256 next = _clearAt(campaignId, shard, _roots[campaignId][shard]);
            require(_clearInFirst[campaignId][first][i + 1] == clear + next);
        }
        return unused == clear;
    }

    /// @dev A sum over shards is no less than any of its parts.
    function _learnPart(uint256 campaignId, uint256 shard, uint256 part) private view {
        Truth memory truth = _truths[campaignId];
        if (shard >= FIRST_STANDBY_SHARD) require(part <= truth.standbyUnused);
        else if (shard < _countOf(campaignId).shardsCounted) require(part <= truth.free);
        else require(part <= truth.held);
    }

    /// @dev A sum over shards, of which one word changed, changes by the difference.
    function _noteClear(uint256 campaignId, uint256 shard, uint256 before, uint256 later) private {
        Truth memory truth = _truths[campaignId];
        if (shard >= FIRST_STANDBY_SHARD) {
            _truths[campaignId].standbyUnused = truth.standbyUnused - before + later;
        } else if (shard < _countOf(campaignId).shardsCounted) {
            _truths[campaignId].free = truth.free - before + later;
        } else {
            _truths[campaignId].held = truth.held - before + later;
        }
    }

    function _assumeCampaign(uint256 campaignId) private view {
        require(_isBounded(campaignId));
        require(_isIdentityKept(campaignId));
        require(_isCountingRight(campaignId));
        require(_isSupplyKept(campaignId));
    }

    function _checkCampaign(uint256 campaignId) private view {
        assert(_isBounded(campaignId));
        assert(_isIdentityKept(campaignId));
        assert(_isCountingRight(campaignId));
        assert(_isSupplyKept(campaignId));
    }

    function _isBounded(uint256 campaignId) private view returns (bool) {
        Count memory now_ = _countOf(campaignId);
        Standby memory standby = _standbyOf(campaignId);
        Truth memory truth = _truths[campaignId];
        return
            truth.issued <= type(uint32).max &&
            truth.shards < FIRST_STANDBY_SHARD &&
            truth.standbyIssued <= type(uint32).max &&
            truth.redeemed <= truth.issued &&
            truth.redeemedCounted <= truth.issued &&
            truth.held <= truth.issued &&
            truth.free <= truth.issued &&
            truth.standbyRedeemed <= truth.standbyIssued &&
            truth.standbyUnused <= truth.standbyIssued &&
            truth.shards <= truth.issued &&
            truth.standbyShards <= truth.standbyIssued &&
            now_.issued <= truth.issued &&
            now_.shards <= truth.shards &&
            standby.issued <= truth.standbyIssued &&
            standby.shards <= truth.standbyShards;
    }

    function _isIdentityKept(uint256 campaignId) private view returns (bool) {
        Truth memory truth = _truths[campaignId];
        uint256 own = truth.redeemed + _countOf(campaignId).revoked + truth.held + truth.free;
        uint256 standby = truth.standbyRedeemed + _standbyOf(campaignId).revoked + truth.standbyUnused;
        return truth.issued == own && truth.standbyIssued == standby;
    }

    function _isCountingRight(uint256 campaignId) private view returns (bool) {
        Count memory now_ = _countOf(campaignId);
        Truth memory truth = _truths[campaignId];
        return
            now_.shardsCounted <= now_.shards &&
            (!now_.isClosed || now_.shardsCounted == truth.shards) &&
            now_.unusedCounted == truth.free + truth.redeemedCounted &&
            now_.taken == truth.redeemedCounted + truth.standbyRedeemed &&
            truth.redeemedCounted <= truth.redeemed;
    }

    function _isSupplyKept(uint256 campaignId) private view returns (bool) {
        Count memory now_ = _countOf(campaignId);
        uint256 issued = _truths[campaignId].issued;
        uint256 granted = uint256(now_.supply) + now_.revoked;
        return now_.revoked <= now_.issued && issued <= granted && issued + now_.taken <= granted + now_.unusedCounted;
    }

    /// @dev Whether what was opened was noted too: always, but between the shards of an issue.
    function _isNoted(uint256 campaignId) private view returns (bool) {
        Count memory now_ = _countOf(campaignId);
        Standby memory standby = _standbyOf(campaignId);
        Truth memory truth = _truths[campaignId];
        return
            truth.issued == now_.issued &&
            truth.shards == now_.shards &&
            truth.standbyIssued == standby.issued &&
            truth.standbyShards == standby.shards;
    }

    function _assumeSeat(uint256 campaignId, uint256 shard, bytes32 root, uint256 seat) private view {
        require(seat < 256 && shard < 1 << 248); // else it is no serial
        require(_isShardRight(campaignId, shard, root));
        require(_isSeatRight(campaignId, shard, root, seat));
    }

    function _checkSeat(uint256 campaignId, uint256 shard, bytes32 root, uint256 seat) private view {
        assert(_isShardRight(campaignId, shard, root));
        assert(_isSeatRight(campaignId, shard, root, seat));
    }

    /// @dev A word is none where the shard was not issued, or not with this root; where it was, bit 255 is set.
    function _isShardRight(uint256 campaignId, uint256 shard, bytes32 root) private view returns (bool) {
        Truth memory truth = _truths[campaignId];
        (uint256 used, ) = _seatsOf(campaignId, shard, root);
        uint256 size = _sizes[campaignId][shard];
        bool isIssued =
            shard < truth.shards || (shard >= FIRST_STANDBY_SHARD && shard - FIRST_STANDBY_SHARD < truth.standbyShards);
        bool isWord = size != 0 && root == _roots[campaignId][shard];
        bool isLastSet = _isSet(used, 255);
        return size <= 255 && (size != 0) == isIssued && (used != 0) == isWord && (used == 0 || isLastSet);
    }

    /// @dev A seat's bit is clear where it was issued and neither redeemed nor revoked; it was never both, nor redeemed twice.
    function _isSeatRight(uint256 campaignId, uint256 shard, bytes32 root, uint256 seat) private view returns (bool) {
        (uint256 used, uint256 revoked) = _seatsOf(campaignId, shard, root);
        Life memory life = _lives[campaignId][shard][seat];
        bool isIssued = seat < _sizes[campaignId][shard];
        bool isUnused = isIssued && life.redeemed == 0 && !life.isRevoked;
        bool isUsed = _isSet(used, seat);
        bool isRevoked = _isSet(revoked, seat);
        return
            life.redeemed <= (life.isRevoked ? 0 : 1) &&
            (isIssued || (life.redeemed == 0 && !life.isRevoked)) &&
            (used == 0 || isUsed == !isUnused) &&
            isRevoked == (used != 0 && life.isRevoked);
    }

    function _clearAt(uint256 campaignId, uint256 shard, bytes32 root) private view returns (uint256) {
        return _clearIn(_usedAt(campaignId, shard, root));
    }

    function _usedAt(uint256 campaignId, uint256 shard, bytes32 root) private view returns (uint256 used) {
        (used, ) = _seatsOf(campaignId, shard, root);
    }

    function _revokedAt(uint256 campaignId, uint256 shard, bytes32 root) private view returns (uint256 revoked) {
        (, revoked) = _seatsOf(campaignId, shard, root);
    }
}
