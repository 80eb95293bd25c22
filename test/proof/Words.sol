// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What the prover is told of words
/// @notice The prover reads the ledger with each operator on a word's bits replaced by the function of that name here, since no
/// solver comes to an end with bits and with sums at once. Of these functions nothing is known but that each is
/// one; what a proof needs to know it learns from one of the lemmas below, each of which
/// scripts/prove-lemmas.ts proves for all words and seats.
abstract contract Words {
    // Never written: any function of its keys.
    mapping(uint256 operator => mapping(uint256 left => mapping(uint256 right => uint256))) private _results;

    function _onesIn(uint256 word) internal view returns (uint256) {
        return _results[1][word][0];
    }

    function not_(uint256 word) internal view returns (uint256) {
        return _results[2][word][0];
    }

    function and_(uint256 left, uint256 right) internal view returns (uint256) {
        return _results[3][left][right];
    }

    function or_(uint256 left, uint256 right) internal view returns (uint256) {
        return _results[4][left][right];
    }

    function xor_(uint256 left, uint256 right) internal view returns (uint256) {
        return _results[5][left][right];
    }

    function shl_(uint256 word, uint256 by) internal view returns (uint256) {
        return _results[6][word][by];
    }

    function shr_(uint256 word, uint256 by) internal view returns (uint256) {
        return _results[7][word][by];
    }

    /// @dev Any word.
    function _anything(uint256 number) internal view returns (uint256) {
        return _results[8][number][0];
    }

    /// @dev Whether this bit is set.
    function _isSet(uint256 word, uint256 seat) internal view returns (bool) {
        return _results[0][word][seat] != 0;
    }

    /// @dev How many bits are clear.
    function _clearIn(uint256 word) internal view returns (uint256) {
        return _onesIn(not_(word));
    }

    /// @dev Lemma "parts": a serial is its shard and its seat, and no other is.
    function _partsOf(uint256 serial) internal view returns (uint256 shard, uint256 seat) {
        shard = shr_(serial, 8);
        seat = and_(serial, 0xff);
        require(shard < 1 << 248 && seat < 256);
    }

    /// @dev Lemmas "mask" and "masked", of a seat below 256.
    function _learnMasked(uint256 word, uint256 seat) internal view {
        uint256 mask = shl_(1, seat);
        require(mask != 0);
        require((and_(word, mask) != 0) == _isSet(word, seat));
    }

    /// @dev Lemmas "set" (for `seat`, another and 255) and "one less".
    function _learnSet(uint256 word, uint256 seat, uint256 other) internal view {
        uint256 later = or_(word, shl_(1, seat));
        bool wasSet = _isSet(word, seat);
        bool wasOther = _isSet(word, other);
        bool wasLast = _isSet(word, 255);
        require(later != 0 && _isSet(later, seat));
        require(_isSet(later, other) == (other == seat || wasOther));
        require(_isSet(later, 255) == (seat == 255 || wasLast));
        uint256 clear = _clearIn(word);
        uint256 clearLater = _clearIn(later);
        require(wasSet || !wasLast || (clear > 0 && clearLater == clear - 1));
    }

    /// @dev Lemmas "fresh bits" and "fresh count", of 1 to 255 seats.
    function _learnFresh(uint256 seats, uint256 other) internal view {
        uint256 word = shl_(type(uint256).max, seats);
        require(word != 0 && _isSet(word, 255));
        require(_isSet(word, other) == (other >= seats));
        require(_clearIn(word) == seats);
    }

    /// @dev Lemma "at most 255".
    function _learnMost(uint256 word) internal view {
        require(_clearIn(word) <= 255);
    }

    /// @dev What holds at the beginning of each turn of the loop in `_unusedIn`.
    function _turnOf_unusedIn(
        uint256 campaignId,
        uint256 first,
        bytes32[] calldata roots,
        uint256 i,
        uint256 unused
    ) internal view virtual returns (bool);
}
