// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The least that a redemption could be: one signature, one bit, one event, and nothing else
/// @dev No window, no allotment, no expiry, no clone. `npm run bench:gas` measures ours against it.
contract RedemptionFloor {
    address private immutable WITNESS;

    uint256 private _used = 1; // never zero, as a shard's word is not

    /// @notice Emitted when a seat is used.
    event Used(uint256 indexed seat, address indexed holder, uint16 indexed site);

    /// @notice Thrown when the signature is not the witness's, or the seat is used.
    error Refused();

    constructor(address witness) {
        WITNESS = witness;
    }

    /// @notice Uses the sender's seat.
    function use(uint256 seat, bytes32 r, bytes32 vs) external {
        bytes32 digest = keccak256(abi.encodePacked(seat, msg.sender));
        bytes32 s = vs & bytes32(uint256(type(uint256).max >> 1));
        if (ecrecover(digest, uint8(uint256(vs) >> 255) + 27, r, s) != WITNESS) revert Refused();
        uint256 used = _used;
        if (used & (1 << seat) != 0) revert Refused();
        _used = used | (1 << seat);
        emit Used(seat, msg.sender, 1);
    }
}
