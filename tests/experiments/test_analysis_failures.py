"""Boxes of failing worlds: found in one half, measured in the other, and without settings that tell nothing."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.failures import FOUND, HELD_BACK, find_box, halves, telling


def worlds(count=1200, idle=60, seed=1):
    """Worlds with two settings and a theory that matter, and many that do not."""
    luck = np.random.default_rng(seed)
    inputs = pd.DataFrame(luck.random((count, idle)), columns=[f"idle{place}" for place in range(idle)])
    inputs["sharp"], inputs["fire"] = luck.random(count), 10 * luck.random(count)
    inputs["theory"] = luck.random(count) < 0.5
    inputs["form"] = luck.choice(["none", "treaty"], count)
    return inputs


def test_the_box_that_was_put_in_comes_out():
    inputs = worlds()
    fails = ((inputs["sharp"] < 0.4) & (inputs["fire"] > 3.0) & inputs["theory"]).to_numpy(float)
    found = halves(inputs, fails)
    for box in found.boxes.values():
        assert set(box.limits) == {"sharp", "fire", "theory"}
        assert box.density > 0.9
        assert box.coverage > 0.5
        assert max(box.quasi_p.values()) < 0.01
    assert found.boxes[FOUND].limits == found.boxes[HELD_BACK].limits
    assert found.worlds == {FOUND: 600, HELD_BACK: 600}
    assert found.share[FOUND] == pytest.approx(fails[:600].mean())


def test_no_more_limits_than_people_keep_in_mind():
    inputs = worlds()
    score = inputs["sharp"] + inputs["fire"] / 10 + inputs["theory"] + inputs["idle0"] + inputs["idle1"]
    fails = (score > score.median()).to_numpy(float)
    box = find_box(inputs, fails, most=2)
    assert 0 < len(box.limits) <= 2
    assert box.coverage >= 0.5


def test_failures_by_chance_have_no_box():
    fails = (np.random.default_rng(5).random(1200) < 0.3).astype(float)
    found = halves(worlds(), fails)
    assert found.boxes[FOUND].limits == {}
    assert found.boxes[HELD_BACK].coverage == 1.0


def test_settings_that_tell_are_numbers_flags_and_choices():
    inputs = worlds().assign(fixed=1.0)
    for name, shown in (("sharp", inputs["sharp"] > 0.5), ("theory", inputs["theory"])):
        assert telling(inputs, shown.to_numpy(float)) == [name]
    assert telling(inputs, (inputs["form"] == "treaty").to_numpy(float)) == ["form"]


def test_both_halves_need_failures():
    with pytest.raises(ValueError, match="each half"):
        halves(worlds(10), np.array([1.0] * 5 + [0.0] * 5))
