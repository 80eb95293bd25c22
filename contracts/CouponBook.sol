// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Redemptions} from "./Redemptions.sol";
import {Counters, ICouponBook, Ledger, Terms, Witness} from "./interfaces/ICouponBook.sol";
import {Rules} from "./types/Campaign.sol";
import {SEATS_PER_SHARD, rootOf} from "./types/Shard.sol";

/// @title The coupons of one gathering, as ICouponBook describes them
contract CouponBook is Redemptions, AccessControlDefaultAdminRules, Initializable, Multicall {
    /// @notice May make campaigns, issue, revoke and re-allot.
    bytes32 public constant MANAGER_ROLE = keccak256("MANAGER_ROLE");

    /// @notice May pause campaigns and remove witnesses, and nothing else.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    uint256 private constant LONGEST_LIST = 50 * SEATS_PER_SHARD; // what one transaction has gas for (EIP-7825)

    string private _contractURI;

    /// @dev The implementation is locked for ever: its admin is an address nobody has, and it cannot be initialised.
    constructor() AccessControlDefaultAdminRules(0, address(0xdead)) {
        _disableInitializers();
    }

    /// @notice Refuses what no function here is named for, by name.
    fallback() external {
        revert UnknownFunction(msg.sig);
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
    function setContractURI(string calldata uri) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _contractURI = uri;
        emit ContractURIUpdated();
    }

    /// @inheritdoc ICouponBook
    function createCampaign(
        string calldata name_,
        Terms calldata terms,
        string calldata details
    ) external onlyRole(MANAGER_ROLE) returns (uint256 campaignId) {
        campaignId = _createCampaign(terms);
        emit CampaignCreated(campaignId, name_, terms, details);
    }

    /// @inheritdoc ICouponBook
    function changeTerms(uint256 campaignId, Terms calldata terms) external onlyRole(MANAGER_ROLE) {
        _changeTerms(campaignId, terms);
        emit TermsChanged(campaignId, terms);
    }

    /// @inheritdoc ICouponBook
    function issue(
        uint256 campaignId,
        address[] calldata holders
    ) external onlyRole(MANAGER_ROLE) returns (uint256 firstShard) {
        return _issue(campaignId, holders);
    }

    /// @inheritdoc ICouponBook
    function issueStandby(
        uint256 campaignId,
        address[] calldata holders
    ) external onlyRole(MANAGER_ROLE) returns (uint256 firstShard) {
        return _issueStandby(campaignId, holders);
    }

    /// @inheritdoc ICouponBook
    function revoke(
        uint256 campaignId,
        bytes32 root,
        uint256[] calldata serials,
        string calldata reason
    ) external onlyRole(MANAGER_ROLE) {
        _revoke(campaignId, root, serials, reason);
    }

    /// @inheritdoc ICouponBook
    function reallot(
        uint256 campaignId,
        bytes32 root,
        uint256[] calldata serials,
        address[] calldata holders,
        string calldata reason
    ) external onlyRole(MANAGER_ROLE) returns (uint256 firstShard) {
        // Checks
        if (serials.length != holders.length) revert ListsDiffer(serials.length, holders.length);

        // Effects
        _revoke(campaignId, root, serials, reason);
        bool isStandby = serials[0] >> 8 >= FIRST_STANDBY_SHARD;
        firstShard = isStandby ? _issueStandby(campaignId, holders) : _issue(campaignId, holders);
        for (uint256 i = 0; i < serials.length; ++i) {
            emit CouponReallotted(campaignId, serials[i], (firstShard << 8) | i);
        }
    }

    /// @inheritdoc ICouponBook
    function pause(uint256 campaignId) external {
        _checkAdminOrGuardian();
        _pause(campaignId);
        emit CampaignPaused(campaignId);
    }

    /// @inheritdoc ICouponBook
    function resume(uint256 campaignId) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _resume(campaignId);
        emit CampaignResumed(campaignId, campaign(campaignId));
    }

    /// @inheritdoc ICouponBook
    function release(uint256 campaignId, bytes32[] calldata roots) external {
        Rules current = _running(campaignId);

        // Checks
        if (current.heldUntil() == 0) revert NoStandby(campaignId);
        if (block.timestamp < current.heldUntil()) revert StandbyNotYet(current.heldUntil(), block.timestamp);
        if (roots.length == 0) revert EmptyList();

        // Effects
        uint256 unused = _countShards(campaignId, roots);
        emit UnusedReleased(campaignId, roots.length, unused);
    }

    /// @inheritdoc ICouponBook
    function close(uint256 campaignId, bytes32[] calldata roots) external {
        Rules current = _unpaused(campaignId);

        // Checks
        if (block.timestamp < current.endsAt()) revert CampaignNotOver(current.endsAt(), block.timestamp);

        // Effects
        uint256 unused = _countShards(campaignId, roots);
        if (!_closeIfCounted(campaignId)) {
            if (roots.length == 0) revert EmptyList();
            emit ShardsCounted(campaignId, roots.length, unused);
            return;
        }
        Ledger memory closing = _ledgerOf(campaignId, 0);
        emit CampaignClosed(campaignId, closing.issued, closing.redeemed, closing.revoked, closing.unused);
    }

    /// @inheritdoc ICouponBook
    function addWitness(Witness calldata witness_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _addWitness(witness_);
    }

    /// @inheritdoc ICouponBook
    function removeWitness(address key) external {
        _checkAdminOrGuardian();
        _removeWitness(key);
    }

    /// @notice Begins handing the book to a new admin, who must accept. Handing it to nobody is refused.
    function beginDefaultAdminTransfer(address newAdmin) public override {
        if (newAdmin == address(0)) revert AdminCannotLeave();
        super.beginDefaultAdminTransfer(newAdmin);
    }

    /// @notice Refused: handing a book over takes two steps and no delay. With one that somebody mistyped, it could never
    /// change hands again.
    function changeDefaultAdminDelay(uint48) public pure override {
        revert AdminDelayIsFixed();
    }

    /// @notice Gives up one's own role. The admin cannot: a book without one could never mend its witnesses.
    function renounceRole(bytes32 role, address account) public override {
        if (role == DEFAULT_ADMIN_ROLE) revert AdminCannotLeave();
        super.renounceRole(role, account);
    }

    /// @inheritdoc ICouponBook
    function name() external view returns (string memory) {
        return string(Clones.fetchCloneArgs(address(this)));
    }

    /// @inheritdoc ICouponBook
    function contractURI() external view returns (string memory) {
        return _contractURI;
    }

    /// @inheritdoc ICouponBook
    function campaign(uint256 campaignId) public view returns (Terms memory) {
        return _termsOf(campaignId);
    }

    /// @inheritdoc ICouponBook
    function campaignCount() external view returns (uint256) {
        return _campaignCount;
    }

    /// @inheritdoc ICouponBook
    function pausedAt(uint256 campaignId) external view returns (uint256) {
        _existing(campaignId);
        return _pausedSince(campaignId);
    }

    /// @inheritdoc ICouponBook
    function countersOf(uint256 campaignId) external view returns (Counters memory) {
        _existing(campaignId);
        Count memory count = _countOf(campaignId);
        Standby memory standby = _standbyOf(campaignId);
        return
            Counters({
                issued: count.issued,
                revoked: count.revoked,
                shards: count.shards,
                standbyIssued: standby.issued,
                standbyRevoked: standby.revoked,
                standbyShards: standby.shards,
                shardsCounted: count.shardsCounted,
                leftForAll: _leftForAll(campaignId),
                isClosed: count.isClosed
            });
    }

    /// @inheritdoc ICouponBook
    function shardCount(uint256 campaignId) external view returns (uint256) {
        _existing(campaignId);
        return _countOf(campaignId).shards;
    }

    /// @inheritdoc ICouponBook
    function supplyLeft(uint256 campaignId) external view returns (uint256) {
        _existing(campaignId);
        return _issuable(campaignId);
    }

    /// @inheritdoc ICouponBook
    function seatsOf(uint256 campaignId, uint256 shard, bytes32 root) external view returns (uint256, uint256) {
        return _seatsOf(campaignId, shard, root);
    }

    /// @inheritdoc ICouponBook
    function ledger(uint256 campaignId, bytes32[] calldata roots) external view returns (Ledger memory) {
        _existing(campaignId);
        Count memory count = _countOf(campaignId);
        uint256 uncounted = count.shards - count.shardsCounted;
        if (roots.length != uncounted) revert RootsDoNotFit(roots.length, uncounted);
        return _ledgerOf(campaignId, _unusedIn(campaignId, count.shardsCounted, roots));
    }

    /// @inheritdoc ICouponBook
    function witness(address key) external view returns (Witness memory) {
        return _witnessOf(key);
    }

    /// @notice ERC-165.
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(ICouponBook).interfaceId || super.supportsInterface(interfaceId);
    }

    function _issue(uint256 campaignId, address[] calldata holders) private returns (uint256 firstShard) {
        // Checks
        _requireIssuing(campaignId, holders);
        uint256 left = _issuable(campaignId);
        if (holders.length > left) revert SupplyExceeded(holders.length, left);

        // Effects
        firstShard = _countOf(campaignId).shards;
        _noteIssued(campaignId, holders.length, _openShards(campaignId, firstShard, holders));
    }

    function _issueStandby(uint256 campaignId, address[] calldata holders) private returns (uint256 firstShard) {
        // Checks
        if (_requireIssuing(campaignId, holders).heldUntil() == 0) revert NoStandby(campaignId);

        // Effects
        firstShard = FIRST_STANDBY_SHARD + _standbyOf(campaignId).shards;
        _noteStandby(campaignId, holders.length, _openShards(campaignId, firstShard, holders));
    }

    function _requireIssuing(uint256 campaignId, address[] calldata holders) private view returns (Rules current) {
        current = _existing(campaignId);
        if (holders.length == 0) revert EmptyList();
        if (holders.length > LONGEST_LIST) revert ListTooLong(holders.length, LONGEST_LIST);
        if (block.timestamp >= current.closesAt()) revert CampaignHasClosed(current.closesAt(), block.timestamp);
    }

    /// @dev Cuts the list into shards and opens them. Returns how many.
    function _openShards(
        uint256 campaignId,
        uint256 firstShard,
        address[] calldata holders
    ) private returns (uint256 shards) {
        for (uint256 first = 0; first < holders.length; first += SEATS_PER_SHARD) {
            uint256 seats = holders.length - first;
            if (seats > SEATS_PER_SHARD) seats = SEATS_PER_SHARD;
            uint256 shard = firstShard + shards++;
            (bytes32 root, uint256 invalid) = rootOf(holders, first, seats, shard);
            if (invalid != type(uint256).max) revert HolderInvalid(invalid);
            _openShard(campaignId, shard, root, seats);
        }
        _emitIssued(campaignId, firstShard, holders);
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

    function _revoke(uint256 campaignId, bytes32 root, uint256[] calldata serials, string calldata reason) private {
        // Checks
        Rules current = _existing(campaignId);
        if (serials.length == 0) revert EmptyList();
        if (serials.length > SEATS_PER_SHARD) revert ListTooLong(serials.length, SEATS_PER_SHARD);
        if (block.timestamp >= current.endsAt()) revert CampaignIsOver(current.endsAt(), block.timestamp);

        // Effects
        for (uint256 i = 0; i < serials.length; ++i) {
            _revokeOnce(campaignId, serials[i], root);
            emit CouponRevoked(campaignId, serials[i], reason);
        }
    }

    function _checkAdminOrGuardian() private view {
        if (!hasRole(DEFAULT_ADMIN_ROLE, msg.sender)) _checkRole(GUARDIAN_ROLE);
    }

    /// @dev How many coupons may still be issued: what the supply has left, and no more than what nobody else was given.
    function _issuable(uint256 campaignId) private view returns (uint256) {
        uint256 left = _supplyLeft(campaignId);
        uint256 leftForAll = _leftForAll(campaignId);
        return left < leftForAll ? left : leftForAll;
    }

    /// @dev The ledger, where `unused` seats are unused in the shards that were not counted yet.
    function _ledgerOf(uint256 campaignId, uint256 unused) private view returns (Ledger memory) {
        Count memory count = _countOf(campaignId);
        Standby memory standby = _standbyOf(campaignId);
        uint256 issued = uint256(count.issued) + standby.issued;
        uint256 revoked = uint256(count.revoked) + standby.revoked;
        uint256 redeemed = _redeemedOf(campaignId, unused);
        return Ledger({issued: issued, redeemed: redeemed, revoked: revoked, unused: issued - revoked - redeemed});
    }
}
