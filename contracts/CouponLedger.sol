// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The lifecycle of coupons and their count
/// @notice A coupon is issued, then redeemed or revoked, once; `issued = redeemed + revoked + unused` for every campaign at
/// every block. Who may do it, when and where is CouponBook's matter. Imports nothing, so that a prover reads it whole.
abstract contract CouponLedger {
    /// @dev What is counted as it happens. Redemptions are not: counting them would cost each of them a store, and the
    /// shards' own bits say it (docs/decisions.md#counting).
    struct Count {
        uint32 issued;
        uint32 revoked;
        uint32 shards;
        uint32 shardsCounted;
        uint32 unusedCounted;
        bool isClosed;
    }

    /// @dev A shard. In `used`, a set bit is a seat that is used, revoked, or was never issued; bit 255 is always set, so the
    /// word of an issued shard is never zero, and every redemption costs the same. In `revoked`, which revocations alone
    /// write, a set bit is a revoked seat.
    struct Seats {
        uint256 used;
        uint256 revoked;
    }

    mapping(uint256 campaignId => mapping(uint256 shard => mapping(bytes32 root => Seats))) private _shards;

    mapping(uint256 campaignId => Count) private _counts;

    /// @notice Thrown when the coupon was not issued to this holder, or the proof does not show it.
    error NotIssued(uint256 campaignId, uint256 serial, address holder);

    /// @notice Thrown when the coupon has been used.
    error CouponAlreadyRedeemed(uint256 campaignId, uint256 serial);

    /// @notice Thrown when the coupon was revoked.
    error CouponIsRevoked(uint256 campaignId, uint256 serial);

    /// @notice Thrown when no shard of that number and root was issued.
    error UnknownShard(uint256 campaignId, uint256 shard, bytes32 root);

    /// @notice Thrown when more roots are given than the campaign has shards left to count.
    error TooManyRoots(uint256 given, uint256 expected);

    /// @notice Thrown when the closing statement has already been made.
    error AlreadyClosed(uint256 campaignId);

    /// @dev Opens the campaign's next shard with `seats` unused seats, 1 to 255.
    function _openShard(uint256 campaignId, uint256 shard, bytes32 root, uint256 seats) internal {
        _shards[campaignId][shard][root].used = type(uint256).max << seats;
    }

    /// @dev Notes an issue: `seats` more coupons, in `shards` more shards.
    function _noteIssued(uint256 campaignId, uint256 seats, uint256 shards) internal {
        Count storage count = _counts[campaignId];
        // No cast can cut: one call issues no more than the supply, of 32 bits, and a shard holds one at least.
        count.issued += uint32(seats);
        count.shards += uint32(shards);
    }

    /// @dev Uses the seat, or says why not: one load and one store decide both "was it issued" and "is it unused".
    function _redeemOnce(uint256 campaignId, uint256 serial, bytes32 root, address holder) internal {
        Seats storage shard = _shards[campaignId][serial >> 8][root];
        uint256 seats = shard.used;
        uint256 seat = 1 << (serial & 0xff);

        if (seats == 0) revert NotIssued(campaignId, serial, holder);
        if (seats & seat != 0) _refuseUsed(campaignId, serial, shard, seat);

        shard.used = seats | seat;
    }

    /// @dev Takes an unused seat back, or says why not.
    function _revokeOnce(uint256 campaignId, uint256 serial, bytes32 root) internal {
        Seats storage shard = _shards[campaignId][serial >> 8][root];
        uint256 seats = shard.used;
        uint256 seat = 1 << (serial & 0xff);

        if (seats == 0) revert UnknownShard(campaignId, serial >> 8, root);
        if (seats & seat != 0) _refuseUsed(campaignId, serial, shard, seat);

        shard.used = seats | seat;
        shard.revoked |= seat;
        ++_counts[campaignId].revoked;
    }

    /// @dev Counts the next shards of a campaign in which nothing can change any more. Returns whether that was all.
    function _count(uint256 campaignId, bytes32[] calldata roots) internal returns (bool isComplete) {
        Count memory count = _counts[campaignId];
        if (count.isClosed) revert AlreadyClosed(campaignId);
        uint256 left = count.shards - count.shardsCounted;
        if (roots.length > left) revert TooManyRoots(roots.length, left);

        count.unusedCounted += uint32(_unusedIn(campaignId, count.shardsCounted, roots));
        count.shardsCounted += uint32(roots.length);
        count.isClosed = isComplete = count.shardsCounted == count.shards;
        _counts[campaignId] = count;
    }

    /// @dev The counters of a campaign.
    function _countOf(uint256 campaignId) internal view returns (Count memory) {
        return _counts[campaignId];
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

    function _refuseUsed(uint256 campaignId, uint256 serial, Seats storage shard, uint256 seat) private view {
        if (shard.revoked & seat != 0) revert CouponIsRevoked(campaignId, serial);
        revert CouponAlreadyRedeemed(campaignId, serial);
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
