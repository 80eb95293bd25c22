// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice What the wallet does when it is asked for its signature.
enum Manner {
    SaysYes,
    SaysNo,
    SaysYesWithDirt,
    SaysTrue,
    AnswersShort,
    AnswersNothing,
    Reverts,
    RevertsWithYes,
    BurnsAllGas,
    AnswersWithBomb,
    RevertsWithBomb,
    CallsBack
}

/// @title A smart wallet that answers `isValidSignature` in every way but the right one
/// @dev Its answer is read from its one slot, so that code etched elsewhere (EIP-7702) answers by that account's slot.
contract AwkwardWallet {
    Manner public manner;
    address private _calledBack;
    bytes private _call;

    /// @notice Thrown when the wallet would rather not.
    error NotInTheMood();

    constructor(Manner manner_) {
        manner = manner_;
    }

    /// @notice What to call back when asked.
    function callBack(address target, bytes calldata data) external {
        (_calledBack, _call) = (target, data);
    }

    /// @notice Calls anything for anybody.
    function send(address target, bytes calldata data) external {
        (bool isDone, bytes memory answer) = target.call(data);
        if (!isDone) _revertWith(answer);
    }

    /// @notice Not `view`, so that it can try to change something.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        bytes32 yes = IERC1271.isValidSignature.selector;
        if (manner == Manner.SaysYes) return bytes4(yes);
        if (manner == Manner.SaysNo) return 0xffffffff;
        if (manner == Manner.SaysYesWithDirt) _answer(yes | bytes32(uint256(1)), 32);
        if (manner == Manner.SaysTrue) _answer(bytes32(uint256(1)), 32);
        if (manner == Manner.AnswersShort) _answer(yes, 31);
        if (manner == Manner.AnswersNothing) _answer(0, 0);
        if (manner == Manner.Reverts) revert NotInTheMood();
        if (manner == Manner.RevertsWithYes) _revertWith(abi.encode(yes));
        if (manner == Manner.BurnsAllGas) while (true) {}
        if (manner == Manner.AnswersWithBomb) _answer(yes, 600_000);
        if (manner == Manner.RevertsWithBomb) _revertWith(new bytes(600_000));

        (bool isDone, bytes memory answer) = _calledBack.call(_call);
        if (!isDone) _revertWith(answer);
        return bytes4(yes);
    }

    function _answer(bytes32 word, uint256 length) private pure {
        assembly {
            mstore(0, word)
            return(0, length)
        }
    }

    function _revertWith(bytes memory answer) private pure {
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }
}
