// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using {shardOf, seatOf, leafFor} for Coupon global;

/// @notice One coupon: a campaign of this book and the serial in it, `serial = shard << 8 | seat`.
struct Coupon {
    uint256 campaignId;
    uint256 serial;
}

/// @notice The shard that holds the coupon.
function shardOf(Coupon calldata coupon) pure returns (uint256) {
    return coupon.serial >> 8;
}

/// @notice The coupon's seat in its shard, 0 to 254.
function seatOf(Coupon calldata coupon) pure returns (uint256) {
    return coupon.serial & 0xff;
}

/// @notice The coupon's leaf in its shard's tree: the keccak of ONE word, so never mistaken for a node's two.
/// @dev A serial above 96 bits loses its upper bits here; it names a shard that was never issued all the same, since
/// the shard's number in the ledger's key is not cut.
function leafFor(Coupon calldata coupon, address holder) pure returns (bytes32 leaf) {
    uint256 preimage = (coupon.serial << 160) | uint160(holder); // twelve bytes and twenty: nothing to confuse
    assembly ("memory-safe") {
        mstore(0x00, preimage)
        leaf := keccak256(0x00, 0x20)
    }
}
