// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Why something is refused: an ABI-encoded error, or nothing. One function decides and names; `redeem` throws the answer,
// `redeemBatch` keeps it in an event, `canRedeem` returns it, so the three cannot disagree.

/// @notice The error with one argument, as bytes.
function refusal(bytes4 selector, uint256 first) pure returns (bytes memory) {
    return abi.encodeWithSelector(selector, first);
}

/// @notice The error with two arguments, as bytes.
function refusal(bytes4 selector, uint256 first, uint256 second) pure returns (bytes memory) {
    return abi.encodeWithSelector(selector, first, second);
}

/// @notice The error with three arguments, as bytes.
function refusal(bytes4 selector, uint256 first, uint256 second, uint256 third) pure returns (bytes memory) {
    return abi.encodeWithSelector(selector, first, second, third);
}

/// @notice Reverts with the error; does nothing where there is none.
function throwIfAny(bytes memory why) pure {
    if (why.length == 0) return;
    assembly ("memory-safe") {
        revert(add(why, 0x20), mload(why))
    }
}
