// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponBook} from "../../contracts/CouponBook.sol";
import {CouponBookFactory} from "../../contracts/CouponBookFactory.sol";
import {Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {COUNTER, LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {vm} from "./Vm.sol";
import {ShardReference} from "./ShardReference.sol";

/// @notice One try at using a coupon.
struct Attempt {
    uint256 campaignId;
    uint256 serial;
    address holder;
    uint16 site;
    Statement[] statements;
    bytes20[] proof;
}

/// @notice A book of this contract's own, with an oracle and two desks, and what it takes to redeem there.
abstract contract BookTest {
    uint256 internal constant NOW = 1_780_000_000;
    uint256 internal constant FOR_LONG = NOW + 3650 days;
    uint256 internal constant LATEST = 4_102_444_800; // 2100-01-01
    uint256 internal constant STANDBY = 1 << 31; // the first shard of standby coupons
    uint256 internal constant ORACLE_KEY = uint256(keccak256("the location oracle"));
    uint256 internal constant DESK_KEY = uint256(keccak256("a counter for all sites"));
    uint256 internal constant DESK_AT_TWO_KEY = uint256(keccak256("a counter for site 2"));
    bytes32 internal constant GEOFENCE = keccak256("the mess hall");
    bytes32 internal constant EVIDENCE = keccak256("evidence");
    bytes4 internal constant PANIC = 0x4e487b71;

    CouponBook internal book;
    CouponBookFactory internal factory;

    /// @notice Thrown when something that must hold does not.
    error Broken(string what);

    function _makeBook() internal {
        vm.warp(NOW);
        factory = new CouponBookFactory(_deployBook());
        Witness[] memory witnesses = new Witness[](3);
        witnesses[0] = Witness(vm.addr(ORACLE_KEY), LOCATION, 0, 0, uint64(FOR_LONG));
        witnesses[1] = Witness(vm.addr(DESK_KEY), COUNTER, 0, 0, uint64(FOR_LONG));
        witnesses[2] = Witness(vm.addr(DESK_AT_TWO_KEY), COUNTER, 2, 0, uint64(FOR_LONG));
        book = CouponBook(factory.createBook("LNMhacks", witnesses, 0));
    }

    /// @dev The very code that Hardhat compiled. `new` would have each test compile it once more, a minute and a half in all.
    function _deployBook() private returns (address implementation) {
        bytes memory code = vm.getCode("contracts/CouponBook.sol:CouponBook");
        assembly ("memory-safe") {
            implementation := create(0, add(code, 0x20), mload(code))
        }
    }

    /// @dev A campaign of two hours that opens in an hour and has a day of grace; what is unused after the first is for all.
    function _terms(uint8 requiredWitnesses) internal view returns (Terms memory) {
        uint256 now_ = vm.getBlockTimestamp();
        return
            Terms({
                opensAt: uint64(now_ + 1 hours),
                closesAt: uint64(now_ + 3 hours),
                heldUntil: uint64(now_ + 2 hours),
                grace: 1 days,
                supply: 1_000,
                sites: 3,
                requiredWitnesses: requiredWitnesses,
                geofenceHash: GEOFENCE
            });
    }

    /// @dev What the key says about the attempt's coupon, holder and site.
    function _statement(
        uint256 key,
        Attempt memory attempt,
        uint256 observedAt,
        uint256 validUntil
    ) internal view returns (Statement memory statement) {
        statement = Statement(0, 0, GEOFENCE, observedAt, validUntil, EVIDENCE);
        _signStatement(key, attempt, statement);
    }

    function _signStatement(uint256 key, Attempt memory attempt, Statement memory statement) internal view {
        (statement.r, statement.vs) = _sign(key, _digestOf(attempt, statement));
    }

    /// @dev The digest that a witness signs, in the plainest words.
    function _digestOf(Attempt memory attempt, Statement memory statement) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Presence(uint256 campaignId,uint256 serial,address holder,uint16 site,bytes32 geofenceHash,uint64 observedAt,uint64 validUntil,bytes32 evidenceHash)"
                ),
                attempt.campaignId,
                attempt.serial,
                attempt.holder,
                attempt.site,
                statement.geofenceHash,
                statement.observedAt,
                statement.validUntil,
                statement.evidenceHash
            )
        );
        return _digest(structHash);
    }

    /// @dev The holder's signature over the attempt's `Redeem`, 64 bytes.
    function _permission(uint256 key, Attempt memory attempt, uint256 deadline) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Redeem(uint256 campaignId,uint256 serial,uint16 site,uint64 deadline)"),
                attempt.campaignId,
                attempt.serial,
                attempt.site,
                deadline
            )
        );
        (bytes32 r, bytes32 vs) = _sign(key, _digest(structHash));
        return bytes.concat(r, vs);
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Coupon Secure"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 vs) {
        uint8 v;
        (v, r, vs) = vm.sign(key, digest);
        if (v == 28) vs |= bytes32(uint256(1) << 255);
    }

    function _redeemCall(Attempt memory attempt) internal view returns (bytes memory) {
        return
            abi.encodeCall(
                book.redeem,
                (
                    attempt.campaignId,
                    attempt.serial,
                    attempt.statements,
                    attempt.site,
                    ShardReference.packed(attempt.proof)
                )
            );
    }

    function _redeemForCall(
        Attempt memory attempt,
        uint256 deadline,
        bytes memory signature
    ) internal view returns (bytes memory) {
        return
            abi.encodeCall(
                book.redeemFor,
                (
                    attempt.campaignId,
                    attempt.serial,
                    attempt.statements,
                    attempt.site,
                    ShardReference.packed(attempt.proof),
                    attempt.holder,
                    uint64(deadline),
                    signature
                )
            );
    }

    /// @dev Whether the book says that the holder could redeem now, and if not, why.
    function _canRedeem(Attempt memory attempt) internal view returns (bool, bytes memory) {
        return
            book.canRedeem(
                attempt.campaignId,
                attempt.serial,
                attempt.statements,
                attempt.site,
                ShardReference.packed(attempt.proof),
                attempt.holder
            );
    }

    /// @dev Calls the book as `sender`; why it was refused, or nothing.
    function _send(address sender, bytes memory call_) internal returns (bytes memory why) {
        vm.prank(sender);
        (bool isDone, bytes memory answer) = address(book).call(call_);
        _check(isDone || answer.length >= 4, "refused by an empty revert");
        return isDone ? bytes("") : answer;
    }

    function _one(Statement memory statement) internal pure returns (Statement[] memory statements) {
        statements = new Statement[](1);
        statements[0] = statement;
    }

    function _one(uint256 serial) internal pure returns (uint256[] memory serials) {
        serials = new uint256[](1);
        serials[0] = serial;
    }

    function _one(bytes32 root) internal pure returns (bytes32[] memory roots) {
        roots = new bytes32[](1);
        roots[0] = root;
    }

    function _holders(uint256 seed, uint256 length) internal pure returns (address[] memory holders) {
        holders = new address[](length);
        for (uint256 i = 0; i < length; ++i) {
            // Some stand in the list more than once.
            holders[i] = address(uint160(uint256(keccak256(abi.encode(seed, i % 7 == 6 ? 0 : i)))));
        }
    }

    function _check(bool holds, string memory what) internal pure {
        if (!holds) revert Broken(what);
    }

    function _isSame(bytes memory one, bytes memory other) internal pure returns (bool) {
        return keccak256(one) == keccak256(other);
    }

    function _between(uint256 seed, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + (seed % (most - least + 1));
    }
}
