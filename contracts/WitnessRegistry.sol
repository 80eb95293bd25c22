// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICouponBook, Witness} from "./interfaces/ICouponBook.sol";
import {LATEST_TIME, Rules} from "./types/Campaign.sol";
import {LOCATION, Statement} from "./types/Presence.sol";
import {refusal} from "./types/Refusal.sol";

/// @title The witnesses of a book, and what their statements are worth
/// @notice Knows which keys vouch for presence, as what, where and how long. Who may add and remove them is CouponBook's matter.
abstract contract WitnessRegistry is EIP712("Coupon Secure", "1") {
    using ECDSA for bytes32;

    /// @dev A witness in one word.
    struct Entry {
        uint8 classes;
        uint16 site;
        uint40 validFrom;
        uint40 validUntil;
    }

    uint256 private constant LONGEST_LOCATION_STATEMENT = 10 minutes;
    uint256 private constant CLOCK_SKEW = 60; // a block's time may lie this far behind a witness's clock, seconds

    bytes32 private constant NAME_HASH = keccak256("Coupon Secure");
    bytes32 private constant VERSION_HASH = keccak256("1");
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    mapping(address key => Entry) private _witnesses;

    function _addWitness(Witness calldata added) internal {
        // A key that comes back must not revive what it signed before.
        uint256 validFrom = added.validFrom > block.timestamp ? added.validFrom : block.timestamp;
        if (
            added.key == address(0) ||
            added.classes == 0 ||
            added.validUntil <= validFrom ||
            added.validUntil > LATEST_TIME
        ) revert ICouponBook.WitnessInvalid(added);

        _witnesses[added.key] = Entry({
            classes: added.classes,
            site: added.site,
            validFrom: uint40(validFrom), // below LATEST_TIME, as the line above saw
            validUntil: uint40(added.validUntil)
        });
        emit ICouponBook.WitnessAdded(added.key, added.classes, added.site, uint64(validFrom), added.validUntil);
    }

    function _removeWitness(address key) internal {
        if (_witnesses[key].classes == 0) revert ICouponBook.NotAWitness(key);
        delete _witnesses[key];
        emit ICouponBook.WitnessRemoved(key);
    }

    /// @dev The witness's entry; all zero where the key is none.
    function _witnessOf(address key) internal view returns (Witness memory) {
        Entry memory entry = _witnesses[key];
        if (entry.classes == 0) return Witness(address(0), 0, 0, 0, 0);
        return Witness(key, entry.classes, entry.site, entry.validFrom, entry.validUntil);
    }

    /// @dev The classes that a statement vouches for, or why it does not count; such a one is never passed over.
    function _classesOf(
        Rules rules,
        uint256 campaignId,
        uint256 serial,
        address holder,
        uint16 site,
        Statement calldata statement
    ) internal view returns (uint256 classes, bytes memory why) {
        (uint256 observedAt, uint256 validUntil) = (statement.observedAt, statement.validUntil);

        // Over exactly this, by a key that is a witness now, may vouch at this site, and could when it says it observed.
        bytes32 digest = _hashTypedDataV4(statement.hash(campaignId, serial, holder, site));
        (address key, , ) = digest.tryRecover(statement.r, statement.vs);
        Entry storage entry = _witnesses[key];
        if (entry.classes == 0) return (0, refusal(ICouponBook.NotAWitness.selector, uint160(key)));
        if (observedAt < entry.validFrom || block.timestamp >= entry.validUntil) {
            bytes4 notValid = ICouponBook.WitnessNotValid.selector;
            return (0, refusal(notValid, uint160(key), entry.validFrom, entry.validUntil));
        }
        if (entry.site != 0 && entry.site != site) {
            return (0, refusal(ICouponBook.WitnessNotAtSite.selector, uint160(key), entry.site, site));
        }
        // About the campaign's place, inside the window and not in the future; and the statement still lives.
        if (bytes12(statement.geofenceHash) != rules.geofenceTag()) {
            bytes4 otherPlace = ICouponBook.StatementForOtherGeofence.selector;
            bytes32 expected = rules.geofenceTag();
            return (0, refusal(otherPlace, uint256(statement.geofenceHash), uint256(expected)));
        }
        if (observedAt < rules.opensAt() || observedAt >= rules.closesAt()) {
            bytes4 outside = ICouponBook.ObservedOutsideWindow.selector;
            return (0, refusal(outside, observedAt, rules.opensAt(), rules.closesAt()));
        }
        if (observedAt > block.timestamp + CLOCK_SKEW) {
            return (0, refusal(ICouponBook.ObservedInFuture.selector, observedAt, block.timestamp));
        }
        if (block.timestamp >= validUntil) {
            return (0, refusal(ICouponBook.StatementExpired.selector, validUntil, block.timestamp));
        }
        if (entry.classes & LOCATION != 0 && validUntil > observedAt + LONGEST_LOCATION_STATEMENT) {
            bytes4 tooLong = ICouponBook.StatementTooLong.selector;
            return (0, refusal(tooLong, observedAt, validUntil, LONGEST_LOCATION_STATEMENT));
        }
        return (entry.classes, why);
    }

    /// @dev The same digest as OpenZeppelin's, for less: a clone has no cached domain, so that every redemption pays for it.
    function _hashTypedDataV4(bytes32 structHash) internal view override returns (bytes32) {
        return _digestIn(_domainSeparator(), structHash);
    }

    /// @dev The digest to sign in a domain.
    function _digestIn(bytes32 domain, bytes32 structHash) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, hex"1901")
            mstore(add(data, 0x02), domain)
            mstore(add(data, 0x22), structHash)
            digest := keccak256(data, 0x42)
        }
    }

    /// @dev The EIP-712 domain of this book on this chain, as `eip712Domain` describes it.
    function _domainSeparator() internal view returns (bytes32 domain) {
        (bytes32 typeHash, bytes32 name_, bytes32 version) = (DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH);
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, typeHash)
            mstore(add(data, 0x20), name_)
            mstore(add(data, 0x40), version)
            mstore(add(data, 0x60), chainid())
            mstore(add(data, 0x80), address())
            domain := keccak256(data, 0xa0)
        }
    }

    /// @dev The classes of a sender, where it is a witness that may vouch at this site now.
    function _classesOfSender(address sender, uint16 site) internal view returns (uint256) {
        Entry memory entry = _witnesses[sender];
        bool isValid = entry.validFrom <= block.timestamp && block.timestamp < entry.validUntil;
        return isValid && (entry.site == 0 || entry.site == site) ? entry.classes : 0;
    }
}
