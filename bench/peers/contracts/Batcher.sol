// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice Sends many calls in one transaction, as Multicall3 does, for peers that let anybody redeem for a holder.
contract Batcher {
    struct Call {
        address target;
        bytes data;
    }

    function aggregate(Call[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) Address.functionCall(calls[i].target, calls[i].data);
    }
}
