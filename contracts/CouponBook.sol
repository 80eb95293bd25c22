// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {CouponLedger} from "./CouponLedger.sol";
import {WitnessRegistry} from "./WitnessRegistry.sol";
import {ICouponBook, Ledger, Status, Terms, Witness} from "./interfaces/ICouponBook.sol";
import {Campaign, campaignOf} from "./types/Campaign.sol";
import {Coupon} from "./types/Coupon.sol";
import {Statement} from "./types/Presence.sol";
import {hashRedeem} from "./types/Redeem.sol";
import {DEEPEST_PROOF, SEATS_PER_SHARD, rootFromProof, rootOf} from "./types/Shard.sol";

/// @title The coupons of one gathering, as ICouponBook describes them
contract CouponBook is ICouponBook, CouponLedger, WitnessRegistry, AccessControlDefaultAdminRules, Initializable {
    using ECDSA for bytes32;

    /// @notice May make campaigns, issue and revoke.
    bytes32 public constant MANAGER_ROLE = keccak256("MANAGER_ROLE");

    /// @notice May remove witnesses, and nothing else.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    uint256 private _campaignCount;
    mapping(uint256 campaignId => Campaign) private _campaigns;

    /// @dev The implementation is locked for ever: its admin is an address nobody has, and it cannot be initialised.
    constructor() AccessControlDefaultAdminRules(0, address(0xdead)) EIP712("Coupon Secure", "1") {
        _disableInitializers();
    }

    /// @notice Sets up a new clone. The factory calls it in the transaction that makes the clone.
    /// @param admin The organiser: admin and first manager.
    /// @param witnesses The first witnesses, usually one location oracle.
    function initialize(address admin, Witness[] calldata witnesses) external initializer {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(MANAGER_ROLE, admin);
        for (uint256 i = 0; i < witnesses.length; ++i) _addWitness(witnesses[i]);
    }

    /// @inheritdoc ICouponBook
    function createCampaign(
        string calldata name,
        Terms calldata terms,
        string calldata details
    ) external onlyRole(MANAGER_ROLE) returns (uint256 campaignId) {
        // Checks
        Campaign memory created = campaignOf(terms);
        if (block.timestamp >= created.closesAt) revert WindowHasPassed(created.closesAt, block.timestamp);

        // Effects
        campaignId = ++_campaignCount;
        _campaigns[campaignId] = created;
        emit CampaignCreated(campaignId, name, terms, details);
    }

    /// @inheritdoc ICouponBook
    function changeTerms(uint256 campaignId, Terms calldata terms) external onlyRole(MANAGER_ROLE) {
        Campaign memory current = _existing(campaignId);

        // Checks
        Campaign memory changed = campaignOf(terms);
        if (block.timestamp >= current.opensAt) {
            _requireNotOver(current);
            if (!current.isExtendedBy(changed)) revert TermsFrozen(current.opensAt, block.timestamp);
        } else if (block.timestamp >= changed.closesAt) {
            revert WindowHasPassed(changed.closesAt, block.timestamp);
        }
        uint256 standing = _standing(campaignId);
        if (changed.supply < standing) revert SupplyBelowIssued(changed.supply, standing);

        // Effects
        _campaigns[campaignId] = changed;
        emit TermsChanged(campaignId, terms);
    }

    /// @inheritdoc ICouponBook
    function issue(
        uint256 campaignId,
        address[] calldata holders
    ) external onlyRole(MANAGER_ROLE) returns (uint256 firstShard) {
        Campaign memory current = _existing(campaignId);

        // Checks
        if (holders.length == 0) revert EmptyList();
        if (block.timestamp >= current.closesAt) revert CampaignHasClosed(current.closesAt, block.timestamp);
        uint256 left = current.supply - _standing(campaignId);
        if (holders.length > left) revert SupplyExceeded(holders.length, left);

        // Effects
        firstShard = _countOf(campaignId).shards;
        uint256 shard = firstShard;
        for (uint256 first = 0; first < holders.length; first += SEATS_PER_SHARD) {
            uint256 seats = holders.length - first;
            if (seats > SEATS_PER_SHARD) seats = SEATS_PER_SHARD;
            (bytes32 root, uint256 invalid) = rootOf(holders, first, seats, shard);
            if (invalid != type(uint256).max) revert HolderInvalid(invalid);
            _openShard(campaignId, shard++, root, seats);
        }
        _noteIssued(campaignId, holders.length, shard - firstShard);
        _emitIssued(campaignId, firstShard, holders);
    }

    /// @inheritdoc ICouponBook
    function redeem(
        Coupon calldata coupon,
        bytes32[] calldata proof,
        uint16 site,
        Statement[] calldata statements
    ) external {
        _redeem(coupon, proof, msg.sender, site, statements);
    }

    /// @inheritdoc ICouponBook
    function redeemFor(
        Coupon calldata coupon,
        bytes32[] calldata proof,
        address holder,
        uint16 site,
        uint64 deadline,
        bytes calldata signature,
        Statement[] calldata statements
    ) external {
        // Checks
        if (block.timestamp > deadline) revert RedeemExpired(deadline, block.timestamp);
        if (!_isSignedBy(holder, _hashTypedDataV4(hashRedeem(coupon, site, deadline)), signature)) {
            revert HolderSignatureInvalid(holder);
        }

        _redeem(coupon, proof, holder, site, statements);
    }

    /// @inheritdoc ICouponBook
    function revoke(
        uint256 campaignId,
        bytes32 root,
        uint256[] calldata serials,
        string calldata reason
    ) external onlyRole(MANAGER_ROLE) {
        // Checks
        if (serials.length == 0) revert EmptyList();
        _requireNotOver(_existing(campaignId));

        // Effects
        for (uint256 i = 0; i < serials.length; ++i) {
            _revokeOnce(campaignId, serials[i], root);
            emit CouponRevoked(campaignId, serials[i], reason);
        }
    }

    /// @inheritdoc ICouponBook
    function close(uint256 campaignId, bytes32[] calldata roots) external {
        Campaign memory current = _existing(campaignId);

        // Checks
        if (block.timestamp < current.endsAt()) revert CampaignNotOver(current.endsAt(), block.timestamp);

        // Effects
        if (!_count(campaignId, roots)) return;
        Count memory count = _countOf(campaignId);
        Ledger memory closing = _ledgerOf(count, count.unusedCounted);
        emit CampaignClosed(campaignId, closing.issued, closing.redeemed, closing.revoked, closing.unused);
    }

    /// @inheritdoc ICouponBook
    function addWitness(Witness calldata witness_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _addWitness(witness_);
    }

    /// @inheritdoc ICouponBook
    function removeWitness(address key) external {
        if (!hasRole(DEFAULT_ADMIN_ROLE, msg.sender)) _checkRole(GUARDIAN_ROLE);
        _removeWitness(key);
    }

    /// @notice Begins handing the book to a new admin, who must accept. Handing it to nobody is refused.
    function beginDefaultAdminTransfer(address newAdmin) public override {
        if (newAdmin == address(0)) revert AdminCannotLeave();
        super.beginDefaultAdminTransfer(newAdmin);
    }

    /// @notice Gives up one's own role. The admin cannot: a book without one could never mend its witnesses.
    function renounceRole(bytes32 role, address account) public override {
        if (role == DEFAULT_ADMIN_ROLE) revert AdminCannotLeave();
        super.renounceRole(role, account);
    }

    /// @inheritdoc ICouponBook
    function campaign(uint256 campaignId) external view returns (Terms memory) {
        return _existing(campaignId).termsOf();
    }

    /// @inheritdoc ICouponBook
    function campaignCount() external view returns (uint256) {
        return _campaignCount;
    }

    /// @inheritdoc ICouponBook
    function shardCount(uint256 campaignId) external view returns (uint256) {
        _existing(campaignId);
        return _countOf(campaignId).shards;
    }

    /// @inheritdoc ICouponBook
    function supplyLeft(uint256 campaignId) external view returns (uint256) {
        return _existing(campaignId).supply - _standing(campaignId);
    }

    /// @inheritdoc ICouponBook
    function isIssued(Coupon calldata coupon, address holder, bytes32[] calldata proof) external view returns (bool) {
        return statusOf(coupon, holder, proof) != Status.NotIssued;
    }

    /// @inheritdoc ICouponBook
    function statusOf(Coupon calldata coupon, address holder, bytes32[] calldata proof) public view returns (Status) {
        if (proof.length > DEEPEST_PROOF) return Status.NotIssued;
        (uint256 used, uint256 revoked) = _seatsOf(
            coupon.campaignId,
            coupon.shardOf(),
            _rootFor(coupon, holder, proof)
        );
        uint256 seat = 1 << coupon.seatOf();
        if (used == 0) return Status.NotIssued;
        if (used & seat == 0) return Status.Unused;
        return revoked & seat == 0 ? Status.Redeemed : Status.Revoked;
    }

    /// @inheritdoc ICouponBook
    function seatsOf(uint256 campaignId, uint256 shard, bytes32 root) external view returns (uint256, uint256) {
        return _seatsOf(campaignId, shard, root);
    }

    /// @inheritdoc ICouponBook
    function ledger(uint256 campaignId, bytes32[] calldata roots) external view returns (Ledger memory) {
        _existing(campaignId);
        Count memory count = _countOf(campaignId);
        if (roots.length != count.shards) revert TooManyRoots(roots.length, count.shards);
        return _ledgerOf(count, _unusedIn(campaignId, 0, roots));
    }

    /// @inheritdoc ICouponBook
    function witness(address key) external view returns (Witness memory) {
        return _witnessOf(key);
    }

    /// @dev The one way a coupon is used.
    function _redeem(
        Coupon calldata coupon,
        bytes32[] calldata proof,
        address holder,
        uint16 site,
        Statement[] calldata statements
    ) private {
        Campaign storage current = _campaigns[coupon.campaignId];

        // Checks
        if (current.closesAt == 0) revert UnknownCampaign(coupon.campaignId);
        _requireOpenAt(current, site);
        _requirePresent(current, coupon, holder, site, statements);
        if (proof.length > DEEPEST_PROOF) revert NotIssued(coupon.campaignId, coupon.serial, holder);

        // Effects
        _redeemOnce(coupon.campaignId, coupon.serial, _rootFor(coupon, holder, proof), holder);
        emit CouponRedeemed(coupon.campaignId, coupon.serial, holder, site);
    }

    function _requireOpenAt(Campaign storage current, uint16 site) private view {
        if (block.timestamp < current.opensAt) revert CampaignNotOpen(current.opensAt, block.timestamp);
        uint256 endsAt = uint256(current.closesAt) + current.grace;
        if (block.timestamp >= endsAt) revert CampaignIsOver(endsAt, block.timestamp);
        // Where a campaign has sites, one of them must be named; where it has none, none may be.
        if (site > current.sites || (site == 0 && current.sites != 0)) revert UnknownSite(site, current.sites);
    }

    /// @dev The classes of the statements, and of the sender where it is a witness itself, must cover what is required.
    function _requirePresent(
        Campaign storage current,
        Coupon calldata coupon,
        address holder,
        uint16 site,
        Statement[] calldata statements
    ) private view {
        uint256 covered = 0;
        for (uint256 i = 0; i < statements.length; ++i) {
            covered |= _classesOf(current, coupon, holder, site, statements[i]);
        }

        uint256 required = current.requiredWitnesses;
        bool isBlockInside = block.timestamp < current.closesAt; // it is open, _requireOpenAt saw to that
        if (covered & required != required && isBlockInside) covered |= _classesOfSender(site);
        if (covered & required != required) revert PresenceMissing(required, covered);
        if (required == 0 && !isBlockInside) revert CampaignHasClosed(current.closesAt, block.timestamp);
    }

    /// @dev A holder's plain signature always counts, also where its account has code (EIP-7702); else its ERC-1271
    /// contract is asked.
    function _isSignedBy(address holder, bytes32 digest, bytes calldata signature) private view returns (bool) {
        address recovered;
        if (signature.length == 64)
            (recovered, , ) = digest.tryRecover(bytes32(signature[:32]), bytes32(signature[32:]));
        else (recovered, , ) = digest.tryRecoverCalldata(signature);
        if (recovered != address(0) && recovered == holder) return true;
        return holder.code.length != 0 && SignatureChecker.isValidERC1271SignatureNow(holder, digest, signature);
    }

    function _requireNotOver(Campaign memory current) private view {
        if (block.timestamp >= current.endsAt()) revert CampaignIsOver(current.endsAt(), block.timestamp);
    }

    /// @dev `Issued` with the list as it came: a copy of the calldata, since the encoder would check each address again.
    function _emitIssued(uint256 campaignId, uint256 firstShard, address[] calldata holders) private {
        bytes32 topic = Issued.selector;
        assembly ("memory-safe") {
            let data := mload(0x40) // scratch beyond the free pointer
            let size := shl(5, holders.length)
            mstore(data, 0x20)
            mstore(add(data, 0x20), holders.length)
            calldatacopy(add(data, 0x40), holders.offset, size)
            log3(data, add(size, 0x40), topic, campaignId, firstShard)
        }
    }

    function _existing(uint256 campaignId) private view returns (Campaign memory) {
        Campaign memory current = _campaigns[campaignId];
        if (current.closesAt == 0) revert UnknownCampaign(campaignId);
        return current;
    }

    /// @dev How many coupons stand against the supply.
    function _standing(uint256 campaignId) private view returns (uint256) {
        Count memory count = _countOf(campaignId);
        return count.issued - count.revoked;
    }

    function _ledgerOf(Count memory count, uint256 unused) private pure returns (Ledger memory) {
        return
            Ledger({
                issued: count.issued,
                redeemed: count.issued - count.revoked - unused,
                revoked: count.revoked,
                unused: unused
            });
    }

    function _rootFor(Coupon calldata coupon, address holder, bytes32[] calldata proof) private pure returns (bytes32) {
        return rootFromProof(coupon.leafFor(holder), proof);
    }
}
