// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The most coupons in one shard: the word's 256 bits less the one that marks the shard as issued.
uint256 constant SEATS_PER_SHARD = 255;

// The longest proof: eight levels hold 256 seats.
uint256 constant DEEPEST_PROOF = 8;

// A node is the first 20 bytes of a hash, as long as the address that it stands for.
uint256 constant NODE_BYTES = 20;

/// @notice The Merkle root of a shard whose seats belong to `holders[first .. first + seats]`, and the index of the first
/// holder that is no address, or `type(uint256).max` where all are.
/// @dev docs/protocol.md#shard defines the tree: leaves `keccak(uint96 serial ‖ address)` in the order of their seats, a
/// zero node beside the last of an odd level, `keccak(lower ‖ higher)` above each pair of nodes in a word each, so that
/// every proof of a shard is equally long. The root alone is a whole hash. Written in assembly because a coupon costs 1.8 k
/// gas with plain loops and about 1.0 k so. The tree is built in unallocated memory, which is left as scratch: nothing
/// below the free pointer is written but the two scratch words at 0x00 and 0x20.
function rootOf(
    address[] calldata holders,
    uint256 first,
    uint256 seats,
    uint256 shard
) pure returns (bytes32 root, uint256 firstInvalid) {
    firstInvalid = type(uint256).max;
    assembly ("memory-safe") {
        let tree := mload(0x40)
        let source := add(holders.offset, shl(5, first))
        let serial := shl(168, shard) // `shard << 8`, moved left by the holder's 160 bits
        for {
            let seat := 0
        } lt(seat, seats) {
            seat := add(seat, 1)
        } {
            let holder := calldataload(add(source, shl(5, seat)))
            // Zero wraps to the largest word: one comparison refuses both the zero address and dirty upper bits.
            if gt(sub(holder, 1), 0xfffffffffffffffffffffffffffffffffffffffe) {
                firstInvalid := add(first, seat)
                break
            }
            mstore(0x00, or(or(serial, shl(160, seat)), holder))
            mstore(add(tree, shl(5, seat)), keccak256(0x00, 0x20))
        }
        for {
            let width := seats
        } gt(width, 1) {
            width := shr(1, add(width, 1))
        } {
            mstore(add(tree, shl(5, width)), 0) // the partner of the last node where the level is odd
            let pairs := shr(1, add(width, 1))
            for {
                let pair := 0
            } lt(pair, pairs) {
                pair := add(pair, 1)
            } {
                let left := shr(96, mload(add(tree, shl(6, pair))))
                let right := shr(96, mload(add(add(tree, shl(6, pair)), 0x20)))
                let isSwapped := gt(left, right)
                mstore(shl(5, isSwapped), left)
                mstore(shl(5, iszero(isSwapped)), right)
                mstore(add(tree, shl(5, pair)), keccak256(0x00, 0x40))
            }
        }
        root := mload(tree)
    }
}

/// @notice The coupon's leaf in its shard's tree: the keccak of ONE word, so never mistaken for a node's two.
/// @dev A serial above 96 bits loses its upper bits here; it names a shard that was never issued all the same, since
/// the shard's number in the ledger's key is not cut.
function leafOf(uint256 serial, address holder) pure returns (bytes32 leaf) {
    uint256 preimage = (serial << 160) | uint160(holder); // twelve bytes and twenty: nothing to confuse
    assembly ("memory-safe") {
        mstore(0x00, preimage)
        leaf := keccak256(0x00, 0x20)
    }
}

/// @notice The root that a leaf and its proof, nodes side by side, lead to. The proof is whole nodes: the caller saw to it.
function rootFromProof(bytes32 leaf, bytes calldata proof) pure returns (bytes32 root) {
    root = leaf;
    assembly ("memory-safe") {
        let at := proof.offset
        let end := add(at, proof.length)
        // Four levels a turn: the loop itself would cost half as much as the hashing.
        for {} gt(sub(end, at), 79) {
            at := add(at, 80)
        } {
            let node := shr(96, calldataload(at))
            root := shr(96, root)
            let isSwapped := shl(5, gt(root, node))
            mstore(isSwapped, root)
            mstore(xor(isSwapped, 0x20), node)
            root := shr(96, keccak256(0x00, 0x40))

            node := shr(96, calldataload(add(at, 20)))
            isSwapped := shl(5, gt(root, node))
            mstore(isSwapped, root)
            mstore(xor(isSwapped, 0x20), node)
            root := shr(96, keccak256(0x00, 0x40))

            node := shr(96, calldataload(add(at, 40)))
            isSwapped := shl(5, gt(root, node))
            mstore(isSwapped, root)
            mstore(xor(isSwapped, 0x20), node)
            root := shr(96, keccak256(0x00, 0x40))

            node := shr(96, calldataload(add(at, 60)))
            isSwapped := shl(5, gt(root, node))
            mstore(isSwapped, root)
            mstore(xor(isSwapped, 0x20), node)
            root := keccak256(0x00, 0x40)
        }
        for {} lt(at, end) {
            at := add(at, 20)
        } {
            let node := shr(96, calldataload(at))
            root := shr(96, root)
            let isSwapped := shl(5, gt(root, node))
            mstore(isSwapped, root)
            mstore(xor(isSwapped, 0x20), node)
            root := keccak256(0x00, 0x40)
        }
    }
}
