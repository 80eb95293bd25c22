// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Coupon} from "./Coupon.sol";

using {hash} for Statement global;

// A location oracle's class.
uint8 constant LOCATION = 1;

// A counter device's class.
uint8 constant COUNTER = 2;

bytes32 constant PRESENCE_TYPEHASH = keccak256(
    "Presence(uint256 campaignId,uint256 serial,address holder,uint16 site,bytes32 geofenceHash,uint64 observedAt,uint64 validUntil,bytes32 evidenceHash)"
);

/// @notice A witness's signed `Presence` for one coupon. What the redemption itself says (coupon, holder, site) and what
/// the campaign says (geofence) is not repeated here: it is put back when the statement is hashed.
/// @param witness The key that signed.
/// @param observedAt When the holder was seen, unix seconds.
/// @param validUntil Until when the statement may be used, unix seconds, exclusive.
/// @param evidenceHash The witness's commitment to what it saw.
/// @param r First word of the ERC-2098 signature.
/// @param vs Second word of the ERC-2098 signature.
struct Statement {
    address witness;
    uint64 observedAt;
    uint64 validUntil;
    bytes32 evidenceHash;
    bytes32 r;
    bytes32 vs;
}

/// @notice The EIP-712 struct hash of the `Presence` that the statement signs.
/// @dev Fields that lie side by side in the calldata are copied side by side; encoding each anew costs three times as much.
/// Nothing unchecked gets in: what a field must not be, the typed reads of it refuse.
function hash(
    Statement calldata statement,
    Coupon calldata coupon,
    address holder,
    uint16 site,
    bytes32 geofenceHash
) pure returns (bytes32 structHash) {
    bytes32 typehash = PRESENCE_TYPEHASH;
    assembly ("memory-safe") {
        let data := mload(0x40)
        mstore(data, typehash)
        calldatacopy(add(data, 0x20), coupon, 0x40) // campaignId, serial
        mstore(add(data, 0x60), holder)
        mstore(add(data, 0x80), site)
        mstore(add(data, 0xa0), geofenceHash)
        calldatacopy(add(data, 0xc0), add(statement, 0x20), 0x60) // observedAt, validUntil, evidenceHash
        structHash := keccak256(data, 0x120)
    }
}
