// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms, Witness} from "../../contracts/interfaces/ICouponBook.sol";
import {LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {BatchReference} from "./BatchReference.sol";
import {Attempt} from "./BookTest.sol";
import {CrowdOffice} from "./CrowdOffice.sol";
import {Intruder} from "./Intruder.sol";
import {vm} from "./Vm.sol";

/// @notice What the intruder tries while the book asks it for its signature: every function that writes, with arguments that
/// would do, as far as there are any at that time.
abstract contract CrowdAttack is CrowdOffice {
    uint256 private constant TRIES = 24;

    /// @dev The calls, and what each would do. `attempt` is the redemption that the book is at, `other` a coupon of the same
    /// campaign whose holder signed `permission`.
    function _intrusions(
        Attempt memory attempt,
        Attempt memory other,
        bytes memory permission
    ) internal view returns (bytes[] memory calls, string[] memory names) {
        (calls, names) = (new bytes[](TRIES), new string[](TRIES));
        uint256 campaignId = attempt.campaignId;
        address intruder = attempt.holder;
        Terms memory terms = _campaigns[campaignId].terms;
        (names[0], calls[0]) = ("redeem", _redeemCall(attempt));
        (names[1], calls[1]) = ("redeemFor", _redeemForCall(attempt, _now(), ""));
        (names[2], calls[2]) = ("redeemFor another", _redeemForCall(other, _now(), permission));
        (names[3], calls[3]) = ("redeemBatch", _batchOf(other, permission));
        address[] memory holders = new address[](1);
        holders[0] = intruder;
        (names[4], calls[4]) = ("issue", abi.encodeCall(book.issue, (campaignId, holders)));
        (names[5], calls[5]) = ("issueStandby", abi.encodeCall(book.issueStandby, (campaignId, holders)));
        bytes32 root = _shardAt(campaignId, attempt.serial >> 8).root;
        uint256[] memory serials = _one(attempt.serial);
        (names[6], calls[6]) = ("revoke", abi.encodeCall(book.revoke, (campaignId, root, serials, "")));
        (names[7], calls[7]) = ("reallot", abi.encodeCall(book.reallot, (campaignId, root, serials, holders, "")));
        (names[8], calls[8]) = ("createCampaign", abi.encodeCall(book.createCampaign, ("", _drawTerms(1), "")));
        ++terms.closesAt;
        (names[9], calls[9]) = ("changeTerms", abi.encodeCall(book.changeTerms, (campaignId, terms)));
        (names[10], calls[10]) = ("pause", abi.encodeCall(book.pause, (campaignId)));
        (names[11], calls[11]) = ("resume", abi.encodeCall(book.resume, (campaignId)));
        bytes32[] memory roots = new bytes32[](0);
        if (_campaigns[campaignId].shards.length > _campaigns[campaignId].counted) {
            roots = _one(_shardAt(campaignId, _campaigns[campaignId].counted).root);
        }
        (names[12], calls[12]) = ("release", abi.encodeCall(book.release, (campaignId, roots)));
        (names[13], calls[13]) = ("close", abi.encodeCall(book.close, (campaignId, roots)));
        (names[14], calls[14]) = ("removeWitness", abi.encodeCall(book.removeWitness, (vm.addr(DESK_KEY))));
        (names[15], calls[15]) = ("addWitness", _adding(intruder));
        (names[16], calls[16]) = ("setContractURI", abi.encodeCall(book.setContractURI, ("")));
        bytes[] memory part = new bytes[](1);
        part[0] = calls[4];
        (names[17], calls[17]) = ("multicall", abi.encodeCall(book.multicall, (part)));
        (names[18], calls[18]) = ("grantRole", abi.encodeCall(book.grantRole, (book.MANAGER_ROLE(), NOBODY)));
        (names[19], calls[19]) = ("revokeRole", abi.encodeCall(book.revokeRole, (book.MANAGER_ROLE(), address(this))));
        (names[20], calls[20]) = ("renounceRole", abi.encodeCall(book.renounceRole, (book.MANAGER_ROLE(), intruder)));
        (names[21], calls[21]) = ("hand over", abi.encodeCall(book.beginDefaultAdminTransfer, (intruder)));
        (names[22], calls[22]) = ("accept", abi.encodeCall(book.acceptDefaultAdminTransfer, ()));
        (names[23], calls[23]) = ("initialize", abi.encodeCall(book.initialize, (intruder, new Witness[](0))));
    }

    /// @dev Notes which of the calls would come off, if the intruder made them now and in the open.
    function _rehearse(address intruder, bytes[] memory calls, string[] memory names) internal {
        for (uint256 i = 0; i < calls.length; ++i) {
            try Intruder(intruder).rehearse(calls[i]) {} catch (bytes memory outcome) {
                bytes memory cameOff = abi.encodeWithSelector(Intruder.Rehearsed.selector, true);
                if (_isSame(outcome, cameOff)) ++successes[string.concat("would have come off: ", names[i])];
            }
        }
    }

    function _batchOf(Attempt memory attempt, bytes memory permission) private view returns (bytes memory) {
        BatchReference.Item[] memory items = new BatchReference.Item[](1);
        uint256 count = attempt.statements.length;
        items[0] = BatchReference.Item(attempt.serial, _now(), permission, count, attempt.proof);
        bytes memory packed = BatchReference.pack(items, false);
        return abi.encodeCall(book.redeemBatch, (attempt.campaignId, attempt.site, packed, attempt.statements));
    }

    function _adding(address key) private view returns (bytes memory) {
        return abi.encodeCall(book.addWitness, (Witness(key, LOCATION, 0, 0, uint64(FOR_LONG))));
    }
}
