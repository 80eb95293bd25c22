// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Coupon} from "../types/Coupon.sol";
import {Statement} from "../types/Presence.sol";

/// @notice What a campaign promises: its window, its supply, its place and who must vouch for presence there.
/// @param opensAt First second of the window `[opensAt, closesAt)`, unix seconds.
/// @param closesAt First second after the window, unix seconds.
/// @param heldUntil Until when unused coupons wait for their holders before standby may have them; 0: to the end.
/// @param grace How long after `closesAt` a redemption witnessed inside the window may still be settled, seconds.
/// @param supply The most coupons that may stand issued and not revoked.
/// @param sites How many sites the geofence has, numbered from 1; 0 where the campaign names none.
/// @param requiredWitnesses Classes that must vouch for presence, as bits: LOCATION = 1, COUNTER = 2; 0: none.
/// @param geofenceHash The geofence document's hash (docs/protocol.md#geofence); 0 only where LOCATION is not required.
struct Terms {
    uint64 opensAt;
    uint64 closesAt;
    uint64 heldUntil;
    uint64 grace;
    uint64 supply;
    uint16 sites;
    uint8 requiredWitnesses;
    bytes32 geofenceHash;
}

/// @notice A key that vouches for presence.
/// @param key The address that signs statements.
/// @param classes What it vouches as, as bits: LOCATION = 1, COUNTER = 2.
/// @param site The only site it may vouch for; 0: all.
/// @param validFrom It vouches for nothing observed earlier; never before the moment it was added, unix seconds.
/// @param validUntil From then on it counts no more, unix seconds, exclusive.
struct Witness {
    address key;
    uint8 classes;
    uint16 site;
    uint64 validFrom;
    uint64 validUntil;
}

/// @notice Where a coupon stands in its one life.
enum Status {
    NotIssued,
    Unused,
    Redeemed,
    Revoked
}

/// @notice The ledger of one campaign: `issued = redeemed + revoked + unused`, at every block.
struct Ledger {
    uint256 issued;
    uint256 redeemed;
    uint256 revoked;
    uint256 unused;
}

/// @title The coupons of one gathering
/// @notice A book keeps campaigns, the shards of coupons issued in them, the witnesses it believes, and who used what.
/// It decides alone: window, holder, single use, supply and presence are enforced here and nowhere else.
interface ICouponBook {
    /// @notice Emitted when a campaign is made.
    event CampaignCreated(uint256 indexed campaignId, string name, Terms terms, string details);

    /// @notice Emitted when a campaign's terms change; they replace the earlier ones as a whole.
    event TermsChanged(uint256 indexed campaignId, Terms terms);

    /// @notice Emitted when coupons are issued: `holders[i]` gets the coupon in shard `firstShard + i / 255`, seat `i % 255`.
    event Issued(uint256 indexed campaignId, uint256 indexed firstShard, address[] holders);

    /// @notice Emitted when a coupon is used, which happens once.
    event CouponRedeemed(uint256 indexed campaignId, uint256 indexed serial, address indexed holder, uint16 site);

    /// @notice Emitted when an unused coupon is taken back.
    event CouponRevoked(uint256 indexed campaignId, uint256 indexed serial, string reason);

    /// @notice Emitted when a campaign is over and all its shards are counted: the closing statement.
    event CampaignClosed(uint256 indexed campaignId, uint256 issued, uint256 redeemed, uint256 revoked, uint256 unused);

    /// @notice Emitted when a witness is added, or replaces its own earlier entry.
    event WitnessAdded(address indexed key, uint8 classes, uint16 site, uint64 validFrom, uint64 validUntil);

    /// @notice Emitted when a witness is removed; nothing it signed counts from then on.
    event WitnessRemoved(address indexed key);

    /// @notice Thrown when the book has no such campaign.
    error UnknownCampaign(uint256 campaignId);

    /// @notice Thrown when a time lies beyond the year 2100, as milliseconds would.
    error TimeNotInSeconds(uint256 time, uint256 latest);

    /// @notice Thrown when the window is shorter than five minutes, or ends before it begins.
    error WindowTooShort(uint256 opensAt, uint256 closesAt, uint256 shortest);

    /// @notice Thrown when the window is longer than a year.
    error WindowTooLong(uint256 opensAt, uint256 closesAt, uint256 longest);

    /// @notice Thrown when the window has ended before the campaign begins to exist.
    error WindowHasPassed(uint256 closesAt, uint256 now_);

    /// @notice Thrown when `heldUntil` is not inside the window.
    error HeldUntilOutsideWindow(uint256 heldUntil, uint256 opensAt, uint256 closesAt);

    /// @notice Thrown when the grace is longer than thirty days.
    error GraceTooLong(uint256 grace, uint256 longest);

    /// @notice Thrown when the supply is none, or more than a campaign can hold.
    error SupplyOutOfRange(uint256 supply, uint256 largest);

    /// @notice Thrown when LOCATION is required and no geofence, or a geofence without sites, is given.
    error GeofenceMissing(bytes32 geofenceHash, uint256 sites);

    /// @notice Thrown when terms other than a later `closesAt` or a longer `grace` would change after opening.
    error TermsFrozen(uint256 opensAt, uint256 now_);

    /// @notice Thrown when the new supply is less than what stands issued.
    error SupplyBelowIssued(uint256 supply, uint256 standing);

    /// @notice Thrown when the campaign's time, grace included, is over.
    error CampaignIsOver(uint256 endedAt, uint256 now_);

    /// @notice Thrown when the campaign's time, grace included, is not yet over.
    error CampaignNotOver(uint256 endsAt, uint256 now_);

    /// @notice Thrown when the list of holders, or of coupons, is empty.
    error EmptyList();

    /// @notice Thrown when a holder in the list is the zero address or no address at all.
    error HolderInvalid(uint256 index);

    /// @notice Thrown when more coupons are asked for than the supply has left.
    error SupplyExceeded(uint256 asked, uint256 left);

    /// @notice Thrown before the window opens.
    error CampaignNotOpen(uint256 opensAt, uint256 now_);

    /// @notice Thrown when the window has closed and no witness vouched for presence inside it.
    error CampaignHasClosed(uint256 closesAt, uint256 now_);

    /// @notice Thrown when the site is not one of the campaign's.
    error UnknownSite(uint256 site, uint256 sites);

    /// @notice Thrown when the classes that vouched do not cover those the campaign requires.
    error PresenceMissing(uint256 required, uint256 covered);

    /// @notice Thrown when a statement names a key that is no witness of this book.
    error NotAWitness(address key);

    /// @notice Thrown when the witness may vouch for another site only.
    error WitnessNotAtSite(address key, uint256 allowed, uint256 site);

    /// @notice Thrown when the witness's own validity has ended, or began after what it says it observed.
    error WitnessNotValid(address key, uint256 validFrom, uint256 validUntil);

    /// @notice Thrown when a statement's observation lies outside the window.
    error ObservedOutsideWindow(uint256 observedAt, uint256 opensAt, uint256 closesAt);

    /// @notice Thrown when a statement's observation lies in the future by more than clocks may differ.
    error ObservedInFuture(uint256 observedAt, uint256 now_);

    /// @notice Thrown when a statement is past its time.
    error StatementExpired(uint256 validUntil, uint256 now_);

    /// @notice Thrown when a location statement would live longer than ten minutes from its observation.
    error StatementTooLong(uint256 observedAt, uint256 validUntil, uint256 longest);

    /// @notice Thrown when the witness did not sign this: a statement for another coupon, holder, site, geofence, campaign,
    /// book or chain, or a broken signature (then `recovered` is zero).
    error StatementForSomethingElse(address witness, address recovered);

    /// @notice Thrown when the holder's permission to redeem is past its deadline.
    error RedeemExpired(uint256 deadline, uint256 now_);

    /// @notice Thrown when the signature over `Redeem` is not the holder's.
    error HolderSignatureInvalid(address holder);

    /// @notice Thrown when a witness is the zero address, vouches as nothing, or would never be valid.
    error WitnessInvalid(Witness witness);

    /// @notice Thrown when the last admin would leave: a book without one could never mend its witnesses.
    error AdminCannotLeave();

    /// @notice Makes a campaign. For managers.
    /// @param name What people call it ("Lunch, Saturday").
    /// @param terms What it promises.
    /// @param details Free text or a URI for people; nothing here reads it.
    /// @return campaignId The campaign's number, from 1.
    function createCampaign(
        string calldata name,
        Terms calldata terms,
        string calldata details
    ) external returns (uint256 campaignId);

    /// @notice Changes a campaign's terms: before it opens any of them, after that only a later `closesAt` or a longer
    /// `grace`. For managers.
    function changeTerms(uint256 campaignId, Terms calldata terms) external;

    /// @notice Issues one coupon to each holder in the list, in new shards of up to 255. For managers.
    /// @return firstShard The first of the new shards.
    function issue(uint256 campaignId, address[] calldata holders) external returns (uint256 firstShard);

    /// @notice Uses the sender's coupon.
    /// @param coupon The coupon.
    /// @param proof The nodes from the coupon's leaf to its shard's root (docs/protocol.md#shard).
    /// @param site The site it is used at.
    /// @param statements The witnesses' statements for exactly this.
    function redeem(
        Coupon calldata coupon,
        bytes32[] calldata proof,
        uint16 site,
        Statement[] calldata statements
    ) external;

    /// @notice Uses a holder's coupon with the holder's signed `Redeem`. Anybody may send it and nobody gains by it.
    /// @param coupon The coupon.
    /// @param proof The nodes from the coupon's leaf to its shard's root.
    /// @param holder Whose coupon it is.
    /// @param site The site it is used at.
    /// @param deadline Until when the holder lets this be sent, unix seconds, inclusive.
    /// @param signature The holder's signature: 64 bytes (ERC-2098), 65 bytes, or what the holder's own ERC-1271 contract takes.
    /// @param statements The witnesses' statements for exactly this.
    function redeemFor(
        Coupon calldata coupon,
        bytes32[] calldata proof,
        address holder,
        uint16 site,
        uint64 deadline,
        bytes calldata signature,
        Statement[] calldata statements
    ) external;

    /// @notice Takes unused coupons of one shard back; they free supply for a new issue. For managers.
    /// @param campaignId The campaign.
    /// @param root The shard's root.
    /// @param serials The coupons, all of that shard.
    /// @param reason Why, for the record.
    function revoke(uint256 campaignId, bytes32 root, uint256[] calldata serials, string calldata reason) external;

    /// @notice Counts a campaign that is over and emits its closing statement. Anybody may call it.
    /// @param campaignId The campaign.
    /// @param roots The roots of the next shards in order; a large campaign may be counted in several calls.
    function close(uint256 campaignId, bytes32[] calldata roots) external;

    /// @notice Adds a witness, or replaces its entry. For the admin.
    function addWitness(Witness calldata witness) external;

    /// @notice Removes a witness at once. For the admin and guardians.
    function removeWitness(address key) external;

    /// @notice The campaign's terms.
    function campaign(uint256 campaignId) external view returns (Terms memory terms);

    /// @notice How many campaigns the book has; their numbers are 1 to this.
    function campaignCount() external view returns (uint256);

    /// @notice How many shards the campaign has; their numbers are 0 to this, less one.
    function shardCount(uint256 campaignId) external view returns (uint256);

    /// @notice How many coupons could still be issued.
    function supplyLeft(uint256 campaignId) external view returns (uint256);

    /// @notice Whether this coupon was issued to this holder.
    function isIssued(Coupon calldata coupon, address holder, bytes32[] calldata proof) external view returns (bool);

    /// @notice Where the coupon stands; `NotIssued` where the proof does not show it to be the holder's.
    function statusOf(Coupon calldata coupon, address holder, bytes32[] calldata proof) external view returns (Status);

    /// @notice The seats of a shard: bit n is clear while seat n is unused; 0 where there is no such shard.
    function seatsOf(
        uint256 campaignId,
        uint256 shard,
        bytes32 root
    ) external view returns (uint256 used, uint256 revoked);

    /// @notice The campaign's ledger, counted from the shards themselves.
    /// @param roots The roots of all its shards in order, from `Issued`; false ones are refused.
    function ledger(uint256 campaignId, bytes32[] calldata roots) external view returns (Ledger memory);

    /// @notice The witness's entry; all zero where the key is none.
    function witness(address key) external view returns (Witness memory);
}
