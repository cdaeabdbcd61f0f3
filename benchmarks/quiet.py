"""The plan that the benchmarks play."""

from model.scenario import Scenario, load_scenario


def quiet_plan(weeks: int) -> Scenario:
    """A plan in which hardly any run ends before the horizon, so that medians compare like with like."""
    return load_scenario("baseline").with_settings(
        {
            "force.size": 25000,
            "weeks": weeks,
            "violations.excitation_first": 8000,
            "crisis.spiral_deaths": 250,
            "russia.renewed_cost": 1.3,
            "russia.limited_cost": 0.9,
            "ukraine.attack_cost": 1.1,
        }
    )
