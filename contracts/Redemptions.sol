// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {Campaigns} from "./Campaigns.sol";
import {Outcome} from "./CouponLedger.sol";
import {WitnessRegistry} from "./WitnessRegistry.sol";
import {ICouponBook, Status} from "./interfaces/ICouponBook.sol";
import {Item, Path, itemAt, signatureBefore} from "./types/Batch.sol";
import {Rules} from "./types/Campaign.sol";
import {Statement} from "./types/Presence.sol";
import {REDEEM_TYPEHASH, Redeem} from "./types/Redeem.sol";
import {refusal, throwIfAny} from "./types/Refusal.sol";
import {DEEPEST_PROOF, NODE_BYTES, leafOf, rootFromProof} from "./types/Shard.sol";

/// @title How a coupon is used
/// @notice Three ways in, one rule: the campaign is open, presence is witnessed, the coupon is the holder's and unused. Each
/// part of it answers with an error or with nothing, so that it can be thrown, kept in an event, or returned.
abstract contract Redemptions is ICouponBook, Campaigns, WitnessRegistry {
    using ECDSA for bytes32;

    /// @dev What the items of a batch have in common, and what changes from one to the next.
    struct Batch {
        uint256 campaignId;
        uint16 site;
        Rules rules;
        bytes32 domain;
        Redeem permit; // of the item at hand
        bool isLate;
        bool isVouchedBySender;
        uint256 vouched; // how many statements are used up
    }

    uint256 private constant LONGEST_BATCH = 117_000; // bytes: 500 items that share nothing, what one transaction has gas for

    /// @inheritdoc ICouponBook
    function redeem(
        uint256 campaignId,
        uint256 serial,
        Statement[] calldata statements,
        uint16 site,
        bytes calldata proof
    ) external {
        _redeem(campaignId, serial, statements, site, proof, msg.sender);
    }

    /// @inheritdoc ICouponBook
    function redeemFor(
        uint256 campaignId,
        uint256 serial,
        Statement[] calldata statements,
        uint16 site,
        bytes calldata proof,
        address holder,
        uint64 deadline,
        bytes calldata signature
    ) external {
        if (block.timestamp > deadline) revert RedeemExpired(deadline, block.timestamp);
        bytes32 digest = _hashTypedDataV4(Redeem(REDEEM_TYPEHASH, campaignId, serial, site, deadline).hash());
        if (!_isSignedBy(holder, digest, signature)) revert HolderSignatureInvalid(holder);

        _redeem(campaignId, serial, statements, site, proof, holder);
    }

    /// @inheritdoc ICouponBook
    function redeemBatch(
        uint256 campaignId,
        uint16 site,
        bytes calldata items,
        Statement[] calldata statements
    ) external returns (uint256 redeemed) {
        if (items.length == 0) revert EmptyList();
        if (items.length > LONGEST_BATCH) revert ListTooLong(items.length, LONGEST_BATCH);
        Batch memory batch = Batch({
            campaignId: campaignId,
            site: site,
            rules: _rules[campaignId],
            domain: _domainSeparator(),
            permit: Redeem(REDEEM_TYPEHASH, campaignId, 0, site, 0),
            isLate: false,
            isVouchedBySender: false,
            vouched: 0
        });
        throwIfAny(_campaignRefusal(batch.rules, campaignId, site));
        batch.isLate = batch.rules.isLate();
        batch.isVouchedBySender =
            _presenceRefusal(batch.rules, 0, 0, address(0), msg.sender, site, statements[:0]).length == 0;

        Path memory path;
        for (uint256 offset = 0; offset < items.length;) {
            (Item item, uint256 nodesAt, uint256 next) = itemAt(items, offset);
            address holder = _signerOf(batch, item, items, nodesAt);
            path.climb(item, holder, items, nodesAt);
            bytes memory why = _tryRedeemItem(batch, item, holder, path.root, statements);
            offset = next;
            if (why.length == 0) {
                unchecked {
                    ++redeemed; // fewer than the items' bytes
                }
            } else emit RedemptionRefused(campaignId, item.serial(), holder, why);
        }
        if (batch.vouched != statements.length) revert StatementsDoNotFit(statements.length, batch.vouched);
    }

    /// @inheritdoc ICouponBook
    function canRedeem(
        uint256 campaignId,
        uint256 serial,
        Statement[] calldata statements,
        uint16 site,
        bytes calldata proof,
        address holder
    ) external view returns (bool isRedeemable, bytes memory why) {
        Rules rules = _rules[campaignId];
        why = _campaignRefusal(rules, campaignId, site);
        if (why.length == 0) why = _presenceRefusal(rules, campaignId, serial, holder, holder, site, statements);
        if (why.length == 0) {
            Outcome outcome = _outcomeOf(campaignId, serial, _rootFor(serial, holder, proof), rules.isLate());
            why = _outcomeRefusal(outcome, rules, campaignId, serial, holder);
        }
        isRedeemable = why.length == 0;
    }

    /// @inheritdoc ICouponBook
    function isIssued(
        uint256 campaignId,
        uint256 serial,
        address holder,
        bytes calldata proof
    ) external view returns (bool) {
        return statusOf(campaignId, serial, holder, proof) != Status.NotIssued;
    }

    /// @inheritdoc ICouponBook
    function statusOf(
        uint256 campaignId,
        uint256 serial,
        address holder,
        bytes calldata proof
    ) public view returns (Status) {
        Outcome outcome = _outcomeOf(campaignId, serial, _rootFor(serial, holder, proof), false);
        if (outcome == NOT_ISSUED) return Status.NotIssued;
        if (outcome == ALREADY_REDEEMED) return Status.Redeemed;
        return outcome == REVOKED ? Status.Revoked : Status.Unused;
    }

    function _redeem(
        uint256 campaignId,
        uint256 serial,
        Statement[] calldata statements,
        uint16 site,
        bytes calldata proof,
        address holder
    ) private {
        Rules rules = _rules[campaignId];
        throwIfAny(_campaignRefusal(rules, campaignId, site));
        throwIfAny(_presenceRefusal(rules, campaignId, serial, holder, msg.sender, site, statements));
        bytes32 root = _rootFor(serial, holder, proof);
        throwIfAny(_tryRedeem(rules, campaignId, serial, holder, root, site, rules.isLate()));
    }

    /// @dev Who signed the `Redeem` of a batch's item; zero, which was never issued anything, where the signature is broken.
    /// Plain signatures only: what an ERC-1271 wallet would do with the gas of the others is nobody's to know.
    function _signerOf(
        Batch memory batch,
        Item item,
        bytes calldata items,
        uint256 nodesAt
    ) private pure returns (address signer) {
        (batch.permit.serial, batch.permit.deadline) = (item.serial(), item.deadline());
        (bytes32 r, bytes32 vs) = signatureBefore(items, nodesAt);
        (signer, , ) = _digestIn(batch.domain, batch.permit.hash()).tryRecover(r, vs);
    }

    /// @dev One item of a batch, which its holder permitted.
    function _tryRedeemItem(
        Batch memory batch,
        Item item,
        address holder,
        bytes32 root,
        Statement[] calldata statements
    ) private returns (bytes memory why) {
        (uint256 campaignId, uint256 serial, uint64 deadline) = (batch.campaignId, item.serial(), item.deadline());
        if (block.timestamp > deadline) {
            batch.vouched += item.statementCount();
            return refusal(RedeemExpired.selector, deadline, block.timestamp);
        }
        if (item.statementCount() != 0 || !batch.isVouchedBySender) {
            uint256 first = batch.vouched;
            batch.vouched = first + item.statementCount();
            if (batch.vouched > statements.length) revert StatementsDoNotFit(statements.length, batch.vouched);
            Statement[] calldata own = statements[first:batch.vouched];
            why = _presenceRefusal(batch.rules, campaignId, serial, holder, msg.sender, batch.site, own);
            if (why.length != 0) return why;
        }
        return _tryRedeem(batch.rules, campaignId, serial, holder, root, batch.site, batch.isLate);
    }

    /// @dev The one way a coupon is used: wholly, or not at all. That the campaign is open and presence is witnessed, the
    /// caller has seen.
    function _tryRedeem(
        Rules rules,
        uint256 campaignId,
        uint256 serial,
        address holder,
        bytes32 root,
        uint16 site,
        bool isLate
    ) private returns (bytes memory why) {
        Outcome outcome = _redeemOnce(campaignId, serial, root, isLate);
        if (outcome != REDEEMED) return _outcomeRefusal(outcome, rules, campaignId, serial, holder);
        emit CouponRedeemed(campaignId, serial, holder, site);
    }

    function _campaignRefusal(Rules rules, uint256 campaignId, uint16 site) private view returns (bytes memory why) {
        if (!rules.exists()) return refusal(UnknownCampaign.selector, campaignId);
        if (rules.isPaused()) return refusal(CampaignIsPaused.selector, campaignId, _pausedSince(campaignId));
        if (block.timestamp < rules.opensAt()) {
            return refusal(CampaignNotOpen.selector, rules.opensAt(), block.timestamp);
        }
        if (block.timestamp >= rules.endsAt()) {
            return refusal(CampaignIsOver.selector, rules.endsAt(), block.timestamp);
        }
        // Where a campaign has sites, one of them must be named; where it has none, none may be.
        if (site > rules.sites() || (site == 0 && rules.sites() != 0)) {
            return refusal(UnknownSite.selector, site, rules.sites());
        }
    }

    /// @dev The classes of the statements, and of the sender where it is a witness itself, must cover what is required.
    function _presenceRefusal(
        Rules rules,
        uint256 campaignId,
        uint256 serial,
        address holder,
        address sender,
        uint16 site,
        Statement[] calldata statements
    ) private view returns (bytes memory why) {
        uint256 covered = 0;
        for (uint256 i = 0; i < statements.length; ++i) {
            uint256 classes;
            (classes, why) = _classesOf(rules, campaignId, serial, holder, site, statements[i]);
            if (why.length != 0) return why;
            covered |= classes;
        }

        uint256 required = rules.requiredWitnesses();
        bool isBlockInside = block.timestamp < rules.closesAt(); // it is open, _campaignRefusal saw to that
        if (covered & required != required && isBlockInside) covered |= _classesOfSender(sender, site);
        if (covered & required != required) return refusal(PresenceMissing.selector, required, covered);
        if (required == 0 && !isBlockInside) {
            return refusal(CampaignHasClosed.selector, rules.closesAt(), block.timestamp);
        }
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

    function _outcomeRefusal(
        Outcome outcome,
        Rules rules,
        uint256 campaignId,
        uint256 serial,
        address holder
    ) private view returns (bytes memory why) {
        if (outcome == NOT_ISSUED) return refusal(NotIssued.selector, campaignId, serial, uint160(holder));
        if (outcome == ALREADY_REDEEMED) return refusal(CouponAlreadyRedeemed.selector, campaignId, serial);
        if (outcome == REVOKED) return refusal(CouponIsRevoked.selector, campaignId, serial);
        if (outcome == STANDBY_NOT_YET) {
            return refusal(StandbyNotYet.selector, rules.heldUntil(), block.timestamp);
        }
        if (outcome == NOTHING_LEFT) return refusal(NothingLeft.selector, campaignId, serial);
    }

    /// @dev The root that a proof leads to. One that is no whole nodes, or more of them than a shard is deep, leads nowhere.
    function _rootFor(uint256 serial, address holder, bytes calldata proof) private pure returns (bytes32) {
        bool isProof = proof.length <= DEEPEST_PROOF * NODE_BYTES && proof.length % NODE_BYTES == 0;
        return isProof ? rootFromProof(leafOf(serial, holder), proof) : bytes32(0);
    }
}
