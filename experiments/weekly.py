"""What an experiment records week by week, for fan charts and maps."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from experiments.schema import STRICT
from model.actors import State
from model.register import did_you_mean, nearest, show
from model.series import COLUMNS

MOST_RECORDED = 2000  # runs whose weeks are kept, of a cell


class Weekly(BaseModel):
    """What is recorded week by week, of the first runs of some cells, which are played once more for it."""

    model_config = STRICT

    runs: Annotated[int, Field(ge=1, le=MOST_RECORDED)] = 200
    series: list[str] = []  # columns of model.series
    states: list[str] = []  # state variables of every European state
    cells: list[str] = []  # labels; all cells when empty

    @model_validator(mode="after")
    def _known(self) -> Self:
        for key, listed, known in (
            ("series", self.series, list(COLUMNS)),
            ("states", self.states, list(State.__annotations__)),
        ):
            for name in listed:
                if name not in known:
                    raise ValueError(f"{key}: unknown name {show(name)}{did_you_mean(nearest(name, known))}")
        if not self.series and not self.states:
            raise ValueError("nothing is recorded; name some series or states")
        return self
