// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {CouponBook} from "./CouponBook.sol";
import {Witness} from "./interfaces/ICouponBook.sol";

/// @title Makes books
/// @notice One clone for each gathering, fixed for ever, initialised in the call that makes it, at an address that depends on
/// who makes it and with what, so that nobody can occupy another's.
contract CouponBookFactory {
    /// @notice The contract whose code every book runs.
    address public immutable IMPLEMENTATION;

    mapping(address book => bool) private _isBook;

    /// @notice Emitted when a book is made. Its roles and witnesses follow from the book itself.
    event BookCreated(address indexed book, address indexed creator, string name);

    /// @notice Thrown when the factory would clone an address without code.
    error ImplementationWithoutCode(address implementation);

    /// @param implementation The deployed `CouponBook` to clone.
    constructor(address implementation) {
        if (implementation.code.length == 0) revert ImplementationWithoutCode(implementation);
        IMPLEMENTATION = implementation;
    }

    /// @notice Makes a book whose admin and first manager is the sender.
    /// @param name What people call the gathering.
    /// @param witnesses The first witnesses, usually one location oracle.
    /// @param salt Any value; the same salt with the same parameters gives one book only.
    /// @return book The new book.
    function createBook(
        string calldata name,
        Witness[] calldata witnesses,
        bytes32 salt
    ) external returns (address book) {
        bytes32 ownSalt = _saltFor(msg.sender, name, witnesses, salt);
        book = Clones.cloneDeterministicWithImmutableArgs(IMPLEMENTATION, bytes(name), ownSalt);
        _isBook[book] = true;
        emit BookCreated(book, msg.sender, name);
        CouponBook(book).initialize(msg.sender, witnesses);
    }

    /// @notice Whether this factory made the book.
    function isBook(address book) external view returns (bool) {
        return _isBook[book];
    }

    /// @notice Where `createBook` would put the book if `creator` called it with these parameters.
    function predictBook(
        address creator,
        string calldata name,
        Witness[] calldata witnesses,
        bytes32 salt
    ) external view returns (address) {
        bytes32 ownSalt = _saltFor(creator, name, witnesses, salt);
        return Clones.predictDeterministicAddressWithImmutableArgs(IMPLEMENTATION, bytes(name), ownSalt);
    }

    function _saltFor(
        address creator,
        string calldata name,
        Witness[] calldata witnesses,
        bytes32 salt
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(creator, name, witnesses, salt));
    }
}
