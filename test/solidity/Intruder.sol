// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title A smart wallet that calls the book back when the book asks it for its signature
/// @notice It says yes only where nothing that it tried came through, and where the book told it what it told everybody before.
contract Intruder {
    // A refusal for writing inside a static call eats all the gas it is given.
    uint256 private constant GAS_EACH = 400_000;

    address private immutable _BOOK;

    bytes[] private _calls;
    bytes private _question;
    bytes32 private _answerHash;

    /// @notice Thrown when a call came through that must not.
    error CameThrough(uint256 index);

    /// @notice Thrown when the book says something else in the middle of a redemption than before it.
    error SaysOtherwise(bytes answer);

    /// @notice Thrown to undo a rehearsal.
    error Rehearsed(bool cameOff);

    constructor(address book) {
        _BOOK = book;
    }

    /// @notice What to try when asked, and what the book should answer to a question.
    function plan(bytes[] calldata calls, bytes calldata question, bytes calldata answer) external {
        (_calls, _question, _answerHash) = (calls, question, keccak256(answer));
    }

    /// @notice What would come of a call outside of a redemption; always reverts, so that nothing is changed.
    function rehearse(bytes calldata call_) external {
        (bool cameOff, ) = _BOOK.call(call_);
        revert Rehearsed(cameOff);
    }

    /// @notice Not `view`, so that it can try to change something.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        // Asked again from within one of its own calls.
        if (gasleft() < GAS_EACH) return IERC1271.isValidSignature.selector;

        for (uint256 i = 0; i < _calls.length; ++i) {
            (bool cameOff, ) = _BOOK.call{gas: GAS_EACH}(_calls[i]);
            if (cameOff) revert CameThrough(i);
        }
        if (_question.length != 0) {
            (, bytes memory answer) = _BOOK.call(_question);
            if (keccak256(answer) != _answerHash) revert SaysOtherwise(answer);
        }
        return IERC1271.isValidSignature.selector;
    }
}
