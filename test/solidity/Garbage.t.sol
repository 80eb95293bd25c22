// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms} from "../../contracts/interfaces/ICouponBook.sol";
import {BookTest} from "./BookTest.sol";
import {SoundCalls} from "./SoundCalls.sol";
import {vm} from "./Vm.sol";

/// @notice Whatever is sent to a book, to the factory or to the implementation, by whomever, at any time: the answer is done, an
/// error with a name, or a sentence; never a panic, and never an empty revert. One exception: a word with more bits than its
/// argument's type, which no encoder makes, is refused by the compiler's own check, and that says nothing (docs/threats.md).
contract GarbageTest is BookTest {
    SoundCalls private _sound;
    address private _manager;

    /// @notice Thrown when a call ends as none may.
    error Speechless(address target, bytes call_, bytes answer);

    function setUp() external {
        _makeBook();
        _sound = new SoundCalls();
        _manager = address(0xa11ce);
        vm.deal(address(this), 1 ether);
        book.grantRole(book.MANAGER_ROLE(), _manager);
        address[] memory holders = new address[](1);
        holders[0] = _manager;
        Terms memory terms = _terms(0);
        for (uint256 i = 0; i < 3; ++i) {
            book.createCampaign("", terms, "");
            book.issue(i + 1, holders);
            book.issueStandby(i + 1, holders);
        }
        book.pause(3);
    }

    /// @dev Nothing but noise behind a selector that is known, or not.
    function testFuzz_noiseIsAnsweredInWords(uint256 seed, bytes calldata noise, uint32 time) external {
        vm.warp(NOW + (time % 2 days));
        bytes[] memory calls = _callsOf(seed % 5 == 0, seed >> 8);
        bytes4 selector = seed % 7 == 0 ? bytes4(bytes32(seed)) : bytes4(calls[(seed >> 16) % calls.length]);
        _mustAnswer(seed, bytes.concat(selector, noise));
        _mustAnswer(seed, noise);
    }

    /// @dev Good calls with one word, one bit or the end of it spoiled.
    function testFuzz_spoiledCallsAreAnsweredInWords(uint256 seed, uint32 time) external {
        vm.warp(NOW + (time % 2 days));
        bytes[] memory calls = _callsOf(seed % 5 == 0, seed >> 8);
        for (uint256 i = 0; i < 6; ++i) {
            uint256 own = uint256(keccak256(abi.encode(seed, i)));
            _mustAnswer(seed, _spoiled(calls[own % calls.length], own >> 16));
        }
    }

    /// @dev Good calls of everything, which are answered or refused as they come.
    function test_soundCallsAreAnsweredInWords() external {
        for (uint256 hour = 0; hour < 30; hour += 1) {
            vm.warp(NOW + hour * 1 hours);
            for (uint256 i = 0; i < 2; ++i) {
                bytes[] memory calls = _callsOf(i == 1, hour);
                for (uint256 j = 0; j < calls.length; ++j) _mustAnswer(i == 1 ? 0 : 1, calls[j]);
            }
        }
    }

    function _callsOf(bool isFactory, uint256 seed) private view returns (bytes[] memory) {
        address who = [address(this), _manager, address(0), vm.addr(DESK_KEY)][seed % 4];
        uint256 now_ = vm.getBlockTimestamp();
        return isFactory ? _sound.ofFactory(who, now_) : _sound.ofBook((seed >> 8) % 5, who, now_);
    }

    /// @dev The seed says who sends it, whether with money, and to whom.
    function _mustAnswer(uint256 seed, bytes memory call_) private {
        address target = seed % 5 == 0 ? address(factory) : address(book);
        if (seed % 35 == 34) target = factory.IMPLEMENTATION();
        address sender = [address(this), _manager, vm.addr(DESK_KEY), address(0xb0b)][(seed >> 40) % 4];
        uint256 value = (seed >> 48) % 16 == 0 ? 1 : 0;
        vm.deal(sender, 1 ether);
        vm.prank(sender);
        (bool isDone, bytes memory answer) = target.call{value: value, gas: 16_000_000}(call_);
        if (isDone) return;
        bool isSpoken = answer.length >= 4 && bytes4(answer) != PANIC;
        bool isExcused = answer.length == 0 && _isOverfull(call_);
        if (!isSpoken && !isExcused) revert Speechless(target, call_, answer);
    }

    /// @dev Whether an argument has more bits than its type.
    function _isOverfull(bytes memory call_) private view returns (bool) {
        (uint256[] memory places, int256[] memory bits) = _sound.narrowOf(bytes4(call_));
        for (uint256 i = 0; i < places.length; ++i) {
            uint256 word = uint256(_wordAt(call_, 4 + 32 * places[i]));
            uint256 excess = bits[i] < 0 ? word << uint256(-bits[i]) : word >> uint256(bits[i]);
            if (excess != 0) return true;
        }
        bool isCreate = bytes4(call_) == factory.createBook.selector;
        bool isPredict = bytes4(call_) == factory.predictBook.selector;
        if (!isCreate && !isPredict) return false;
        uint256 offset = uint256(_wordAt(call_, isCreate ? 36 : 68));
        return offset < call_.length && _hasOverfullWitness(call_, 4 + offset);
    }

    /// @dev The same for a list of witnesses that begins there.
    function _hasOverfullWitness(bytes memory call_, uint256 place) private pure returns (bool) {
        uint256[5] memory bits = [uint256(160), 8, 16, 64, 64];
        for (uint256 i = 0; place + 32 * (i + 2) <= call_.length && i < 5 * 64; ++i) {
            if (uint256(_wordAt(call_, place + 32 * (i + 1))) >> bits[i % 5] != 0) return true;
        }
        return false;
    }

    /// @dev The word at that place, zeros where the bytes end before it does.
    function _wordAt(bytes memory data, uint256 place) private pure returns (bytes32 word) {
        for (uint256 i = 0; i < 32; ++i) {
            if (place + i < data.length) word |= bytes32(data[place + i]) >> (8 * i);
        }
    }

    function _spoiled(bytes memory call_, uint256 seed) private view returns (bytes memory) {
        uint256 words = (call_.length - 4) / 32;
        if (seed % 4 == 0 || words == 0) return _cut(call_, 4 + ((seed >> 8) % (call_.length - 3)));
        uint256 place = 4 + 32 * ((seed >> 8) % words);
        uint256[16] memory odd = [
            0,
            1,
            2,
            3,
            5,
            32,
            64,
            0x124,
            call_.length,
            type(uint32).max,
            type(uint64).max,
            type(uint128).max,
            type(uint256).max,
            type(uint256).max - 31,
            STANDBY << 8,
            vm.getBlockTimestamp()
        ];
        uint256 word = uint256(_wordAt(call_, place));
        if (seed % 4 == 1) word ^= 1 << ((seed >> 40) % 256);
        else if (seed % 4 == 2) word = odd[(seed >> 40) % 16];
        else word = _shifted(word, seed >> 40); // an offset or a length that is not quite right
        for (uint256 i = 0; i < 32; ++i) call_[place + i] = bytes32(word)[i];
        return (seed >> 56) % 4 == 0 ? bytes.concat(call_, bytes32(seed)) : call_;
    }

    /// @dev Up to 32 words more, or less.
    function _shifted(uint256 word, uint256 seed) private pure returns (uint256) {
        unchecked {
            return word + (seed % 64) * 32 - 1024; // may wrap: that is a far offset too
        }
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory part) {
        if (length > data.length) length = data.length;
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = data[i];
    }
}
