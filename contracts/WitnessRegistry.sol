// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICouponBook, Witness} from "./interfaces/ICouponBook.sol";
import {Campaign, LATEST_TIME} from "./types/Campaign.sol";
import {Coupon} from "./types/Coupon.sol";
import {LOCATION, Statement} from "./types/Presence.sol";

/// @title The witnesses of a book, and what their statements are worth
/// @notice Knows which keys vouch for presence, as what, where and how long. Who may add and remove them is CouponBook's matter.
abstract contract WitnessRegistry is EIP712 {
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

    /// @dev The classes that a statement vouches for; one that does not count is an error, never passed over.
    function _classesOf(
        Campaign storage campaign,
        Coupon calldata coupon,
        address holder,
        uint16 site,
        Statement calldata statement
    ) internal view returns (uint256) {
        address key = statement.witness;
        Entry storage entry = _witnesses[key];
        (uint256 observedAt, uint256 validUntil) = (statement.observedAt, statement.validUntil);

        // The key is a witness now, may vouch at this site, and could when it says it observed.
        if (entry.classes == 0) revert ICouponBook.NotAWitness(key);
        if (observedAt < entry.validFrom || block.timestamp >= entry.validUntil) {
            revert ICouponBook.WitnessNotValid(key, entry.validFrom, entry.validUntil);
        }
        if (entry.site != 0 && entry.site != site) revert ICouponBook.WitnessNotAtSite(key, entry.site, site);
        // The observation lies inside the window and not in the future, and the statement still lives.
        if (observedAt < campaign.opensAt || observedAt >= campaign.closesAt) {
            revert ICouponBook.ObservedOutsideWindow(observedAt, campaign.opensAt, campaign.closesAt);
        }
        if (observedAt > block.timestamp + CLOCK_SKEW) revert ICouponBook.ObservedInFuture(observedAt, block.timestamp);
        if (block.timestamp >= validUntil) revert ICouponBook.StatementExpired(validUntil, block.timestamp);
        if (entry.classes & LOCATION != 0 && validUntil > observedAt + LONGEST_LOCATION_STATEMENT) {
            revert ICouponBook.StatementTooLong(observedAt, validUntil, LONGEST_LOCATION_STATEMENT);
        }

        // It was signed over exactly this.
        bytes32 digest = _hashTypedDataV4(statement.hash(coupon, holder, site, campaign.geofenceHash));
        (address recovered, , ) = digest.tryRecover(statement.r, statement.vs);
        if (recovered != key) revert ICouponBook.StatementForSomethingElse(key, recovered);
        return entry.classes;
    }

    /// @dev The classes of the sender, where it is a witness that may vouch at this site now.
    function _classesOfSender(uint16 site) internal view returns (uint256) {
        Entry memory entry = _witnesses[msg.sender];
        bool isValid = entry.validFrom <= block.timestamp && block.timestamp < entry.validUntil;
        return isValid && (entry.site == 0 || entry.site == site) ? entry.classes : 0;
    }
}
