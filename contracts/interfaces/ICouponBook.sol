// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

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

/// @notice What a campaign's own counters say; redemptions are counted by the shards (`ledger`).
/// @param issued Coupons issued within the supply.
/// @param revoked Those of them that were revoked.
/// @param shards Their shards, numbered from 0.
/// @param standbyIssued Standby coupons issued.
/// @param standbyRevoked Those of them that were revoked.
/// @param standbyShards Their shards, numbered from 2^31.
/// @param shardsCounted How many of `shards` were counted, in order: what was unused in them is held no longer.
/// @param leftForAll How many standby and late holders could still redeem, once `heldUntil` is over.
/// @param isClosed Whether the closing statement was made.
struct Counters {
    uint256 issued;
    uint256 revoked;
    uint256 shards;
    uint256 standbyIssued;
    uint256 standbyRevoked;
    uint256 standbyShards;
    uint256 shardsCounted;
    uint256 leftForAll;
    bool isClosed;
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
    /// Shards from 2^31 on hold standby coupons.
    event Issued(uint256 indexed campaignId, uint256 indexed firstShard, address[] holders);

    /// @notice Emitted when a coupon is used, which happens once.
    event CouponRedeemed(uint256 indexed campaignId, uint256 indexed serial, address indexed holder, uint16 site);

    /// @notice Emitted when a batch skips an item.
    /// @param why The error that `redeemFor` would have thrown, ABI-encoded.
    event RedemptionRefused(uint256 indexed campaignId, uint256 indexed serial, address indexed holder, bytes why);

    /// @notice Emitted when an unused coupon is taken back.
    event CouponRevoked(uint256 indexed campaignId, uint256 indexed serial, string reason);

    /// @notice Emitted when a coupon is issued in another's stead; the other was revoked in the same call.
    event CouponReallotted(uint256 indexed campaignId, uint256 indexed replaced, uint256 indexed serial);

    /// @notice Emitted when a campaign is paused.
    event CampaignPaused(uint256 indexed campaignId);

    /// @notice Emitted when a campaign goes on; its terms have the lost time added.
    event CampaignResumed(uint256 indexed campaignId, Terms terms);

    /// @notice Emitted when the next `shards` shards are counted after `heldUntil`: `unused` more are there for all.
    event UnusedReleased(uint256 indexed campaignId, uint256 shards, uint256 unused);

    /// @notice Emitted when the next `shards` shards of a campaign that is over are counted, with `unused` coupons in them, and
    /// others are still to be counted before the closing statement.
    event ShardsCounted(uint256 indexed campaignId, uint256 shards, uint256 unused);

    /// @notice Emitted when a campaign is over and all its shards are counted: the closing statement.
    event CampaignClosed(uint256 indexed campaignId, uint256 issued, uint256 redeemed, uint256 revoked, uint256 unused);

    /// @notice Emitted when a witness is added, or replaces its own earlier entry.
    event WitnessAdded(address indexed key, uint8 classes, uint16 site, uint64 validFrom, uint64 validUntil);

    /// @notice Emitted when a witness is removed; nothing it signed counts from then on.
    event WitnessRemoved(address indexed key);

    /// @notice Emitted when `contractURI` changes (ERC-7572).
    event ContractURIUpdated();

    /// @notice Thrown when no function has this selector.
    error UnknownFunction(bytes4 selector);

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

    /// @notice Thrown while the campaign is paused.
    error CampaignIsPaused(uint256 campaignId, uint256 since);

    /// @notice Thrown when a campaign that is not paused should be resumed.
    error CampaignNotPaused(uint256 campaignId);

    /// @notice Thrown when the campaign holds its coupons to the end (`heldUntil` is 0), so that it has no standby.
    error NoStandby(uint256 campaignId);

    /// @notice Thrown when coupons are still held for their holders, so that standby must wait.
    error StandbyNotYet(uint256 heldUntil, uint256 now_);

    /// @notice Thrown when the list of holders, or of coupons, is empty.
    error EmptyList();

    /// @notice Thrown when a list is longer than one call takes.
    error ListTooLong(uint256 given, uint256 longest);

    /// @notice Thrown when two lists that belong together differ in length.
    error ListsDiffer(uint256 first, uint256 second);

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

    /// @notice Thrown when the key that signed exactly this is no witness of this book. A statement for another coupon, holder,
    /// site, campaign, book or chain looks as if a key nobody knows had signed it; zero where the signature is broken.
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

    /// @notice Thrown when a statement was made about another geofence than the campaign's.
    error StatementForOtherGeofence(bytes32 given, bytes12 expected);

    /// @notice Thrown when a batch's items name more, or fewer, statements than came with it.
    error StatementsDoNotFit(uint256 given, uint256 named);

    /// @notice Thrown when a batch ends in the middle of an item.
    error BatchCutShort(uint256 length, uint256 needed);

    /// @notice Thrown when an item of a batch has more proof nodes than a shard is deep.
    error ProofTooLong(uint256 nodes, uint256 deepest);

    /// @notice Thrown when the holder's permission to redeem is past its deadline.
    error RedeemExpired(uint256 deadline, uint256 now_);

    /// @notice Thrown when the signature over `Redeem` is not the holder's.
    error HolderSignatureInvalid(address holder);

    /// @notice Thrown when a witness is the zero address, vouches as nothing, or would never be valid.
    error WitnessInvalid(Witness witness);

    /// @notice Thrown when the last admin would leave: a book without one could never mend its witnesses.
    error AdminCannotLeave();

    /// @notice Thrown when a delay should be set for handing the book over.
    error AdminDelayIsFixed();

    /// @notice Says where to find the book's name and contact (ERC-7572). For the admin.
    /// @param uri A `data:` or `https:` URI of JSON with `name`, `description`, `external_link`; empty: none.
    function setContractURI(string calldata uri) external;

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

    /// @notice Issues one standby coupon to each holder: beyond the supply, for what is unused after `heldUntil`. For managers.
    /// @return firstShard The first of the new shards, 2^31 or more.
    function issueStandby(uint256 campaignId, address[] calldata holders) external returns (uint256 firstShard);

    /// @notice Uses the sender's coupon.
    /// @param campaignId The coupon's campaign.
    /// @param serial The coupon's serial in it.
    /// @param statements The witnesses' statements for exactly this.
    /// @param site The site it is used at.
    /// @param proof The nodes from the coupon's leaf to its shard's root (docs/protocol.md#shard).
    function redeem(
        uint256 campaignId,
        uint256 serial,
        Statement[] calldata statements,
        uint16 site,
        bytes calldata proof
    ) external;

    /// @notice Uses a holder's coupon with the holder's signed `Redeem`. Anybody may send it and nobody gains by it.
    /// @param campaignId The coupon's campaign.
    /// @param serial The coupon's serial in it.
    /// @param statements The witnesses' statements for exactly this.
    /// @param site The site it is used at.
    /// @param proof The nodes from the coupon's leaf to its shard's root.
    /// @param holder Whose coupon it is.
    /// @param deadline Until when the holder lets this be sent, unix seconds, inclusive.
    /// @param signature The holder's signature: 64 bytes (ERC-2098), 65 bytes, or what the holder's own ERC-1271 contract takes.
    function redeemFor(
        uint256 campaignId,
        uint256 serial,
        Statement[] calldata statements,
        uint16 site,
        bytes calldata proof,
        address holder,
        uint64 deadline,
        bytes calldata signature
    ) external;

    /// @notice Uses many coupons of one campaign at one site, each by its holder's signed `Redeem`; an item that is refused is
    /// skipped with `RedemptionRefused`. Anybody may send it; a sender that is a witness vouches for all.
    /// @param campaignId The campaign.
    /// @param site The site they are used at.
    /// @param items The items, packed (docs/protocol.md#batch).
    /// @param statements The witnesses' statements, in the order of the items that name them.
    /// @return redeemed How many were not refused.
    function redeemBatch(
        uint256 campaignId,
        uint16 site,
        bytes calldata items,
        Statement[] calldata statements
    ) external returns (uint256 redeemed);

    /// @notice Takes unused coupons of one shard back; they free supply for a new issue. For managers.
    /// @param campaignId The campaign.
    /// @param root The shard's root.
    /// @param serials The coupons, all of that shard.
    /// @param reason Why, for the record.
    function revoke(uint256 campaignId, bytes32 root, uint256[] calldata serials, string calldata reason) external;

    /// @notice Takes unused coupons of one shard back and issues one to each of the new holders instead. For managers.
    /// @param campaignId The campaign.
    /// @param root The shard's root.
    /// @param serials The coupons to replace, all of that shard, at most 255.
    /// @param holders Who gets one instead, in the same order.
    /// @param reason Why, for the record.
    /// @return firstShard The shard of the new coupons; `holders[i]` has seat i.
    function reallot(
        uint256 campaignId,
        bytes32 root,
        uint256[] calldata serials,
        address[] calldata holders,
        string calldata reason
    ) external returns (uint256 firstShard);

    /// @notice Stops redemptions in a campaign. For the admin and guardians.
    function pause(uint256 campaignId) external;

    /// @notice Lets a paused campaign go on, with the time that was lost given back. For the admin.
    function resume(uint256 campaignId) external;

    /// @notice After `heldUntil`, counts the next shards: what is unused in them is there for standby and for late holders,
    /// whoever comes first. Coupons in shards that were not counted are still held. Anybody may call it.
    /// @param campaignId The campaign.
    /// @param roots The roots of the next shards in order.
    function release(uint256 campaignId, bytes32[] calldata roots) external;

    /// @notice Counts a campaign that is over and emits its closing statement. Anybody may call it.
    /// @param campaignId The campaign.
    /// @param roots The roots of the shards not counted yet, in order; a large campaign may be counted in several calls.
    function close(uint256 campaignId, bytes32[] calldata roots) external;

    /// @notice Adds a witness, or replaces its entry. For the admin.
    function addWitness(Witness calldata witness) external;

    /// @notice Removes a witness at once. For the admin and guardians.
    function removeWitness(address key) external;

    /// @notice The book's name, as it was made with.
    function name() external view returns (string memory);

    /// @notice Where to find the book's name and contact (ERC-7572); empty where nobody said.
    function contractURI() external view returns (string memory);

    /// @notice The campaign's terms.
    function campaign(uint256 campaignId) external view returns (Terms memory terms);

    /// @notice How many campaigns the book has; their numbers are 1 to this.
    function campaignCount() external view returns (uint256);

    /// @notice Since when the campaign is paused, unix seconds; 0 where it is not.
    function pausedAt(uint256 campaignId) external view returns (uint256);

    /// @notice What the campaign's own counters say.
    function countersOf(uint256 campaignId) external view returns (Counters memory);

    /// @notice How many shards the campaign has, standby not counted; their numbers are 0 to this, less one.
    function shardCount(uint256 campaignId) external view returns (uint256);

    /// @notice How many coupons could still be issued.
    function supplyLeft(uint256 campaignId) external view returns (uint256);

    /// @notice Whether `redeem`, sent by the holder with these arguments in this block, would succeed; if not, the error that
    /// it would throw.
    function canRedeem(
        uint256 campaignId,
        uint256 serial,
        Statement[] calldata statements,
        uint16 site,
        bytes calldata proof,
        address holder
    ) external view returns (bool isRedeemable, bytes memory why);

    /// @notice Whether this coupon was issued to this holder.
    function isIssued(
        uint256 campaignId,
        uint256 serial,
        address holder,
        bytes calldata proof
    ) external view returns (bool);

    /// @notice Where the coupon stands; `NotIssued` where the proof does not show it to be the holder's.
    function statusOf(
        uint256 campaignId,
        uint256 serial,
        address holder,
        bytes calldata proof
    ) external view returns (Status);

    /// @notice The seats of a shard: bit n is clear while seat n is unused; 0 where there is no such shard.
    function seatsOf(
        uint256 campaignId,
        uint256 shard,
        bytes32 root
    ) external view returns (uint256 used, uint256 revoked);

    /// @notice The campaign's ledger, counted from the shards themselves.
    /// @param roots The roots of its shards in order, from `Issued`, less those counted already; false ones are refused.
    function ledger(uint256 campaignId, bytes32[] calldata roots) external view returns (Ledger memory);

    /// @notice The witness's entry; all zero where the key is none.
    function witness(address key) external view returns (Witness memory);
}
