// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponBook} from "../../contracts/CouponBook.sol";
import {CouponBookFactory} from "../../contracts/CouponBookFactory.sol";
import {Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {Coupon} from "../../contracts/types/Coupon.sol";
import {COUNTER, LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {vm} from "./Vm.sol";

/// @notice A book of this contract's own, with an oracle and a desk, and what it takes to redeem there.
abstract contract BookTest {
    uint256 internal constant NOW = 1_780_000_000;
    uint256 internal constant ORACLE_KEY = uint256(keccak256("the location oracle"));
    uint256 internal constant DESK_KEY = uint256(keccak256("a counter for all sites"));
    bytes32 internal constant GEOFENCE = keccak256("the mess hall");

    CouponBook internal book;

    /// @notice Thrown when something that must hold does not.
    error Broken(string what);

    function _makeBook() internal {
        vm.warp(NOW);
        CouponBookFactory factory = new CouponBookFactory(address(new CouponBook()));
        Witness[] memory witnesses = new Witness[](2);
        witnesses[0] = Witness(vm.addr(ORACLE_KEY), LOCATION, 0, 0, uint64(NOW + 3650 days));
        witnesses[1] = Witness(vm.addr(DESK_KEY), COUNTER, 0, 0, uint64(NOW + 3650 days));
        book = CouponBook(factory.createBook("LNMhacks", witnesses, 0));
    }

    /// @dev A campaign of two hours that opens in an hour and has a day of grace.
    function _terms(uint8 requiredWitnesses) internal view returns (Terms memory) {
        return
            Terms({
                opensAt: uint64(block.timestamp + 1 hours),
                closesAt: uint64(block.timestamp + 3 hours),
                heldUntil: 0,
                grace: 1 days,
                supply: 1_000,
                sites: 3,
                requiredWitnesses: requiredWitnesses,
                geofenceHash: GEOFENCE
            });
    }

    function _statement(
        uint256 key,
        Coupon memory coupon,
        address holder,
        uint16 site,
        uint256 observedAt,
        uint256 validUntil
    ) internal view returns (Statement memory statement) {
        bytes32 evidenceHash = keccak256("evidence");
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Presence(uint256 campaignId,uint256 serial,address holder,uint16 site,bytes32 geofenceHash,uint64 observedAt,uint64 validUntil,bytes32 evidenceHash)"
                ),
                coupon.campaignId,
                coupon.serial,
                holder,
                site,
                GEOFENCE,
                observedAt,
                validUntil,
                evidenceHash
            )
        );
        (bytes32 r, bytes32 vs) = _sign(key, structHash);
        return Statement(vm.addr(key), uint64(observedAt), uint64(validUntil), evidenceHash, r, vs);
    }

    function _permission(
        uint256 key,
        Coupon memory coupon,
        uint16 site,
        uint256 deadline
    ) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Redeem(uint256 campaignId,uint256 serial,uint16 site,uint64 deadline)"),
                coupon.campaignId,
                coupon.serial,
                site,
                deadline
            )
        );
        (bytes32 r, bytes32 vs) = _sign(key, structHash);
        return bytes.concat(r, vs);
    }

    function _sign(uint256 key, bytes32 structHash) internal view returns (bytes32 r, bytes32 vs) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Coupon Secure"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        uint8 v;
        (v, r, vs) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", separator, structHash)));
        if (v == 28) vs |= bytes32(uint256(1) << 255);
    }

    function _one(Statement memory statement) internal pure returns (Statement[] memory statements) {
        statements = new Statement[](1);
        statements[0] = statement;
    }

    function _check(bool holds, string memory what) internal pure {
        if (!holds) revert Broken(what);
    }

    function _between(uint256 seed, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + (seed % (most - least + 1));
    }
}
