"""Luck is the published Philox of its address, and of nothing else."""

from typing import NamedTuple
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.luck import Luck, actor_number, fraction, philox, purpose_number, uniform, uniforms

ALL_ONES = 0xFFFFFFFF
WORDS = st.integers(0, ALL_ONES)

# Random123, kat_vectors, philox4x32 10: counter, key, answer.
KNOWN_ANSWERS = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([ALL_ONES] * 4, [ALL_ONES] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]


class StateLuck(NamedTuple):
    opinion: float
    economy: float
    envoy: float


class RussiaLuck(NamedTuple):
    choice: float
    losses: float


class Twins(NamedTuple):
    plumless: float  # the two names have one CRC-32
    buckeroo: float


STATES = ["FRA", "GBR", "POL"]
KINDS = {"states": (StateLuck, STATES), "russia": (RussiaLuck, "RUS")}


def slow_philox(counter, key):
    """The paper's round, in plain integers."""
    (a, b, c, d), (k, m) = counter, key
    for turn in range(10):
        high0, low0 = divmod(0xD2511F53 * a, 2**32)
        high1, low1 = divmod(0xCD9E8D57 * c, 2**32)
        key0, key1 = (k + turn * 0x9E3779B9) % 2**32, (m + turn * 0xBB67AE85) % 2**32
        a, b, c, d = high1 ^ b ^ key0, low1, high0 ^ d ^ key1, low0
    return [a, b, c, d]


def slow_uniform(seed, run, week, purpose, actor):
    number = sum(ord(letter) * 256**place for place, letter in enumerate(reversed(actor)))
    high, low, _, _ = slow_philox([week, run, crc32(purpose.encode()), number], [seed, 0])
    return (2 * ((high >> 6) * 2**26 + (low >> 6)) + 1) / 2**53


def fast_philox(counter, key):
    with np.errstate(all="raise"):
        return [int(word) for word in philox(tuple(map(np.uint64, counter)), tuple(map(np.uint64, key)))]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_published_known_answers(counter, key, answer):
    assert fast_philox(counter, key) == answer
    assert slow_philox(counter, key) == answer


@given(st.lists(WORDS, min_size=4, max_size=4), st.lists(WORDS, min_size=2, max_size=2))
def test_philox_of_any_words_is_the_slow_one(counter, key):
    assert fast_philox(counter, key) == slow_philox(counter, key)


def test_philox_of_arrays_is_that_of_their_elements():
    words = np.random.default_rng(1).integers(0, 2**32, (6, 500), dtype=np.uint64)
    answers = np.array(philox(tuple(words[:4]), tuple(words[4:])))
    assert answers.T.tolist() == [slow_philox(w[:4], w[4:]) for w in words.T.tolist()]


def test_fraction_stays_strictly_inside_0_and_1():
    assert fraction(np.uint64(0), np.uint64(0)) == 2.0**-53
    assert fraction(np.uint64(ALL_ONES), np.uint64(ALL_ONES)) == 1.0 - 2.0**-53


@given(seed=WORDS, run=WORDS, week=st.integers(0, 2000), purpose=st.sampled_from(["opinion", "choice"]))
def test_uniform_is_philox_of_its_address(seed, run, week, purpose):
    expected = slow_uniform(seed, run, week, purpose, "FRA")
    assert uniforms(seed, run, [week], [purpose], ["FRA"]).tolist() == [[[expected]]]
    address = (seed, run, week, purpose_number(purpose), actor_number("FRA"))
    assert uniform(*map(np.uint64, address)) == expected


def test_luck_does_not_change_between_versions():
    assert uniforms(1, 0, [0], ["opinion"], ["FRA"])[0, 0, 0] == 0.4927000823037616
    assert purpose_number("opinion") == 0xAB02B027
    assert actor_number("FRA") == 0x465241


@given(st.permutations(STATES), st.permutations(StateLuck._fields), st.permutations(range(5)))
def test_order_and_company_leave_luck_as_it_was(actors, purposes, weeks):
    luck = uniforms(7, 3, range(5), StateLuck._fields, STATES)
    shuffled = uniforms(7, 3, weeks, ["new", *purposes], [*actors, "UKR"])
    places = np.ix_(weeks, [STATES.index(a) for a in actors], [StateLuck._fields.index(p) for p in purposes])
    assert np.array_equal(shuffled[:, :-1, 1:], luck[places])


def test_week_deals_named_python_floats():
    week = Luck(7, 3, KINDS).week(4)
    luck = uniforms(7, 3, [4], StateLuck._fields, STATES)[0].tolist()
    assert week.states == [StateLuck(*row) for row in luck]
    assert week.russia == RussiaLuck(*uniforms(7, 3, [4], RussiaLuck._fields, ["RUS"])[0, 0].tolist())
    assert type(week.states[1]) is StateLuck
    assert type(week.states[1].economy) is float


@pytest.mark.parametrize("block", [1, 5, 52])
def test_blocks_and_order_of_weeks_change_nothing(block):
    weeks = [0, 1, 2, 60, 59, 3, 51, 52, 53, 2**32 - 1]
    luck = Luck(7, 3, KINDS, block=block)
    assert [luck.week(t) for t in weeks] == [Luck(7, 3, KINDS).week(t) for t in weeks]


def test_new_kind_leaves_the_others_luck_as_it_was():
    more = Luck(7, 3, {"us": (RussiaLuck, "USA"), **KINDS}).week(9)
    assert (more.states, more.russia) == tuple(Luck(7, 3, KINDS).week(9))


def test_no_actors_no_luck():
    assert Luck(7, 3, {"states": (StateLuck, [])}).week(0).states == []


def test_seeds_runs_weeks_actors_and_purposes_have_luck_of_their_own():
    luck = np.array([uniforms(s, r, range(50), StateLuck._fields, STATES) for s in (0, 1) for r in (0, 1)])
    assert len(np.unique(luck)) == luck.size
    for axis in range(4):
        neighbours = np.moveaxis(luck, axis, 0)
        correlation = np.corrcoef(neighbours[:-1].ravel(), neighbours[1:].ravel())[0, 1]
        assert abs(correlation) < 0.12  # about four standard errors


def test_luck_is_uniform():
    luck = uniforms(1, 0, range(1000), [f"purpose{i}" for i in range(10)], [f"A{i}" for i in range(10)])
    assert 0.0 < luck.min() < luck.max() < 1.0
    counts = np.histogram(luck, bins=100, range=(0.0, 1.0))[0]
    assert ((counts - 1000.0) ** 2 / 1000.0).sum() < 160.0  # chi-squared of 99 degrees: one in 10,000 is above


@pytest.mark.parametrize("wrong", [-1, 2**32, 1.0, float("nan"), True, "1", None])
def testaddresses_out_of_range_are_refused_at_the_door(wrong):
    for seed, run, word in ((wrong, 0, "seed"), (0, wrong, "run")):
        with pytest.raises(ValueError, match=rf"^{word} must be a whole number from 0 to 4294967295, not .*$"):
            Luck(seed, run, KINDS)
        with pytest.raises(ValueError, match=rf"^{word} must be"):
            uniforms(seed, run, [0], ["opinion"], ["FRA"])
    with pytest.raises(ValueError, match=r"^week must be"):
        uniforms(0, 0, [wrong], ["opinion"], ["FRA"])


def test_numpy_integers_are_welcome():
    assert Luck(np.int64(7), np.uint32(3), KINDS).week(2) == Luck(7, 3, KINDS).week(2)


@pytest.mark.parametrize("code", ["", "FRANC", "É", "A\n"])
def test_codes_that_do_not_fit_are_refused(code):
    with pytest.raises(ValueError, match="code must be"):
        actor_number(code)


@pytest.mark.parametrize("name", ["", "côte"])
def test_purposes_that_are_not_ascii_are_refused(name):
    with pytest.raises(ValueError, match="ASCII name"):
        purpose_number(name)


def test_shared_luck_is_refused():
    with pytest.raises(ValueError, match=r"a\.plumless of RUS and a\.buckeroo of RUS would share their luck"):
        Luck(0, 0, {"a": (Twins, "RUS")})
    with pytest.raises(ValueError, match=r"states\.opinion of FRA and states\.opinion of FRA would share"):
        Luck(0, 0, {"states": (StateLuck, ["FRA", "FRA"])})
    with pytest.raises(ValueError, match=r"a\.choice of RUS and b\.choice of RUS would share"):
        Luck(0, 0, {"a": (RussiaLuck, "RUS"), "b": (RussiaLuck, ["UKR", "RUS"])})
