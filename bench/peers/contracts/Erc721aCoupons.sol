// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721A} from "erc721a/contracts/ERC721A.sol";
import {ERC721ABurnable} from "erc721a/contracts/extensions/ERC721ABurnable.sol";

/// @notice ERC721A as a coupon: minted to its holder, burnt when it is used.
/// @dev For the bench alone: anyone may mint, which spares this peer the check of a role.
contract Erc721aCoupons is ERC721A("Coupons", "COUPON"), ERC721ABurnable {
    function mintEach(address[] calldata holders) external {
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], 1);
    }
}
