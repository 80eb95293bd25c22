// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The shard tree of docs/protocol.md#shard in its plainest form: all hashes kept, every one by `abi.encode`.
library ShardReference {
    /// @notice The levels of the tree, leaves first, each but the last filled up to an even width with a zero word.
    function levelsOf(address[] memory holders, uint256 shard) internal pure returns (bytes32[][] memory levels) {
        levels = new bytes32[][](depthOf(holders.length) + 1);
        levels[0] = new bytes32[](evenly(holders.length));
        for (uint256 seat = 0; seat < holders.length; ++seat) {
            levels[0][seat] = leafOf((shard << 8) | seat, holders[seat]);
        }
        for (uint256 height = 1; height < levels.length; ++height) {
            bytes32[] memory below = levels[height - 1];
            levels[height] = new bytes32[](height == levels.length - 1 ? 1 : evenly(below.length / 2));
            for (uint256 i = 0; i < below.length / 2; ++i) {
                levels[height][i] = hashOver(bytes20(below[2 * i]), bytes20(below[2 * i + 1]));
            }
        }
    }

    function rootOf(address[] memory holders, uint256 shard) internal pure returns (bytes32) {
        bytes32[][] memory levels = levelsOf(holders, shard);
        return levels[levels.length - 1][0];
    }

    function proofOf(address[] memory holders, uint256 shard, uint256 seat) internal pure returns (bytes20[] memory) {
        return proofIn(levelsOf(holders, shard), seat);
    }

    function proofIn(bytes32[][] memory levels, uint256 seat) internal pure returns (bytes20[] memory proof) {
        proof = new bytes20[](levels.length - 1);
        for (uint256 height = 0; height < proof.length; ++height) {
            uint256 place = seat >> height;
            proof[height] = bytes20(levels[height][place % 2 == 0 ? place + 1 : place - 1]);
        }
    }

    /// @notice The root that a proof leads to.
    function climbed(bytes32 leaf, bytes20[] memory proof) internal pure returns (bytes32 hash) {
        hash = leaf;
        for (uint256 height = 0; height < proof.length; ++height) hash = hashOver(bytes20(hash), proof[height]);
    }

    /// @notice A proof as the contract takes it.
    function packed(bytes20[] memory proof) internal pure returns (bytes memory nodes) {
        for (uint256 height = 0; height < proof.length; ++height) nodes = bytes.concat(nodes, proof[height]);
    }

    function leafOf(uint256 serial, address holder) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint96(serial), holder));
    }

    function hashOver(bytes20 one, bytes20 other) internal pure returns (bytes32) {
        (uint160 lower, uint160 higher) = one < other ? (uint160(one), uint160(other)) : (uint160(other), uint160(one));
        return keccak256(abi.encode(lower, higher));
    }

    function depthOf(uint256 seats) internal pure returns (uint256 depth) {
        while (2 ** depth < seats) ++depth;
    }

    // A lone leaf is its own root and needs no partner.
    function evenly(uint256 width) internal pure returns (uint256) {
        return width == 1 ? 1 : width + (width % 2);
    }
}
