"""What one visitor has set: the question as it stands, what was tried and refused, and the way back."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import get_args

from experiments.design import Parameters
from experiments.page.address import Question, over_horizon
from model.scenario import Scenario, ScenarioError, load_scenario

TOGETHER = 2.0  # seconds: moves of one control in such a time are undone together
MOST_UNDONE = 100  # steps back


@dataclass
class Session:
    """The visitor's question, and the settings as the controls show them.

    The controls may stand at something impossible, such as a force under the UN that is told to fight; then `trouble`
    says why, and the question stays what it was last.
    """

    question: Question
    trouble: str = ""
    clock: Callable[[], float] = time.monotonic
    shown: dict[str, object] = field(default_factory=dict)  # dotted settings of the controls
    past: list[Question] = field(default_factory=list)
    _last: tuple[str, float] = ("", -1e9)  # what was moved last, and when

    def __post_init__(self) -> None:
        """Let the controls show the question."""
        self.shown = self.question.plan.settings()

    def change(self, name: str, value: object) -> bool:
        """Set one setting by its dotted name; None gives it back to the register or the data.

        True if the question is another one now. What cannot be is kept in the controls and told in `trouble`.
        """
        if value is None:
            self.shown.pop(name, None)
        else:
            self.shown[name] = value
        try:
            plan = Scenario.from_settings(self.shown, "page")
        except ScenarioError as error:
            self.trouble = str(error).removeprefix("page: ")
            return False
        return self._ask(replace(self.question, plan=plan, against=self._beside(plan)), name)

    def draw_from(self, parameters: str) -> bool:
        """Take uncertain parameters from the posterior, the prior or the register's values (point)."""
        known: tuple[Parameters, ...] = get_args(Parameters)
        chosen = next((each for each in known if each == parameters), self.question.parameters)
        rivals = self.question.rivals and chosen != "point"
        return self._ask(replace(self.question, parameters=chosen, rivals=rivals), "parameters")

    def draw_rivals(self, wanted: bool) -> bool:
        """Draw the rival theories too, or play the scenario's own."""
        return self._ask(replace(self.question, rivals=wanted and self.question.parameters != "point"), "rivals")

    def load(self, plan: Scenario) -> bool:
        """Ask the same of another scenario."""
        return self._show(self._ask(replace(self.question, plan=plan, against=self._beside(plan)), "plan"))

    def compare_with(self, against: Scenario) -> bool:
        """Compare with another scenario, over the plan's horizon."""
        return self._ask(replace(self.question, against=over_horizon(against, self.question.plan.weeks)), "against")

    def swap(self) -> bool:
        """What was compared with becomes the plan, and the plan what it is compared with."""
        return self._show(self._ask(replace(self.question, plan=self.question.against, against=self.question.plan), ""))

    def reset(self) -> bool:
        """Start again, from the baseline."""
        start = load_scenario("baseline")
        return self._show(self._ask(Question(start, start), "reset"))

    def undo(self) -> bool:
        """Take the last change back. False if there is none."""
        if not self.past:
            return False
        self.question, self._last = self.past.pop(), ("", -1e9)
        return self._show(True)

    def _beside(self, plan: Scenario) -> Scenario:
        return over_horizon(self.question.against, plan.weeks)

    def _show(self, changed: bool) -> bool:
        """Let the controls show the question."""
        self.shown, self.trouble = self.question.plan.settings(), ""
        return changed

    def _ask(self, question: Question, moved: str) -> bool:
        """Make it the question; moves of one control that follow each other closely are one step back."""
        self.trouble = ""
        if question == self.question:
            return False
        now = self.clock()
        if not moved or moved != self._last[0] or now - self._last[1] > TOGETHER:
            self.past = [*self.past, self.question][-MOST_UNDONE:]
        self.question, self._last = question, (moved, now)
        return True
