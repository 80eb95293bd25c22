// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1155} from "solady/src/tokens/ERC1155.sol";

/// @notice Solady's ERC-1155 as a coupon: minted to its holder, burnt when it is used.
/// @dev For the bench alone: anyone may mint, which spares this peer the check of a role.
contract SoladyCoupons is ERC1155 {
    function mintEach(address[] calldata holders) external {
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], 1, 1, "");
    }

    function burn(address account, uint256 id, uint256 value) external {
        _burn(msg.sender, account, id, value);
    }

    function uri(uint256) public pure override returns (string memory) {
        return "";
    }
}
