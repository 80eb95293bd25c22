// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CouponBook} from "../../contracts/CouponBook.sol";
import {CouponBookFactory} from "../../contracts/CouponBookFactory.sol";
import {Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {LOCATION, Statement} from "../../contracts/types/Presence.sol";

/// @notice One well-formed call of each function, for others to spoil.
contract SoundCalls {
    uint256 private constant BOOK_CALLS = 53;
    uint256 private constant FACTORY_CALLS = 4;

    CouponBook private constant BOOK = CouponBook(address(0)); // for the selectors alone
    CouponBookFactory private constant FACTORY = CouponBookFactory(address(0));

    /// @notice Calls of the book, about `campaignId`, by and for `who`.
    function ofBook(uint256 campaignId, address who, uint256 now_) external pure returns (bytes[] memory calls) {
        calls = new bytes[](BOOK_CALLS);
        uint256 count = _redemptions(calls, campaignId, who, now_);
        count = _office(calls, count, campaignId, who, now_);
        count = _views(calls, count, campaignId, who);
        count = _roles(calls, count, who);
        assert(count == calls.length);
    }

    /// @notice Calls of the factory, by and for `who`.
    function ofFactory(address who, uint256 now_) external view returns (bytes[] memory calls) {
        Witness[] memory witnesses = new Witness[](2);
        witnesses[0] = witnesses[1] = Witness(who, LOCATION, 1, uint64(now_), uint64(now_ + 1 days));
        calls = new bytes[](FACTORY_CALLS);
        calls[0] = abi.encodeCall(FACTORY.createBook, ("A book", witnesses, bytes32(now_)));
        calls[1] = abi.encodeCall(FACTORY.predictBook, (who, "A book", witnesses, bytes32(now_)));
        calls[2] = abi.encodeCall(FACTORY.isBook, (who));
        calls[3] = abi.encodeCall(FACTORY.IMPLEMENTATION, ());
    }

    /// @notice The arguments of a function that are narrower than a word: place and bits, counted from the low end, or from the
    /// high end where negative. Members of static structs lie where arguments do; what lies in lists is not told.
    function narrowOf(bytes4 selector) external pure returns (uint256[] memory places, int256[] memory bits) {
        bytes memory told = _narrowOf(selector);
        (places, bits) = (new uint256[](told.length / 2), new int256[](told.length / 2));
        for (uint256 i = 0; i < places.length; ++i) {
            places[i] = uint8(told[2 * i]);
            uint256 width = uint8(told[2 * i + 1]);
            bits[i] = width == 4 ? -32 : int256(8 * width); // four bytes: an interface's id
        }
    }

    /// @dev Pairs of place and width in bytes.
    function _narrowOf(bytes4 selector) private pure returns (bytes memory) {
        if (selector == BOOK.redeem.selector) return hex"0302";
        if (selector == BOOK.redeemFor.selector) return hex"030205140608";
        if (selector == BOOK.redeemBatch.selector) return hex"0102";
        if (selector == BOOK.canRedeem.selector) return hex"03020514";
        if (selector == BOOK.isIssued.selector || selector == BOOK.statusOf.selector) return hex"0214";
        bool hasTerms = selector == BOOK.createCampaign.selector || selector == BOOK.changeTerms.selector;
        if (hasTerms) return hex"0108020803080408050806020701";
        if (selector == BOOK.addWitness.selector) return hex"00140101020203080408";
        if (selector == BOOK.grantRole.selector || selector == BOOK.revokeRole.selector) return hex"0114";
        if (selector == BOOK.renounceRole.selector || selector == BOOK.hasRole.selector) return hex"0114";
        if (selector == BOOK.changeDefaultAdminDelay.selector) return hex"0006";
        if (selector == BOOK.supportsInterface.selector) return hex"0004";
        bool takesAddress =
            selector == BOOK.removeWitness.selector ||
                selector == BOOK.witness.selector ||
                selector == BOOK.initialize.selector ||
                selector == BOOK.beginDefaultAdminTransfer.selector ||
                selector == FACTORY.isBook.selector ||
                selector == FACTORY.predictBook.selector;
        return takesAddress ? bytes(hex"0014") : bytes("");
    }

    function _redemptions(
        bytes[] memory calls,
        uint256 campaignId,
        address who,
        uint256 now_
    ) private pure returns (uint256) {
        Statement[] memory statements = new Statement[](1);
        statements[0] = Statement(bytes32(now_), bytes32(now_), keccak256("the mess hall"), now_, now_ + 300, 0);
        bytes memory proof = new bytes(40); // two nodes
        bytes memory signature = abi.encodePacked(bytes32(now_), bytes32(now_));
        bytes memory items = abi.encodePacked(uint40(0), uint32(now_), uint8(0x12), signature, proof);
        uint64 deadline = uint64(now_);
        calls[0] = abi.encodeCall(BOOK.redeem, (campaignId, 0, statements, 1, proof));
        calls[1] = abi.encodeCall(BOOK.redeemFor, (campaignId, 0, statements, 1, proof, who, deadline, signature));
        calls[2] = abi.encodeCall(BOOK.redeemBatch, (campaignId, 1, items, statements));
        calls[3] = abi.encodeCall(BOOK.canRedeem, (campaignId, 0, statements, 1, proof, who));
        calls[4] = abi.encodeCall(BOOK.isIssued, (campaignId, 0, who, proof));
        calls[5] = abi.encodeCall(BOOK.statusOf, (campaignId, 0, who, proof));
        return 6;
    }

    function _office(
        bytes[] memory calls,
        uint256 count,
        uint256 campaignId,
        address who,
        uint256 now_
    ) private pure returns (uint256) {
        (uint64 opens, uint64 closes) = (uint64(now_ + 1 hours), uint64(now_ + 3 hours));
        Terms memory terms = Terms(opens, closes, opens + 1, 1 days, 100, 3, LOCATION, keccak256("the mess hall"));
        Witness memory witness = Witness(who, LOCATION, 1, uint64(now_), uint64(now_ + 1 days));
        address[] memory holders = new address[](2);
        (holders[0], holders[1]) = (who, who);
        uint256[] memory serials = new uint256[](2);
        serials[1] = 1;
        bytes32[] memory roots = new bytes32[](1);
        bytes32 root = keccak256(abi.encodePacked(uint96(0), who));
        roots[0] = root;
        bytes[] memory parts = new bytes[](2);
        parts[0] = abi.encodeCall(BOOK.issue, (campaignId, holders));
        parts[1] = abi.encodeCall(BOOK.supplyLeft, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.createCampaign, ("Lunch", terms, "On Saturday"));
        calls[count++] = abi.encodeCall(BOOK.changeTerms, (campaignId, terms));
        calls[count++] = parts[0];
        calls[count++] = abi.encodeCall(BOOK.issueStandby, (campaignId, holders));
        calls[count++] = abi.encodeCall(BOOK.revoke, (campaignId, root, serials, "Ill"));
        calls[count++] = abi.encodeCall(BOOK.reallot, (campaignId, root, serials, holders, "Ill"));
        calls[count++] = abi.encodeCall(BOOK.pause, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.resume, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.release, (campaignId, roots));
        calls[count++] = abi.encodeCall(BOOK.close, (campaignId, roots));
        calls[count++] = abi.encodeCall(BOOK.addWitness, (witness));
        calls[count++] = abi.encodeCall(BOOK.removeWitness, (who));
        calls[count++] = abi.encodeCall(BOOK.multicall, (parts));
        calls[count++] = abi.encodeCall(BOOK.setContractURI, ("https://example.org"));
        calls[count++] = abi.encodeCall(BOOK.initialize, (who, new Witness[](1)));
        return count;
    }

    function _views(
        bytes[] memory calls,
        uint256 count,
        uint256 campaignId,
        address who
    ) private pure returns (uint256) {
        calls[count++] = abi.encodeCall(BOOK.name, ());
        calls[count++] = abi.encodeCall(BOOK.contractURI, ());
        calls[count++] = abi.encodeCall(BOOK.campaign, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.campaignCount, ());
        calls[count++] = abi.encodeCall(BOOK.pausedAt, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.countersOf, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.shardCount, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.supplyLeft, (campaignId));
        calls[count++] = abi.encodeCall(BOOK.seatsOf, (campaignId, 0, 0));
        calls[count++] = abi.encodeCall(BOOK.ledger, (campaignId, new bytes32[](1)));
        calls[count++] = abi.encodeCall(BOOK.witness, (who));
        calls[count++] = abi.encodeCall(BOOK.supportsInterface, (0x01ffc9a7));
        calls[count++] = abi.encodeCall(BOOK.eip712Domain, ());
        return count;
    }

    function _roles(bytes[] memory calls, uint256 count, address who) private pure returns (uint256) {
        bytes32 role = keccak256("MANAGER_ROLE");
        calls[count++] = abi.encodeCall(BOOK.DEFAULT_ADMIN_ROLE, ());
        calls[count++] = abi.encodeCall(BOOK.GUARDIAN_ROLE, ());
        calls[count++] = abi.encodeCall(BOOK.MANAGER_ROLE, ());
        calls[count++] = abi.encodeCall(BOOK.getRoleAdmin, (role));
        calls[count++] = abi.encodeCall(BOOK.hasRole, (role, who));
        calls[count++] = abi.encodeCall(BOOK.grantRole, (role, who));
        calls[count++] = abi.encodeCall(BOOK.revokeRole, (role, who));
        calls[count++] = abi.encodeCall(BOOK.renounceRole, (role, who));
        calls[count++] = abi.encodeCall(BOOK.owner, ());
        calls[count++] = abi.encodeCall(BOOK.defaultAdmin, ());
        calls[count++] = abi.encodeCall(BOOK.pendingDefaultAdmin, ());
        calls[count++] = abi.encodeCall(BOOK.beginDefaultAdminTransfer, (who));
        calls[count++] = abi.encodeCall(BOOK.acceptDefaultAdminTransfer, ());
        calls[count++] = abi.encodeCall(BOOK.cancelDefaultAdminTransfer, ());
        calls[count++] = abi.encodeCall(BOOK.defaultAdminDelay, ());
        calls[count++] = abi.encodeCall(BOOK.pendingDefaultAdminDelay, ());
        calls[count++] = abi.encodeCall(BOOK.changeDefaultAdminDelay, (1));
        calls[count++] = abi.encodeCall(BOOK.rollbackDefaultAdminDelay, ());
        calls[count++] = abi.encodeCall(BOOK.defaultAdminDelayIncreaseWait, ());
        return count;
    }
}
