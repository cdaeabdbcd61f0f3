"""The posterior as experiments draw from it: sets by weight, the same for a run whatever the batch."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.batch import draw_runs
from experiments.design import ExperimentError
from experiments.draws import draw_parameters
from experiments.posterior import BUNDLED, MANIFEST, Posterior, by_cluster, load_posterior, save_posterior
from model.register import load_register


def small(weights=(0.1, 0.2, 0.7), by_cluster=None):
    drawn = draw_parameters(load_register(), len(weights), 3)
    told = np.zeros((len(weights), 0)) if by_cluster is None else np.array(by_cluster, float)
    clusters = tuple(f"c{place}" for place in range(told.shape[1]))
    return Posterior(drawn.names, drawn.values, np.array(weights), clusters, told)


def test_sets_come_by_their_weights():
    share = np.bincount(small().chosen(4096, 1), minlength=3) / 4096
    assert share == pytest.approx([0.1, 0.2, 0.7], abs=0.002)


@given(st.integers(0, 500), st.integers(1, 200), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_a_run_has_the_same_set_in_every_batch(first, runs, seed):
    posterior = small()
    whole = posterior.chosen(first + runs, seed)
    assert (posterior.chosen(runs, seed, first) == whole[first:]).all()
    assert (posterior.draw(runs, seed, first).values == posterior.values[whole[first:]]).all()


def test_it_is_kept_to_the_last_bit(tmp_path):
    posterior = small(by_cluster=[[-1.0, -2.0], [-3.0, -0.5], [-0.1, -9.0]])
    save_posterior(tmp_path, posterior, {"seed": 3})
    found = load_posterior(tmp_path)
    assert (found.names, found.clusters) == (posterior.names, posterior.clusters)
    for name in ("values", "by_cluster"):
        assert (getattr(found, name) == getattr(posterior, name)).all()
    assert found.weights == pytest.approx(posterior.weights, abs=1e-15)
    assert json.loads((tmp_path / MANIFEST).read_text()) == {"seed": 3}


def test_a_cluster_left_out_gives_the_weights_that_the_rest_would_have_given():
    """With a flat prior weights are likelihoods: leaving one factor out leaves the others."""
    told = np.log([[0.5, 0.2], [0.4, 0.6], [0.45, 0.3]])
    weights = np.exp(told.sum(axis=1))
    posterior = small(tuple(weights / weights.sum()), told)
    assert posterior.without("c0") == pytest.approx(np.exp(told[:, 1]) / np.exp(told[:, 1]).sum())
    assert posterior.without("nobody") is posterior.weights
    assert posterior.worth == pytest.approx(1.0 / np.square(posterior.weights).sum())


def test_cases_are_added_up_by_cluster():
    names, found = by_cluster(np.array([[1.0, 2.0, 4.0]]), ["b", "a", "b"])
    assert names == ("b", "a")
    assert found.tolist() == [[5.0, 2.0]]


def test_one_clear_line_for_a_folder_that_is_none(tmp_path):
    with pytest.raises(ExperimentError, match=r"no such posterior; `ceasefire calibrate` makes one"):
        load_posterior(tmp_path / "nowhere")
    (tmp_path / "sets.parquet").write_text("nonsense")
    with pytest.raises(ExperimentError, match="cannot be read as a posterior"):
        load_posterior(tmp_path)


def test_one_clear_line_for_another_register(tmp_path):
    posterior = small()
    names = ("russia.charm", *posterior.names[1:])
    save_posterior(tmp_path, Posterior(names, posterior.values, posterior.weights, (), np.zeros((3, 0))), {})
    with pytest.raises(ExperimentError, match=r"another register: it knows russia\.charm"):
        load_posterior(tmp_path)


def test_the_committed_posterior_is_of_this_register_and_within_its_ranges():
    posterior = load_posterior()
    for name, column in zip(posterior.names, posterior.values.T, strict=True):
        entry = load_register()[name]
        assert entry.low <= column.min() <= column.max() <= entry.high, name
    assert posterior.weights.sum() == pytest.approx(1.0)
    assert posterior.worth > 20.0
    manifest = json.loads((BUNDLED / MANIFEST).read_text())
    assert manifest["sets"] == len(posterior.weights)
    assert manifest["command"].startswith("ceasefire calibrate")
    assert set(manifest["inputs"]) <= set(posterior.names)


def test_runs_draw_from_posterior_or_prior_and_switches_if_asked():
    register = load_register()
    plain = draw_runs("posterior", False, 10, 1, 0)
    assert set(plain.names) == {name for name, entry in register.items() if entry.kind == "uncertainty"}
    more = draw_runs("posterior", True, 10, 1, 0)
    assert set(more.names) - set(plain.names) == {name for name, entry in register.items() if entry.kind == "switch"}
    assert (more.values[:, : len(plain.names)] == plain.values).all()
    assert (draw_runs("prior", False, 10, 1, 0).values != plain.values[:, np.argsort(plain.names)]).any()
    later = draw_runs("posterior", True, 4, 1, 6)
    assert (later.values == more.values[6:]).all()
