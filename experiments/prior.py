"""Parameter sets drawn from the register's priors: one for each run, the same in every cell."""

import math
from collections.abc import Mapping

from model.register import Parameter
from model.scenario import Scenario

Draw = dict[str, bool | float | str]


def draw_parameters(register: Mapping[str, Parameter], runs: int, seed: int, switches: bool = False) -> list[Draw]:
    """One value of every uncertainty (and of every switch, if asked) for each of `runs` runs.

    A scrambled Sobol sequence (Owen 1998) fills the box evenly, and a longer one begins with the shorter one:
    run 17 has the same parameters in a batch of 20 and in one of 20,000.
    """
    from scipy.stats import qmc  # noqa: PLC0415  (takes a second, and workers do not need it)

    kinds = {"uncertainty", "switch"} if switches else {"uncertainty"}
    drawn = [parameter for name, parameter in sorted(register.items()) if parameter.kind in kinds]
    if not drawn:
        return [{} for _ in range(runs)]
    sobol = qmc.Sobol(d=len(drawn), scramble=True, rng=seed)
    points = sobol.random_base2(max(runs - 1, 1).bit_length())[:runs].tolist()
    return [
        {parameter.name: quantile(parameter, u) for parameter, u in zip(drawn, point, strict=True)} for point in points
    ]


def apply_draw(scenario: Scenario, draw: Draw) -> Scenario:
    """The scenario with the drawn parameters; what the scenario or experiment itself says stays."""
    free = {name: value for name, value in draw.items() if name not in scenario.overrides}
    return scenario.with_settings(free, "prior") if free else scenario


def quantile(parameter: Parameter, u: float) -> bool | float | str:
    """The value below which a share `u` (0 to 1) of a parameter's prior lies; options are equally likely."""
    if parameter.options is not None:
        return parameter.options[min(int(u * len(parameter.options)), len(parameter.options) - 1)]
    if isinstance(parameter.value, bool):
        return u >= 0.5
    low, high, mode = parameter.low, parameter.high, parameter.value
    if low is None or high is None or isinstance(mode, str):
        raise ValueError(f"{parameter.name}: a prior needs low and high")
    if parameter.prior == "log-uniform":
        value = math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    elif parameter.prior == "triangular":
        rising = (mode - low) / (high - low)
        if u < rising:
            value = low + math.sqrt(u * (high - low) * (mode - low))
        else:
            value = high - math.sqrt((1 - u) * (high - low) * (high - mode))
    else:
        value = low + u * (high - low)
    return min(max(value, low), high)
