"""Intervals and survival curves against published and hand-made numbers."""

import lifelines
import numpy as np
import pytest

from experiments.intervals import EVENTS, bootstrap_means, paired_difference, tango, wilson
from experiments.survival import curve, years


def test_events_are_the_outcomes_that_happen_or_not():
    assert {"held", "renewed_war", "direct_combat", "wider_war"} <= EVENTS
    assert not {"deaths", "weeks_held", "withdrawals"} & EVENTS


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(successes, n, low, high):
    found = wilson(successes, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.estimate == successes / n


def test_wilson_at_the_edges():
    assert wilson(60, 60).high == 1.0
    assert 0.93 < wilson(60, 60).low < 0.95
    assert np.isnan(wilson(0, 0).estimate)


def test_tango_as_published():
    # Fagerland, Lydersen and Laake (2014), Statistics in Medicine 33:2850: 1 against 7 of 21 pairs
    found = tango(1, 7, 21)
    assert (round(found.low, 3), round(found.high, 3)) == (-0.517, -0.026)
    # Tango (1998): no run differs, n = 44
    z2 = 1.959964**2
    assert tango(0, 0, 44).high == pytest.approx(z2 / (44 + z2), abs=1e-6)
    assert tango(0, 0, 44).low == pytest.approx(-tango(0, 0, 44).high)
    assert tango(10, 0, 10).high == 1.0
    assert tango(0, 10, 10).low == -1.0


def test_paired_differences_use_the_pairs():
    luck = np.random.default_rng(1).random(200)
    held, other = (luck < 0.6).astype(float), (luck < 0.5).astype(float)
    paired = paired_difference("held", held, other)
    unpaired = paired_difference("held", held, np.random.default_rng(2).permutation(other))
    assert paired.estimate == pytest.approx(unpaired.estimate)
    assert paired.high - paired.low < 0.6 * (unpaired.high - unpaired.low)
    deaths = paired_difference("deaths", luck * 100, luck * 100 - 5)
    assert deaths.estimate == pytest.approx(5)
    assert deaths.high - deaths.low < 1e-9
    with pytest.raises(ValueError, match="equal runs"):
        paired_difference("held", held, other[:-1])


def test_bootstrap_is_repeatable_and_covers():
    values = np.random.default_rng(3).exponential(1.0, (80, 300))
    found = bootstrap_means(values)
    assert found == bootstrap_means(values)
    covered = np.mean([each.low <= 1.0 <= each.high for each in found])
    assert 0.88 < covered < 0.98
    alone = bootstrap_means(values[:1])[0]
    assert alone.estimate == values[0, 0]
    assert np.isnan(alone.low)
    many = bootstrap_means(np.repeat(values, 100, axis=0))[0]
    assert many.low < found[0].estimate < many.high


def test_curve_by_hand():
    weeks = np.array([10.0, 10, 52, 60, 104, 104, 104, 104, 104, 104])
    held = np.array([0.0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    table = curve(weeks, held, 104).set_index("week")
    assert list(table.index) == [0, 10, 52, 60, 104]
    assert list(table["at_risk"]) == [10, 10, 8, 7, 6]
    assert list(table["collapses"]) == [0, 2, 1, 1, 0]
    assert list(table["survival"]) == pytest.approx([1.0, 0.8, 0.7, 0.6, 0.6])


def test_curve_is_that_of_lifelines_with_every_run_by_itself():
    luck = np.random.default_rng(4)
    weeks, held = np.ceil(luck.random(3000) * 60), (luck.random(3000) < 0.4).astype(float)
    table = curve(weeks, held, 60).set_index("week")
    plain = lifelines.KaplanMeierFitter().fit(weeks, held < 0.5)
    assert list(table["survival"]) == pytest.approx(list(plain.survival_function_at_times(table.index)))
    assert list(table["collapses"].iloc[1:]) == list(plain.event_table["observed"].loc[1:])
    assert list(table["at_risk"]) == [int((weeks >= week).sum()) for week in table.index]


def test_without_early_censoring_the_band_is_that_of_a_proportion():
    weeks = np.concatenate([np.arange(1.0, 25), np.full(36, 260.0)])
    held = (weeks == 260).astype(float)
    for row in curve(weeks, held, 260).itertuples():
        expected = wilson(round(row.survival * 60), 60)
        assert (row.low, row.high) == pytest.approx((expected.low, expected.high))


def test_band_keeps_a_width_when_nothing_or_everything_collapses():
    none = curve(np.full(60, 260.0), np.ones(60), 260).iloc[-1]
    assert (none["survival"], none["high"]) == (1.0, 1.0)
    assert none["low"] == pytest.approx(wilson(60, 60).low)
    every = curve(np.full(60, 5.0), np.zeros(60), 260).iloc[-1]
    assert (every["survival"], every["low"], every["at_risk"]) == (0.0, 0.0, 0)
    assert every["high"] == pytest.approx(wilson(0, 60).high)


def test_early_censoring_widens_the_band():
    weeks = np.array([10.0] * 10 + [20.0] * 40 + [30.0] * 5 + [52.0] * 5)
    held = np.array([0.0] * 10 + [1.0] * 40 + [0.0] * 5 + [1.0] * 5)
    last = curve(weeks, held, 52).iloc[-1]
    assert last["survival"] == pytest.approx(50 / 60 * 0.5)
    proportion = wilson(last["survival"] * 60, 60)
    assert last["low"] < proportion.low
    assert last["high"] > proportion.high


def test_mean_time_held_is_the_area_under_the_curve():
    weeks = np.array([10.0, 20, 30, 104, 104])
    table = curve(weeks, np.array([0.0, 0, 0, 1, 1]), 104)
    area = float((table["survival"].to_numpy()[:-1] * np.diff(table["week"])).sum())
    assert area == pytest.approx(weeks.mean())


def test_years():
    assert years(260) == [0, 52, 104, 156, 208, 260]
    assert years(20) == [0]
