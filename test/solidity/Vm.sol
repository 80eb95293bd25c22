// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The few cheatcodes that our tests use; Hardhat answers them at one fixed address.
interface Vm {
    function addr(uint256 key) external pure returns (address);
    function assume(bool isUseful) external pure;
    function chainId(uint256 id) external;
    function expectRevert(bytes calldata reason) external;
    function getBlockTimestamp() external view returns (uint256);
    function prank(address sender) external;
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 time) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
