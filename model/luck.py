"""Addressed luck: one uniform number for each (seed, run, week, purpose, actor).

Luck is not drawn in sequence. It is Philox4x32-10 of its address, so that a new rule, purpose or state leaves
all other luck as it was, and two scenarios differ only by what their rules do with the same luck.

Source: Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11,
doi:10.1145/2063384.2063405; known answers from their Random123 library.
"""

import operator
from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from itertools import starmap
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

type Words = np.uint64 | NDArray[np.uint64]  # 32-bit words, each held in 64 bits so that products fit
type Numbers = np.float64 | NDArray[np.float64]
type Kinds = Mapping[str, tuple[type[NamedTuple], str | Sequence[str]]]

LIMIT = 2**32  # seeds, runs and weeks are 32-bit words

# The constants are np.uint64: a plain int beside a uint64 would turn to float64 in compiled code.
_WORD = np.uint64(0xFFFFFFFF)
_HIGH = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_ZERO = np.uint64(0)
_SIX = np.uint64(6)
_HALF = np.float64(0.5)
_UP_26_BITS = np.float64(2.0**26)
_DOWN_52_BITS = np.float64(2.0**-52)


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[Words, Words]) -> tuple[Words, Words, Words, Words]:
    """Philox4x32-10 of a counter and a key: np.uint64 scalars, or arrays that broadcast."""
    c0, c1, c2, c3 = counter
    key0, key1 = key
    for _ in range(10):
        product0 = c0 * _MULTIPLIER_0
        product1 = c2 * _MULTIPLIER_1
        c0 = (product1 >> _HIGH) ^ c1 ^ key0
        c2 = (product0 >> _HIGH) ^ c3 ^ key1
        c1 = product1 & _WORD
        c3 = product0 & _WORD
        key0 = (key0 + _WEYL_0) & _WORD
        key1 = (key1 + _WEYL_1) & _WORD
    return c0, c1, c2, c3


def fraction(high: Words, low: Words) -> Numbers:
    """Two words as a float64 strictly inside (0, 1): the upper 26 bits of each, and a half.

    Not 27 bits of the first: the half would no longer fit, and the largest number would round to 1.
    """
    return ((high >> _SIX) * _UP_26_BITS + (low >> _SIX) + _HALF) * _DOWN_52_BITS


def uniform(seed: Words, run: Words, week: Words, purpose: Words, actor: Words) -> Numbers:
    """Uniform strictly inside (0, 1) at an address: np.uint64 scalars, or arrays that broadcast."""
    words = philox((week, run, purpose, actor), (seed, _ZERO))
    return fraction(words[0], words[1])


def purpose_number(name: str) -> int:
    """Stable 32-bit number of a purpose: the CRC-32 of its ASCII name."""
    if not (name and name.isascii()):
        raise ValueError(f"purpose of luck must be an ASCII name, not {name!r}")
    return crc32(name.encode("ascii"))


def actor_number(code: str) -> int:
    """32-bit number of an actor: its code of one to four ASCII characters, packed in base 256."""
    if not (0 < len(code) <= 4 and code.isascii() and code.isprintable()):
        raise ValueError(f"actor's code must be 1 to 4 ASCII characters, not {code!r}")
    return int.from_bytes(code.encode("ascii"))


def check_word(name: str, value: int) -> int:
    """The value as an int, if it is a whole number from 0 to 2**32 - 1; else ValueError."""
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if not 0 <= number < LIMIT:
        raise ValueError(f"{name} must be a whole number from 0 to {LIMIT - 1}, not {value!r}")
    return number


def uniforms(
    seed: int, run: int, weeks: Iterable[int], purposes: Sequence[str], actors: Sequence[str]
) -> NDArray[np.float64]:
    """Uniforms strictly inside (0, 1), of shape (weeks, actors, purposes)."""
    luck = uniform(
        np.uint64(check_word("seed", seed)),
        np.uint64(check_word("run", run)),
        _words(check_word("week", week) for week in weeks)[:, None, None],
        _words(purpose_number(name) for name in purposes),
        _words(actor_number(code) for code in actors)[:, None],
    )
    return np.asarray(luck)


class Luck:
    """All luck of one run, dealt week by week to the kinds of actors.

    `kinds` names each kind, with the NamedTuple class whose fields are its purposes and the codes of its
    actors: a list of codes gives a list of such tuples each week, a single code (a str) gives one tuple.
    """

    def __init__(self, seed: int, run: int, kinds: Kinds, block: int = 52) -> None:
        """Check the addresses: ValueError if one is out of range, or if two purposes would share one.

        Weeks are dealt in blocks, in one vectorised call each; the block's length changes no number.
        """
        self._seed = np.uint64(check_word("seed", seed))
        self._run = np.uint64(check_word("run", run))
        self._kinds = list(kinds.values())
        self._week_class: Any = namedtuple("WeekLuck", tuple(kinds))  # type: ignore[misc]
        numbers = addresses(kinds)
        self._actors = _words(actor for actor, _ in numbers)
        self._purposes = _words(purpose for _, purpose in numbers)
        self._block = block
        self._first = 0
        self._weeks: list[Any] = []

    def week(self, t: int) -> Any:
        """Luck of week t: an attribute for each kind, with one tuple of floats or a list of them."""
        place = t - self._first
        if not 0 <= place < len(self._weeks):
            self._first = check_word("week", t)
            self._weeks = self._deal(range(t, min(t + self._block, LIMIT)))
            place = 0
        return self._weeks[place]

    def _deal(self, weeks: range) -> list[Any]:
        """Luck of several weeks: one WeekLuck each."""
        luck = np.asarray(uniform(self._seed, self._run, _words(weeks)[:, None], self._purposes, self._actors))
        columns: list[list[Any]] = []
        start = 0
        for shape, codes in self._kinds:
            actors = 1 if isinstance(codes, str) else len(codes)
            width = len(shape._fields)
            stop = start + actors * width
            # Python floats: rules read them faster than NumPy's.
            rows = luck[:, start:stop].reshape(len(weeks) * actors, width).tolist()
            tuples = list(starmap(shape, rows))
            if isinstance(codes, str):
                columns.append(tuples)
            else:
                columns.append([tuples[i * actors : (i + 1) * actors] for i in range(len(weeks))])
            start = stop
        return list(starmap(self._week_class, zip(*columns, strict=True)))


def _words(numbers: Iterable[int]) -> NDArray[np.uint64]:
    return np.fromiter(numbers, dtype=np.uint64)


def addresses(kinds: Kinds) -> list[tuple[int, int]]:
    """(actor, purpose) of all luck in a week; ValueError if two are equal, and so would share their luck."""
    names: dict[tuple[int, int], str] = {}
    for kind, (shape, codes) in kinds.items():
        for code in [codes] if isinstance(codes, str) else codes:
            for purpose in shape._fields:
                address = (actor_number(code), purpose_number(purpose))
                name = f"{kind}.{purpose} of {code}"
                if address in names:
                    raise ValueError(f"{names[address]} and {name} would share their luck")
                names[address] = name
    return list(names)
