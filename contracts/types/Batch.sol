// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICouponBook} from "../interfaces/ICouponBook.sol";
import {DEEPEST_PROOF, NODE_BYTES, leafOf, rootFromProof} from "./Shard.sol";

using {serial, deadline, statementCount, nodeCount} for Item global;
using {climb} for Path global;

// The fixed part of an item: head 10, signature 64.
uint256 constant ITEM_HEAD = 74;

// What the nodes of the longest proof take, and the rest of the word that the last is read with.
uint256 constant BESIDE_WORDS = 6;

/// @notice What the head of a batch's item says (docs/protocol.md#batch), from the highest bit: shard 32, seat 8, deadline 32, how
/// many statements 4, how many proof nodes 4; what follows in the word is the signature's. Whose coupon it is the
/// signature tells.
type Item is uint256;

/// @notice The way from the last proved leaf of a shard to its root: what later items of that shard need not repeat.
/// @param shard The shard; none as long as `depth` is 0.
/// @param depth How long a proof is in it.
/// @param root What the way led to.
/// @param beside The nodes beside it, from the leaf up, of 20 bytes each without padding.
struct Path {
    uint256 shard;
    uint256 depth;
    bytes32 root;
    bytes32[BESIDE_WORDS] beside;
}

/// @notice Reads the item that begins at `offset`. Returns where its nodes begin and end.
function itemAt(bytes calldata items, uint256 offset) pure returns (Item item, uint256 nodesAt, uint256 next) {
    // What lies beyond the end reads as zeros, and is refused for lying there. No sum here is near 256 bits.
    unchecked {
        assembly ("memory-safe") {
            item := calldataload(add(items.offset, offset))
        }
        nodesAt = offset + ITEM_HEAD;
        next = nodesAt + NODE_BYTES * item.nodeCount();
    }
    if (item.nodeCount() > DEEPEST_PROOF) revert ICouponBook.ProofTooLong(item.nodeCount(), DEEPEST_PROOF);
    if (next > items.length) revert ICouponBook.BatchCutShort(items.length, next);
}

/// @notice The ERC-2098 signature before an item's nodes.
function signatureBefore(bytes calldata items, uint256 nodesAt) pure returns (bytes32 r, bytes32 vs) {
    assembly ("memory-safe") {
        let end := add(items.offset, nodesAt)
        r := calldataload(sub(end, 0x40))
        vs := calldataload(sub(end, 0x20))
    }
}

/// @notice Shard and seat.
function serial(Item item) pure returns (uint256) {
    return Item.unwrap(item) >> 216;
}

/// @notice Of the holder's `Redeem`, unix seconds.
function deadline(Item item) pure returns (uint64) {
    return uint32(Item.unwrap(item) >> 184);
}

/// @notice How many of the batch's statements, in their order, are this item's.
function statementCount(Item item) pure returns (uint256) {
    return (Item.unwrap(item) >> 180) & 0xf;
}

/// @notice How many proof nodes follow the fixed part.
function nodeCount(Item item) pure returns (uint256) {
    return (Item.unwrap(item) >> 176) & 0xf;
}

/// @notice Goes the way that an item's nodes show, to `path.root`. Where they are fewer than the shard is deep, they must lead to
/// the node beside the way of the item before, and the rest of that way is shared; the root is zero where they do not.
/// @dev A node beside a way that led to a root is in that root's tree, so what hashes to it is too. An item that leads
/// nowhere ends the sharing: what leans on it is refused too, and the sender, who made the proofs, can send it again.
function climb(Path memory path, Item item, address holder, bytes calldata items, uint256 nodesAt) pure {
    (uint256 count, uint256 shard) = (item.nodeCount(), item.serial() >> 8);
    bytes calldata nodes;
    bytes32 beside;
    assembly ("memory-safe") {
        nodes.offset := add(items.offset, nodesAt)
        nodes.length := mul(count, NODE_BYTES)
        beside := mload(add(mload(add(path, 0x60)), nodes.length)) // count is DEEPEST_PROOF at most, as itemAt saw
    }
    bytes32 node = rootFromProof(leafOf(item.serial(), holder), nodes);

    if (count >= path.depth || shard != path.shard) (path.shard, path.depth, path.root) = (shard, count, node);
    else if (bytes20(node) != bytes20(beside)) (path.depth, path.root) = (0, 0);
    assembly ("memory-safe") {
        calldatacopy(mload(add(path, 0x60)), nodes.offset, nodes.length)
    }
}
