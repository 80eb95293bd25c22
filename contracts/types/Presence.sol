// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Coupon} from "./Coupon.sol";

using {hash} for Statement global;

// A location oracle's class.
uint8 constant LOCATION = 1;

// A counter device's class.
uint8 constant COUNTER = 2;

// solhint-disable-next-line gas-small-strings
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
function hash(
    Statement calldata statement,
    Coupon calldata coupon,
    address holder,
    uint16 site,
    bytes32 geofenceHash
) pure returns (bytes32) {
    return
        keccak256(
            abi.encode(
                PRESENCE_TYPEHASH,
                coupon.campaignId,
                coupon.serial,
                holder,
                site,
                geofenceHash,
                statement.observedAt,
                statement.validUntil,
                statement.evidenceHash
            )
        );
}
