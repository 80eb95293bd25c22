// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Coupon} from "./Coupon.sol";

bytes32 constant REDEEM_TYPEHASH = keccak256("Redeem(uint256 campaignId,uint256 serial,uint16 site,uint64 deadline)");

/// @notice The EIP-712 struct hash of the holder's `Redeem`: "use this coupon of mine at this site, until then".
function hashRedeem(Coupon calldata coupon, uint16 site, uint64 deadline) pure returns (bytes32) {
    return keccak256(abi.encode(REDEEM_TYPEHASH, coupon.campaignId, coupon.serial, site, deadline));
}
