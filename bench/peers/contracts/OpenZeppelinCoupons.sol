// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Burnable} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Burnable.sol";

/// @notice OpenZeppelin's ERC-1155 as a coupon: minted to its holder, burnt when it is used.
/// @dev For the bench alone: anyone may mint, which spares this peer the check of a role.
contract OpenZeppelinCoupons is ERC1155(""), ERC1155Burnable {
    function mintEach(address[] calldata holders) external {
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], 1, 1, "");
    }

    function mint(address holder, uint256 amount) external {
        _mint(holder, 1, amount, "");
    }
}
