// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

bytes32 constant REDEEM_TYPEHASH = keccak256("Redeem(uint256 campaignId,uint256 serial,uint16 site,uint64 deadline)");

using {hash} for Redeem global;

/// @notice A holder's `Redeem` as EIP-712 hashes it: "use this coupon of mine at this site, until then".
struct Redeem {
    bytes32 typehash;
    uint256 campaignId;
    uint256 serial;
    uint256 site;
    uint256 deadline;
}

/// @notice Its EIP-712 struct hash: the words as they lie in memory.
function hash(Redeem memory redeem) pure returns (bytes32 structHash) {
    assembly ("memory-safe") {
        structHash := keccak256(redeem, 0xa0)
    }
}
