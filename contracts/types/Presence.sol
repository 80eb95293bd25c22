// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using {hash} for Statement global;

// A location oracle's class.
uint8 constant LOCATION = 1;

// A counter device's class.
uint8 constant COUNTER = 2;

bytes32 constant PRESENCE_TYPEHASH = keccak256(
    "Presence(uint256 campaignId,uint256 serial,address holder,uint16 site,bytes32 geofenceHash,uint64 observedAt,uint64 validUntil,bytes32 evidenceHash)"
);

/// @notice A witness's signed `Presence` for one coupon. What the redemption itself says (coupon, holder, site) is not
/// repeated here: it is put back when the statement is hashed. Nor is the witness: it is whose key signed this.
/// @param r First word of the ERC-2098 signature.
/// @param vs Second word of the ERC-2098 signature.
/// @param geofenceHash The geofence that the witness looked at.
/// @param observedAt When the holder was seen, unix seconds.
/// @param validUntil Until when the statement may be used, unix seconds, exclusive.
/// @param evidenceHash The witness's commitment to what it saw.
struct Statement {
    bytes32 r;
    bytes32 vs;
    bytes32 geofenceHash;
    uint256 observedAt;
    uint256 validUntil;
    bytes32 evidenceHash;
}

/// @notice The EIP-712 struct hash of the `Presence` that the statement signs.
/// @dev Fields that lie side by side in the calldata are copied side by side; encoding each anew costs three times as much.
function hash(
    Statement calldata statement,
    uint256 campaignId,
    uint256 serial,
    address holder,
    uint16 site
) pure returns (bytes32 structHash) {
    bytes32 typehash = PRESENCE_TYPEHASH;
    assembly ("memory-safe") {
        let data := mload(0x40)
        mstore(data, typehash)
        mstore(add(data, 0x20), campaignId)
        mstore(add(data, 0x40), serial)
        mstore(add(data, 0x60), holder)
        mstore(add(data, 0x80), site)
        calldatacopy(add(data, 0xa0), add(statement, 0x40), 0x80) // geofenceHash, observedAt, validUntil, evidenceHash
        structHash := keccak256(data, 0x120)
    }
}
