// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A smart wallet as it should be: it signs what its owner signs, and sends what its owner sends
contract HonestWallet is IERC1271 {
    address public immutable OWNER;

    /// @notice Thrown when somebody else would send from the wallet.
    error NotTheOwner(address sender);

    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice Calls for the owner, and passes a failure on as it came.
    function send(address target, bytes calldata data) external {
        if (msg.sender != OWNER) revert NotTheOwner(msg.sender);
        (bool isDone, bytes memory answer) = target.call(data);
        if (!isDone) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        return recovered == OWNER ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
