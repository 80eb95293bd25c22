// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms} from "../../contracts/interfaces/ICouponBook.sol";
import {COUNTER, LOCATION, Statement} from "../../contracts/types/Presence.sol";
import {Attempt} from "./BookTest.sol";
import {CrowdForesight} from "./CrowdForesight.sol";
import {ShardReference} from "./ShardReference.sol";
import {vm} from "./Vm.sol";

/// @notice What an action is about, drawn from its seed: a campaign, coupons, holders, and what is wrong with them.
abstract contract CrowdDraw is CrowdForesight {
    uint256 internal constant ACTORS = 8;
    uint256 internal constant WITH_KEYS = 5; // the first actors, the last of them the counter
    uint256 internal constant HONEST_WALLET = 5;
    uint256 internal constant YES_WALLET = 6;
    uint256 internal constant INTRUDER = 7;
    address internal constant NOBODY = address(0xb0b0);

    address[ACTORS] internal _actors;
    address internal _guardian;

    /// @dev Half an hour that opens in ten minutes; supplies so small that they run out, or two shards of them.
    function _drawTerms(uint256 seed) internal view returns (Terms memory terms) {
        terms = _terms(uint8(seed % 4));
        terms.opensAt = uint64(_now() + 10 minutes);
        terms.closesAt = terms.opensAt + 30 minutes;
        terms.heldUntil = (seed >> 8) & 3 == 0 ? 0 : uint64(terms.opensAt + _between(seed >> 16, 0, 25 minutes));
        terms.grace = 30 minutes;
        terms.supply = (seed >> 48) & 7 == 0 ? 400 : uint64(_between(seed >> 56, 4, 40));
    }

    /// @dev A dozen at most, or more than one shard holds.
    function _drawHolders(uint256 seed, uint256 size) internal view returns (address[] memory) {
        return _drawActors(seed, size % 16 == 0 ? _between(size, 200, 300) : _between(size, 1, 12));
    }

    function _drawActors(uint256 seed, uint256 length) internal view returns (address[] memory holders) {
        holders = new address[](length);
        for (uint256 i = 0; i < holders.length; ++i) {
            holders[i] = _actors[uint256(keccak256(abi.encode(seed, i))) % ACTORS];
        }
    }

    /// @dev The latest campaign mostly, else any.
    function _drawCampaign(uint256 seed) internal view returns (uint256) {
        return seed % 4 == 0 ? _between(seed >> 8, 1, campaigns) : campaigns;
    }

    /// @dev One that is paused, if there is any.
    function _drawPaused(uint256 seed) internal view returns (uint256) {
        for (uint256 campaignId = campaigns; campaignId > 0; --campaignId) {
            if (_campaigns[campaignId].pausedAt != 0) return campaignId;
        }
        return _drawCampaign(seed);
    }

    /// @dev Up to three serials of one shard, and its root; now and then another root.
    function _drawSerials(
        uint256 seed
    ) internal view returns (uint256 campaignId, bytes32 root, uint256[] memory serials) {
        campaignId = _drawCampaign(seed);
        bool isStandby = (seed >> 16) & 3 == 0;
        Shard[] storage shards = _shardsOf(campaignId, isStandby);
        if (shards.length == 0) return (campaignId, 0, serials);
        uint256 place = (seed >> 24) % shards.length;
        serials = new uint256[](_between(seed >> 56, 1, 3));
        for (uint256 i = 0; i < serials.length; ++i) {
            uint256 seat = (seed >> (64 + 16 * i)) % shards[place].holders.length;
            serials[i] = (_numberOf(place, isStandby) << 8) | seat;
        }
        root = (seed >> 128) & 15 == 0 ? bytes32(seed) : shards[place].root;
    }

    /// @dev The next few roots to count; now and then one too many, or a false one.
    function _drawRoots(uint256 campaignId, uint256 seed) internal view returns (bytes32[] memory roots) {
        Campaign storage campaign = _campaigns[campaignId];
        uint256 left = campaign.shards.length - campaign.counted;
        uint256 most = _between(seed >> 128, 1, 4);
        roots = new bytes32[](
            (seed >> 136) & 7 == 0
                ? left + 1
                : most < left
                    ? most
                    : left
        );
        for (uint256 i = 0; i < roots.length && i < left; ++i) roots[i] = campaign.shards[campaign.counted + i].root;
        if ((seed >> 140) & 7 == 0 && roots.length > 0) roots[seed % roots.length] ^= bytes32(uint256(1));
    }

    /// @dev A coupon of any campaign with all that its holder needs, if there is any.
    function _drawAttempt(uint256 seed) internal view returns (bool isThere, Attempt memory attempt) {
        return _drawAttemptIn(_drawCampaign(seed), seed);
    }

    function _drawAttemptIn(
        uint256 campaignId,
        uint256 seed
    ) internal view returns (bool isThere, Attempt memory attempt) {
        bool isStandby = (seed >> 16) % 4 == 0;
        Shard[] storage shards = _shardsOf(campaignId, isStandby);
        if (shards.length == 0) return (false, attempt);
        uint256 place = (seed >> 24) % shards.length;
        address[] memory holders = shards[place].holders;
        uint256 number = _numberOf(place, isStandby);
        uint256 seat = (seed >> 56) % holders.length;
        (attempt.campaignId, attempt.serial, attempt.holder) = (campaignId, (number << 8) | seat, holders[seat]);
        attempt.site = uint16(_between(seed >> 80, 1, 3));
        attempt.proof = ShardReference.proofOf(holders, number, seat);
        attempt.statements = _honestStatements(attempt, seed);
        return (true, attempt);
    }

    /// @dev A coupon of one of these actors.
    function _drawAttemptOf(
        uint256 seed,
        uint256 firstActor,
        uint256 lastActor
    ) internal returns (bool isThere, Attempt memory attempt) {
        for (uint256 i = 0; i < 24; ++i) {
            (isThere, attempt) = _drawAttempt(seed);
            uint256 actor = isThere ? _actorOf(attempt.holder) : ACTORS;
            if (actor >= firstActor && actor <= lastActor) return (true, attempt);
            seed = _mix(seed);
        }
        return (false, attempt);
    }

    /// @dev One statement for each class the campaign requires, observed as late as may be.
    function _honestStatements(
        Attempt memory attempt,
        uint256 seed
    ) internal view returns (Statement[] memory statements) {
        Terms memory terms = _campaigns[attempt.campaignId].terms;
        uint256 seen = _now() < terms.closesAt || terms.closesAt == 0 ? _now() : terms.closesAt - 1;
        bool isLocated = terms.requiredWitnesses & LOCATION != 0;
        bool isServed = terms.requiredWitnesses & COUNTER != 0;
        statements = new Statement[]((isLocated ? 1 : 0) + (isServed ? 1 : 0));
        if (isLocated) statements[0] = _statement(ORACLE_KEY, attempt, seen, seen + 600);
        if (!isServed) return statements;
        uint256 key = attempt.site == 2 && (seed >> 96) & 1 == 0 ? DESK_AT_TWO_KEY : DESK_KEY;
        statements[statements.length - 1] = _statement(key, attempt, seen, seen + 1 days);
    }

    /// @dev Two times in three leaves the attempt as it is; else makes one thing of it wrong.
    function _spoil(Attempt memory attempt, uint256 seed) internal view {
        if (seed % 3 != 0) return;
        uint256 flaw = (seed >> 8) % 18;
        uint256 depth = attempt.proof.length;
        if (flaw == 0) attempt.site = 0;
        else if (flaw == 1) attempt.site = 4;
        else if (flaw == 2) attempt.proof = _resized(attempt.proof, depth == 0 ? 1 : depth - 1);
        else if (flaw == 3) attempt.proof = _resized(attempt.proof, depth + 1);
        else if (flaw == 4) attempt.proof = _resized(attempt.proof, 9);
        else if (flaw == 5 && depth != 0) attempt.proof[seed % depth] ^= bytes20(uint160(1));
        else if (flaw == 6) attempt.serial ^= 1 << ((seed >> 16) % 40);
        else if (flaw == 7) attempt.campaignId = campaigns + 1;
        else if (flaw == 8) attempt.campaignId = _between(seed >> 16, 1, campaigns);
        // As good as before, but about what was just spoiled: else nobody would look further.
        if (flaw < 9) attempt.statements = _honestStatements(attempt, seed);
        else if (flaw == 9) attempt.statements = new Statement[](0);
        else if (attempt.statements.length != 0) _spoilStatement(attempt, flaw, seed >> 16);
    }

    function _spoilStatement(Attempt memory attempt, uint256 flaw, uint256 seed) private view {
        Statement memory statement = attempt.statements[seed % attempt.statements.length];
        uint256 key = [ORACLE_KEY, DESK_KEY, DESK_AT_TWO_KEY, 1][(seed >> 8) % 4];
        uint256[8] memory shifts = [uint256(0), 1, 60, 61, 599, 600, 601, 1 hours];
        uint256 shift = shifts[(seed >> 16) % 8];
        if (flaw == 10) statement.geofenceHash = keccak256("another mess hall");
        else if (flaw == 11)
            statement.geofenceHash ^= bytes32(uint256(1)); // beyond the bytes that are compared
        else if (flaw == 12) statement.observedAt += shift;
        else if (flaw == 13) statement.observedAt -= shift;
        else if (flaw == 14) statement.validUntil = statement.observedAt + shift;
        else if (flaw == 15) statement.validUntil = _now() + (shift & 1);
        _signStatement(key, attempt, statement);
        if (flaw == 16) statement.r ^= bytes32(1 << (seed >> 24) % 256);
        if (flaw == 17) statement.vs ^= bytes32(1 << (seed >> 24) % 256);
    }

    /// @dev Whose address it is; ACTORS where it is nobody's.
    function _actorOf(address account) internal view returns (uint256 actor) {
        while (actor < ACTORS && _actors[actor] != account) ++actor;
    }

    /// @dev The key that signs for the actor.
    function _keyOf(uint256 actor) internal pure returns (uint256) {
        return actor == WITH_KEYS - 1 ? DESK_KEY : uint256(keccak256(abi.encode("actor", actor)));
    }

    /// @dev 64 bytes as 65.
    function _inFull(bytes memory compact) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = abi.decode(compact, (bytes32, bytes32));
        bytes1 v = uint256(vs) >> 255 == 0 ? bytes1(0x1b) : bytes1(0x1c);
        return bytes.concat(r, vs & bytes32(type(uint256).max >> 1), v);
    }

    function _resized(bytes20[] memory nodes, uint256 length) private pure returns (bytes20[] memory resized) {
        resized = new bytes20[](length);
        for (uint256 i = 0; i < length && i < nodes.length; ++i) resized[i] = nodes[i];
    }
}
