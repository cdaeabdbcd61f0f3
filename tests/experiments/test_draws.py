"""Drawn parameters: the register's priors, evenly filled, and the same for run r however the runs are cut."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from experiments.draws import Draws, draw_parameters, quantile
from model.register import Parameter, build_parameters, flatten, load_register
from model.scenario import load_scenario

REGISTER = load_register()
UNCERTAIN = sorted(name for name, each in REGISTER.items() if each.kind == "uncertainty")
SWITCHES = sorted(name for name, each in REGISTER.items() if each.kind == "switch")
RUNS = 300
WHOLE = draw_parameters(REGISTER, RUNS, seed=3, switches=True)
SHARES = st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=1, max_size=20)
PRIORS = st.sampled_from(["uniform", "log-uniform", "triangular"])


def parameter(**fields) -> Parameter:
    common = {"group": "g", "key": "k", "unit": "1", "kind": "uncertainty", "grade": "A", "source": "s"}
    return Parameter(**{**common, "date": "2025", "meaning": "m", **fields})


def scalar_quantile(entry: Parameter, u: float) -> float:
    """The formulae for one share, written once more without NumPy."""
    if entry.options is not None:
        return float(min(int(u * len(entry.options)), len(entry.options) - 1))
    if isinstance(entry.value, bool):
        return float(u >= 0.5)
    low, high, mode = entry.low, entry.high, entry.value
    if entry.prior == "log-uniform":
        value = math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    elif entry.prior == "triangular":
        if u < (mode - low) / (high - low):
            value = low + math.sqrt(u * (high - low) * (mode - low))
        else:
            value = high - math.sqrt((1 - u) * (high - low) * (high - mode))
    else:
        value = low + u * (high - low)
    return min(max(value, low), high)


@given(
    ends=st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3)).filter(lambda ends: ends[0] < ends[1]),
    mode=st.floats(0.0, 1.0),
    prior=PRIORS,
    shares=SHARES,
)
def test_priors_have_the_quantiles_of_the_formulae(ends, mode, prior, shares):
    low, high = ends
    entry = parameter(value=min(low + mode * (high - low), high), low=low, high=high, prior=prior)
    found = quantile(entry, np.array(shares))
    assert found == pytest.approx([scalar_quantile(entry, u) for u in shares], rel=1e-14)
    assert (found >= low).all()
    assert (found <= high).all()


def test_every_prior_of_the_register_has_its_range():
    shares = np.linspace(0.0, 1.0, 101)
    for name in (*UNCERTAIN, *SWITCHES, "guarantee.form", "force.size"):
        entry = REGISTER[name]
        found = quantile(entry, shares)
        assert found.tolist() == [scalar_quantile(entry, u) for u in shares.tolist()], name
        if entry.options is not None:
            assert set(found.tolist()) == {entry.encode(option) for option in entry.options}, name
        elif isinstance(entry.value, bool):
            assert set(found.tolist()) == {0.0, 1.0}, name
        else:
            assert found[[0, -1]] == pytest.approx([entry.low, entry.high], rel=1e-15), name
            assert found.min() >= entry.low, name
            assert found.max() <= entry.high, name


def test_quantiles_of_each_prior():
    uniform = parameter(value=2.0, low=1.0, high=5.0)
    assert quantile(uniform, np.array([0.0, 0.25, 1.0])).tolist() == [1, 2, 5]
    logarithmic = parameter(value=1.0, low=0.01, high=100.0, prior="log-uniform")
    assert quantile(logarithmic, np.array([0.5, 0.75])) == pytest.approx([1.0, 10.0])
    triangular = parameter(value=1.0, low=0.0, high=4.0, prior="triangular")
    assert quantile(triangular, np.array([0.0, 0.25, 1.0])) == pytest.approx([0.0, 1.0, 4.0])
    choice = parameter(value="a", options=("a", "b", "c"), unit="choice")
    assert quantile(choice, np.array([0.0, 0.34, 0.99, 1.0])).tolist() == [0, 1, 2, 2]
    with pytest.raises(ValueError, match=r"g\.k: a prior needs low and high"):
        quantile(parameter(value=1.0, kind="constant"), np.array([0.5]))


def test_uncertainties_are_drawn_and_switches_if_asked():
    assert list(draw_parameters(REGISTER, 2, seed=1).names) == UNCERTAIN
    assert list(WHOLE.names) == sorted([*UNCERTAIN, *SWITCHES])
    assert WHOLE.values.shape == (RUNS, len(WHOLE.names))
    assert WHOLE.values.dtype == np.float64
    assert all(len(set(WHOLE.values[:, WHOLE.names.index(name)].tolist())) > 1 for name in SWITCHES)
    levers = {name: each for name, each in REGISTER.items() if each.kind == "lever"}
    assert draw_parameters(levers, 7, seed=1).values.shape == (7, 0)


def test_the_points_are_those_of_a_scrambled_sobol_sequence():
    name = "russia.review"
    entry = REGISTER[name]
    expected = quantile(entry, qmc.Sobol(d=1, rng=5).random_base2(4)[:, 0])
    assert draw_parameters({name: entry}, 16, seed=5).values[:, 0].tolist() == expected.tolist()


def test_draws_fill_every_range_evenly():
    draws = draw_parameters(REGISTER, 64, seed=1)
    for place, name in enumerate(draws.names):
        middle = (REGISTER[name].low + REGISTER[name].high) / 2
        if REGISTER[name].prior == "uniform":
            assert (draws.values[:, place] < middle).mean() == 0.5, name


@given(first=st.integers(0, RUNS), count=st.integers(0, RUNS))
def test_a_run_draws_the_same_in_whatever_range_it_is_drawn(first, count):
    count = min(count, RUNS - first)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # SciPy warns of parts that it does not like
        part = draw_parameters(REGISTER, count, seed=3, switches=True, first=first)
    assert part.names == WHOLE.names
    assert part.values.tobytes() == WHOLE.values[first : first + count].tobytes()
    assert part.digest(first, count) == WHOLE.digest(first, count)


def test_a_longer_batch_begins_with_the_shorter_and_other_seeds_are_others():
    long = draw_parameters(REGISTER, 20_000, seed=3, switches=True)
    assert long.values[:RUNS].tobytes() == WHOLE.values.tobytes()
    late = draw_parameters(REGISTER, 2, seed=3, switches=True, first=19_998)
    assert late.values.tobytes() == long.values[-2:].tobytes()
    assert draw_parameters(REGISTER, RUNS, seed=4, switches=True).digest(0, RUNS) != WHOLE.digest(0, RUNS)
    assert len(np.unique(long.values[:, WHOLE.names.index("russia.review")])) == 20_000


@pytest.mark.parametrize("prior", ["log-uniform", "triangular"])
def test_curved_priors_have_the_same_bits_in_every_range(prior):
    register = {f"g.{key}": parameter(value=1.0, low=0.01, high=100.0, prior=prior) for key in "abc"}
    whole = draw_parameters(register, 64, seed=2).values
    for first in range(60):
        assert draw_parameters(register, 4, seed=2, first=first).values.tobytes() == whole[first : first + 4].tobytes()


def test_columns_are_what_the_scenario_leaves_open_run_by_run():
    held = {"russia.review": 7.0, "theories.tripwire": True, "force.size": 1000}
    part = draw_parameters(REGISTER, 50, seed=3, switches=True, first=100)
    columns = part.columns_for(load_scenario("baseline").with_settings(held), 120, 20)
    assert set(columns) == set(WHOLE.names) - set(held)
    for name, column in columns.items():
        assert column.flags.c_contiguous
        assert column.tolist() == WHOLE.values[120:140, WHOLE.names.index(name)].tolist()
    assert set(columns) < set(flatten(build_parameters()))


def test_the_digest_is_of_names_and_exactly_those_runs():
    values = np.arange(12.0).reshape(4, 3)
    digest = Draws(("a", "b", "c"), values).digest(1, 2)
    assert len(digest) == 32
    assert Draws(("a", "b", "c"), values[1:], first=1).digest(1, 2) == digest
    assert Draws(("a", "b", "c"), np.asfortranarray(values)).digest(1, 2) == digest
    changed = values.copy()
    changed[[0, 3]] = 99.0
    assert Draws(("a", "b", "c"), changed).digest(1, 2) == digest
    changed[2, 2] = 99.0
    assert Draws(("a", "b", "c"), changed).digest(1, 2) != digest
    assert Draws(("a", "b", "d"), values).digest(1, 2) != digest
    assert Draws(("a", "b", "c"), values).digest(1, 1) != digest


@pytest.mark.parametrize(("first", "count"), [(9, 1), (10, 6), (15, 1), (12, -1)])
def test_runs_that_were_not_drawn_are_refused(first, count):
    part = draw_parameters(REGISTER, 5, seed=3, first=10)
    assert part.digest(10, 5)
    with pytest.raises(IndexError, match="are not among the drawn runs 10 to 15"):
        part.digest(first, count)
    with pytest.raises(IndexError, match="are not among the drawn runs 10 to 15"):
        part.columns_for(load_scenario("baseline"), first, count)
