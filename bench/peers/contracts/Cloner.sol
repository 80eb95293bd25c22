// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice Makes a clone and initialises it in the same call: the least that a factory can do.
contract Cloner {
    function clone(address implementation, bytes calldata initialisation) external returns (address instance) {
        instance = Clones.clone(implementation);
        Address.functionCall(instance, initialisation);
    }
}
