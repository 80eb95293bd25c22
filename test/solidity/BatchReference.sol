// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The packing of docs/protocol.md#batch in its plainest form: fields one after the other, and shared nodes found by
/// looking for the level at which an item stands beside the one before.
library BatchReference {
    struct Item {
        uint256 serial;
        uint256 deadline;
        bytes signature;
        uint256 statementCount;
        bytes20[] proof;
    }

    /// @notice Packs items in the order of their serials.
    function pack(Item[] memory items, bool isSharing) internal pure returns (bytes memory packed) {
        for (uint256 i = 0; i < items.length; ++i) {
            uint256 count = items[i].proof.length;
            if (isSharing && i > 0) count = levelsAlone(items[i - 1].serial, items[i]);
            packed = bytes.concat(packed, packOne(items[i], count));
        }
    }

    /// @notice Packs one item with the first `count` nodes of its proof.
    function packOne(Item memory item, uint256 count) internal pure returns (bytes memory packed) {
        packed = abi.encodePacked(
            uint32(item.serial >> 8),
            uint8(item.serial),
            uint32(item.deadline),
            uint8(item.statementCount * 16 + count),
            item.signature
        );
        for (uint256 i = 0; i < count; ++i) packed = bytes.concat(packed, item.proof[i]);
    }

    /// @notice How many levels the item climbs before it stands beside the way of the one before; all where it never does.
    function levelsAlone(uint256 before, Item memory item) internal pure returns (uint256) {
        uint256 depth = item.proof.length;
        if (before >> 8 != item.serial >> 8) return depth;
        (uint256 place, uint256 beside) = (item.serial % 256, before % 256);
        for (uint256 level = 0; level < depth; ++level) {
            bool isNeighbour = place / 2 == beside / 2 && place != beside;
            if (isNeighbour) return level;
            (place, beside) = (place / 2, beside / 2);
        }
        return depth;
    }

    /// @notice The same items, lowest serial first; equal ones stay in their order.
    function sort(Item[] memory items) internal pure {
        for (uint256 i = 1; i < items.length; ++i) {
            Item memory item = items[i];
            uint256 place = i;
            for (; place > 0 && items[place - 1].serial > item.serial; --place) items[place] = items[place - 1];
            items[place] = item;
        }
    }
}

/// @notice The reference's packing for those outside.
contract BatchPacker {
    function pack(BatchReference.Item[] calldata items, bool isSharing) external pure returns (bytes memory) {
        return BatchReference.pack(items, isSharing);
    }
}
