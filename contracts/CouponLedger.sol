// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using {isOutcome as ==, isOtherOutcome as !=} for Outcome global;

/// @notice What comes of trying to use a coupon. Not an enum, whose range would be checked each time it is looked at.
type Outcome is uint8;

function isOutcome(Outcome one, Outcome other) pure returns (bool) {
    return Outcome.unwrap(one) == Outcome.unwrap(other);
}

function isOtherOutcome(Outcome one, Outcome other) pure returns (bool) {
    return Outcome.unwrap(one) != Outcome.unwrap(other);
}

/// @title The lifecycle of coupons and their count
/// @notice A coupon is issued, then redeemed or revoked, once; `issued = redeemed + revoked + unused` for every campaign at
/// every block, and never more redeemed than the supply. Who may do it, when and where is CouponBook's matter. Imports
/// nothing, so that a prover reads it whole.
abstract contract CouponLedger {
    /// @dev What is counted as it happens. Redemptions are not, but for those that take what another left: counting
    /// them would cost each of them a store, and the shards' own bits say it (docs/decisions.md#counting).
    struct Count {
        uint32 supply;
        uint32 issued;
        uint32 revoked;
        uint32 shards;
        uint32 shardsCounted; // the first so many shards, counted once `heldUntil` or the whole campaign was over
        uint32 unusedCounted; // seats that were unused in them then, less those revoked since
        uint32 taken; // redemptions since, by standby and by late holders in those shards
        bool isClosed;
    }

    /// @dev The coupons beyond the supply.
    struct Standby {
        uint32 issued;
        uint32 revoked;
        uint32 shards;
    }

    /// @dev A shard. In `used`, a set bit is a seat that is used, revoked, or was never issued; bit 255 is always set, so the
    /// word of an issued shard is never zero, and every redemption costs the same. In `revoked`, which revocations alone
    /// write, a set bit is a revoked seat.
    struct Seats {
        uint256 used;
        uint256 revoked;
    }

    Outcome internal constant REDEEMED = Outcome.wrap(0);
    Outcome internal constant NOT_ISSUED = Outcome.wrap(1);
    Outcome internal constant ALREADY_REDEEMED = Outcome.wrap(2);
    Outcome internal constant REVOKED = Outcome.wrap(3);
    Outcome internal constant STANDBY_NOT_YET = Outcome.wrap(4);
    Outcome internal constant NOTHING_LEFT = Outcome.wrap(5);

    /// @dev Shards of standby coupons are numbered from here on.
    uint256 internal constant FIRST_STANDBY_SHARD = 1 << 31;

    mapping(uint256 campaignId => mapping(uint256 shard => mapping(bytes32 root => Seats))) private _shards;

    mapping(uint256 campaignId => Count) private _counts;

    mapping(uint256 campaignId => Standby) private _standbys;

    /// @notice Thrown when the coupon was not issued to this holder, or the proof does not show it.
    error NotIssued(uint256 campaignId, uint256 serial, address holder);

    /// @notice Thrown when the coupon has been used.
    error CouponAlreadyRedeemed(uint256 campaignId, uint256 serial);

    /// @notice Thrown when the coupon was revoked.
    error CouponIsRevoked(uint256 campaignId, uint256 serial);

    /// @notice Thrown when nothing is left for standby and for those who come late.
    error NothingLeft(uint256 campaignId, uint256 serial);

    /// @notice Thrown when no shard of that number and root was issued.
    error UnknownShard(uint256 campaignId, uint256 shard, bytes32 root);

    /// @notice Thrown when another number of roots is given than the campaign has shards to count.
    error RootsDoNotFit(uint256 given, uint256 uncounted);

    /// @notice Thrown when the closing statement has already been made.
    error AlreadyClosed(uint256 campaignId);

    function _setSupply(uint256 campaignId, uint256 supply) internal {
        _counts[campaignId].supply = uint32(supply); // Terms hold no more than 32 bits
    }

    /// @dev Opens a shard with `seats` unused seats, 1 to 255.
    function _openShard(uint256 campaignId, uint256 shard, bytes32 root, uint256 seats) internal {
        _shards[campaignId][shard][root].used = type(uint256).max << seats;
    }

    /// @dev Notes an issue: `seats` more coupons, in `shards` more shards. The caller saw that the supply has them left.
    function _noteIssued(uint256 campaignId, uint256 seats, uint256 shards) internal {
        Count storage count = _counts[campaignId];
        // No cast can cut: one call issues no more than the supply, of 32 bits, and a shard holds one at least.
        count.issued += uint32(seats);
        count.shards += uint32(shards);
    }

    /// @dev Notes an issue of standby coupons.
    function _noteStandby(uint256 campaignId, uint256 seats, uint256 shards) internal {
        Standby storage standby = _standbys[campaignId];
        standby.issued += uint32(seats); // no cast can cut: a list is shorter
        standby.shards += uint32(shards);
    }

    /// @dev Uses the seat, or says why not: one load and one store decide both "was it issued" and "is it unused".
    /// @param isLate Whether unused coupons are no longer held for their holders.
    function _redeemOnce(
        uint256 campaignId,
        uint256 serial,
        bytes32 root,
        bool isLate
    ) internal returns (Outcome outcome) {
        Seats storage shard = _shards[campaignId][serial >> 8][root];
        uint256 seats = shard.used;
        uint256 seat = 1 << (serial & 0xff);
        outcome = _judge(campaignId, serial, shard, seats, isLate);
        if (outcome != REDEEMED) return outcome;

        shard.used = seats | seat;
        if (isLate && _isCounted(campaignId, serial >> 8)) ++_counts[campaignId].taken;
    }

    /// @dev What `_redeemOnce` would come to.
    function _outcomeOf(uint256 campaignId, uint256 serial, bytes32 root, bool isLate) internal view returns (Outcome) {
        Seats storage shard = _shards[campaignId][serial >> 8][root];
        return _judge(campaignId, serial, shard, shard.used, isLate);
    }

    /// @dev Takes an unused seat back, or says why not. What standby could have had of it, standby keeps.
    function _revokeOnce(uint256 campaignId, uint256 serial, bytes32 root) internal {
        Seats storage shard = _shards[campaignId][serial >> 8][root];
        uint256 seats = shard.used;
        Outcome outcome = _judge(campaignId, serial, shard, seats, false);

        if (outcome == NOT_ISSUED) revert UnknownShard(campaignId, serial >> 8, root);
        if (outcome == REVOKED) revert CouponIsRevoked(campaignId, serial);
        if (outcome == ALREADY_REDEEMED) revert CouponAlreadyRedeemed(campaignId, serial);

        uint256 seat = 1 << (serial & 0xff);
        shard.used = seats | seat;
        shard.revoked |= seat;
        if (serial >> 8 >= FIRST_STANDBY_SHARD) {
            ++_standbys[campaignId].revoked;
        } else {
            ++_counts[campaignId].revoked;
            if (_isCounted(campaignId, serial >> 8)) --_counts[campaignId].unusedCounted;
        }
    }

    /// @dev Counts the campaign's next shards. From then on, what is unused in them is anybody's (before the end), or
    /// nothing in them can change any more (after it).
    function _countShards(uint256 campaignId, bytes32[] calldata roots) internal returns (uint256 unused) {
        Count memory count = _counts[campaignId];
        if (count.isClosed) revert AlreadyClosed(campaignId);
        uint256 left = count.shards - count.shardsCounted;
        if (roots.length > left) revert RootsDoNotFit(roots.length, left);

        unused = _unusedIn(campaignId, count.shardsCounted, roots);
        count.unusedCounted += uint32(unused);
        count.shardsCounted += uint32(roots.length);
        _counts[campaignId] = count;
    }

    /// @dev Closes the campaign once all its shards are counted. Returns whether they are.
    function _closeIfCounted(uint256 campaignId) internal returns (bool isComplete) {
        Count storage count = _counts[campaignId];
        count.isClosed = isComplete = count.shardsCounted == count.shards;
    }

    /// @dev The counters of a campaign.
    function _countOf(uint256 campaignId) internal view returns (Count memory) {
        return _counts[campaignId];
    }

    /// @dev The counters of its standby coupons.
    function _standbyOf(uint256 campaignId) internal view returns (Standby memory) {
        return _standbys[campaignId];
    }

    /// @dev How many coupons could still be issued.
    function _supplyLeft(uint256 campaignId) internal view returns (uint256) {
        Count memory count = _counts[campaignId];
        return count.supply - (count.issued - count.revoked);
    }

    /// @dev How many standby and late holders could still redeem, once nothing is held any more.
    function _leftForAll(uint256 campaignId) internal view returns (uint256) {
        return _supplyLeft(campaignId) + _counts[campaignId].unusedCounted - _counts[campaignId].taken;
    }

    /// @dev How many coupons are used of all that were issued, standby included, where `unused` of those in uncounted
    /// shards are not.
    function _redeemedOf(uint256 campaignId, uint256 unused) internal view returns (uint256) {
        Count memory count = _counts[campaignId];
        return count.issued - count.revoked - count.unusedCounted - unused + count.taken;
    }

    /// @dev The two words of a shard.
    function _seatsOf(uint256 campaignId, uint256 shard, bytes32 root) internal view returns (uint256, uint256) {
        Seats storage seats = _shards[campaignId][shard][root];
        return (seats.used, seats.revoked);
    }

    /// @dev How many seats are unused in the shards from `first` on that have these roots.
    function _unusedIn(
        uint256 campaignId,
        uint256 first,
        bytes32[] calldata roots
    ) internal view returns (uint256 unused) {
        for (uint256 i = 0; i < roots.length; ++i) {
            uint256 seats = _shards[campaignId][first + i][roots[i]].used;
            if (seats == 0) revert UnknownShard(campaignId, first + i, roots[i]);
            unused += _onesIn(~seats);
        }
    }

    /// @dev What would come of using the seat, where the shard's word is `seats`.
    function _judge(
        uint256 campaignId,
        uint256 serial,
        Seats storage shard,
        uint256 seats,
        bool isLate
    ) private view returns (Outcome) {
        uint256 seat = 1 << (serial & 0xff);
        if (seats == 0) return NOT_ISSUED;
        if (seats & seat != 0) return shard.revoked & seat == 0 ? ALREADY_REDEEMED : REVOKED;
        if (isLate) {
            if (_isCounted(campaignId, serial >> 8) && _leftForAll(campaignId) == 0) return NOTHING_LEFT;
        } else if (serial >> 8 >= FIRST_STANDBY_SHARD) {
            return STANDBY_NOT_YET;
        }
        return REDEEMED;
    }

    /// @dev Whether the shard's coupons are no longer held: it was counted, or is standby.
    function _isCounted(uint256 campaignId, uint256 shard) private view returns (bool) {
        return shard >= FIRST_STANDBY_SHARD || shard < _counts[campaignId].shardsCounted;
    }

    /// @dev How many bits of a word are set, 255 at most: counted in pairs, nibbles and bytes, then the bytes summed up by a
    /// product whose highest byte is their sum. A loop over the bits costs a hundred times as much.
    function _onesIn(uint256 word) private pure returns (uint256) {
        unchecked {
            // Each difference and sum stays within its own bits; the product's overflow is cut off on purpose.
            word -= (word >> 1) & (type(uint256).max / 3); // 0x5555…
            word = (word & (type(uint256).max / 5)) + ((word >> 2) & (type(uint256).max / 5)); // 0x3333…
            word = (word + (word >> 4)) & (type(uint256).max / 17); // 0x0f0f…
            return (word * (type(uint256).max / 255)) >> 248; // 0x0101…
        }
    }
}
