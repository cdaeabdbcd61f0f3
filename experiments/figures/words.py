"""What settings and their values are called in figures; names that are not listed speak for themselves."""

from collections.abc import Sequence

from experiments.results import Results
from experiments.schema import Value
from experiments.survival import WEEKS_A_YEAR
from model.outcomes import OUTCOMES
from model.register import load_register

AXES = {
    "force.size": "Size of the reassurance force (troops)",
    "guarantee.form": "American guarantee",
    "force.doctrine": "Doctrine",
    "force.place": "Place",
    "force.weight": "Weight",
    "command.form": "Command",
}
LEVELS = {
    ("guarantee.form", "none"): "none",
    ("guarantee.form", "backstop"): "backstop",
    ("guarantee.form", "executive"): "executive pledge",
    ("guarantee.form", "ratified"): "ratified treaty",
    ("guarantee.form", "troops"): "troops in theatre",
    ("force.doctrine", "withdraw"): "told to withdraw",
    ("force.doctrine", "hold"): "told to hold",
    ("force.doctrine", "fight"): "told to fight",
    ("force.doctrine", "escalate"): "told to escalate",
    ("force.place", "line"): "on the line",
    ("force.place", "reserve"): "in reserve",
    ("force.place", "cities"): "in cities",
    ("force.weight", "light"): "light",
    ("force.weight", "heavy"): "heavy",
}
PHRASES = {
    ("guarantee.form", "none"): "no guarantee",
    ("guarantee.form", "backstop"): "a backstop",
    ("guarantee.form", "executive"): "an executive pledge",
    ("guarantee.form", "ratified"): "a ratified treaty",
    ("guarantee.form", "troops"): "US troops in theatre",
    ("command.predelegation", "0"): "nothing delegated",
    ("command.predelegation", "0.3"): "three tenths delegated",
    ("command.predelegation", "1"): "everything delegated",
}
PHRASES |= {key: level for key, level in LEVELS.items() if key[0].startswith("force.")}
OUTCOME_WORDS = {
    "held": "The ceasefire holds",
    "renewed_war": "Renewed war",
    "direct_combat": "Direct combat between Russian and European troops",
    "wider_war": "War beyond Ukraine",
    "us_combat": "American forces in combat",
    "deaths": "Deaths",
    "crumbled": "The force crumbles",
    "weeks_to_crumbling": "Weeks until it does",
    "troops_peak": "Troops at most",
    "troops_end": "Troops at the end",
    "cost_force_eur_bn": "Cost of the force",
    "cost_common_eur_bn": "Common EU money spent",
    "defence_share": "Defence spending",
    "capability": "European modern equipment",
    "guarantee_will": "American readiness to act",
    "belief_russia": "Russia's belief in it",
    "belief_europe": "Europe's belief in it",
    "bypassed": "Attacks round the force",
    "weeks_to_deployment": "Weeks to the first troops",
    "support": "Support for sending troops",
    "withdrawals": "Contingents withdrawn",
    "contributors_peak": "Contributors at most",
    "unity": "European unity",
}
# Outcomes of which more is better (1) or worse (-1); of others it depends.
BETTER = {"held": 1, "renewed_war": -1, "direct_combat": -1, "wider_war": -1, "us_combat": -1, "deaths": -1}
BETTER |= {"crumbled": -1, "weeks_to_crumbling": 1, "bypassed": -1, "cost_force_eur_bn": -1}
PROPER = ("American", "EU", "Europe", "NATO", "Russia", "Ukrain")  # they keep their capital inside a sentence
SERIES = {
    "troops": "Troops in Ukraine",
    "fatigue": "Fatigue of the force",
    "contributors": "Contributors",
    "p_limited": "Chance of a limited attack at a review",
    "p_renewed": "Chance of renewed war at a review",
}
STATES = {  # state variables: what they are called, and their unit
    "deployed": ("Troops in Ukraine", "troops"),
    "pledged": ("Troops pledged", "troops"),
    "defence": ("Defence spending", "% of GDP"),
    "support": ("Support for sending troops", "%"),
}
SETTINGS = {  # what the strongest of the uncertain settings are about; of others the register's meaning is told
    "violations.excitation_first": "how much fire the war carries over into the first week",
    "choice.precision": "how sharply leaders follow their interest",
    "crisis.spiral_deaths": "how many dead turn an exchange of fire into war",
    "casualties.lethality": "how deadly fire is on a quiet line",
    "casualties.heavy": "how heavy fire must be to get deadlier",
    "violations.probe_factor": "how much more a side shoots when it probes",
    "violations.breeding": "how much shooting breeds shooting",
    "violations.breeding_spread": "how much the breeding of fire differs between futures",
    "violations.high": "how much fire there is when a side probes",
    "violations.memory": "how long shooting breeds shooting",
    "ceasefire.recommitment": "how soon a strained ceasefire is recommitted",
    "russia.peace": "what peace is worth to Moscow",
    "russia.local_share": "how much of the defence stands where an attack falls",
    "russia.limited_cost": "what a limited attack costs Moscow",
    "russia.renewed_cost": "what renewed war costs Moscow",
    "russia.review": "how often Moscow reviews its policy",
    "russia.response_base": "how much response Moscow expects without a force",
    "russia.resolve_spread": "how much Moscow's tolerance of costs differs between futures",
    "russia.defence_advantage": "how many attackers a defender is worth",
    "ukraine.attack_cost": "what an attack of its own costs Kyiv",
    "ukraine.review": "how often Kyiv reviews its policy",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def axis(name: str) -> str:
    """The label of an axis: what the setting is, and its unit."""
    if name in AXES:
        return AXES[name]
    parameter = load_register().get(name)
    plain = name.replace(".", ": ").replace("_", " ")
    return plain if parameter is None or parameter.unit in {"1", "choice"} else f"{plain} ({parameter.unit})"


def level(name: str, value: Value) -> str:
    """A value as a tick label: `25k`, `ratified treaty`."""
    if isinstance(value, str):
        return LEVELS.get((name, value), value.replace("_", " "))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value / 1000:g}k" if abs(value) >= 1000 else f"{value:g}"


def phrase(name: str, value: Value) -> str:
    """A value inside a sentence: `25,000 troops`, `a ratified treaty`."""
    if name == "force.size" and not isinstance(value, str):
        return f"{value:,.0f} troops" if value else "no troops"
    return PHRASES.get((name, str(value)), f"{axis(name)} {level(name, value)}")


SOURCES = {
    "posterior": "drawn from the posterior",
    "prior": "drawn from the register's priors",
    "point": "the register's values",
}


def outcome(name: str) -> str:
    """What an outcome is called."""
    return OUTCOME_WORDS.get(name, name.replace("_", " ").capitalize())


def small(text: str) -> str:
    """A text that begins with a capital, inside a sentence: `doctrine`, but `American guarantee`."""
    return text if text.startswith(PROPER) else text[:1].lower() + text[1:]


def better(name: str) -> int:
    """1 if more of an outcome is better, -1 if worse, 0 if it depends."""
    return BETTER.get(name, 0)


def series(name: str) -> str:
    """What a weekly series is called: as the outcome of that name, if there is one."""
    return SERIES.get(name) or outcome(name)


def state_variable(name: str) -> str:
    """What a state variable is called."""
    return STATES[name][0] if name in STATES else name.replace("_", " ").capitalize()


def state_unit(name: str) -> str:
    """The unit of a state variable."""
    return STATES[name][1] if name in STATES else ""


def setting(name: str) -> str:
    """An uncertain setting in a sentence: `how sharply leaders follow their interest`."""
    parameter = load_register().get(name)
    group, _, key = name.partition(".")
    return SETTINGS.get(name) or (small(parameter.meaning) if parameter else f"{group}: {key.replace('_', ' ')}")


def outcome_unit(name: str) -> str:
    """The unit of an outcome."""
    return OUTCOMES[name].unit


def horizon(weeks: int) -> str:
    """A horizon in words: `five years`, `20 weeks`."""
    count, rest = divmod(weeks, WEEKS_A_YEAR)
    if rest or not count:
        return f"{weeks} week{'s' if weeks > 1 else ''}"
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} year{'s' if count > 1 else ''}"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def conditions(results: Results) -> str:
    """The fine print under every figure: what was run."""
    experiment = results.asked.experiment
    states = sorted({len(cell.scenario.roster) for cell in results.asked.cells})
    roster = f"{states[0]}" if len(states) == 1 else f"{states[0]} to {states[-1]}"
    values = SOURCES[experiment.parameters]
    rivals = ", rival theories too" if experiment.switches else ""
    left = "other parameters" if experiment.sample else "parameters"
    fixed = "".join(f", {name} = {value}" for name, value in experiment.set.items())
    return (
        f"{experiment.runs:,} runs per cell with the same luck in every cell (seed {experiment.seed}); "
        f"scenario {experiment.scenario}{fixed}, {roster} states; {left}: {values}{rivals}. "
        "Simulated, conditional on these assumptions: no forecast. "
        f"Experiment {experiment.name}, model {results.asked.origin.model[:10]}."
    )
