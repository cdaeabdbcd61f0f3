"""What a number of the register is: its unit, its range or options, and where it comes from."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Kind = Literal["lever", "uncertainty", "constant", "switch"]
Grade = Literal["V", "C", "H", "U", "A"]
Prior = Literal["uniform", "log-uniform", "triangular"]
Value = bool | float | str
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

LARGEST = 1e300  # no number of the model is near it; a TOML integer may be too long to print

FLAG = "0 or 1"  # unit of a membership and the like

GRADES = {
    "V": "read in a source that was found",
    "C": "computed from public data",
    "H": "known well but not read again",
    "U": "uncertain",
    "A": "the modeller's assumption",
}


class RegisterError(ValueError):
    """A mistake in a register file, or a value that the register refuses. One line."""

    def __init__(self, message: str) -> None:
        """Keep the message on one line."""
        super().__init__(one_line(message))


def one_line(message: str) -> str:
    """The message without line breaks and other control characters, which a user's keys may contain."""
    return "".join(character if character.isprintable() else " " for character in message)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is closest to `name`, or None when nothing is close."""
    lowered = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def show(value: object) -> str:
    """A value as a user would write it in TOML, short enough for one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"' if len(value) <= 40 else f'"{value[:37]}..."'
        case int() | float() if -LARGEST < value < LARGEST:
            whole = value == value // 1 and abs(value) < 1e12
            return f"{value:.0f}" if whole else f"{value:.6g}"
        case date():
            return value.isoformat()
    return "a table" if isinstance(value, dict) else "a list"


class Entry(BaseModel):
    """What every number of the register has: unit, range, kind, grade, source, date and meaning."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    unit: Text
    low: float | None = None
    high: float | None = None
    kind: Kind
    grade: Grade
    source: Text
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}")]
    meaning: Text

    @model_validator(mode="after")
    def _range_is_whole(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high go together")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low {show(self.low)} must be below high {show(self.high)}")
        return self

    def allowed(self) -> str:
        """The values that are allowed, in words."""
        return f"{show(self.low)} to {show(self.high)}{'' if self.unit == '1' else ' ' + self.unit}"

    def check_number(self, value: object) -> None:
        """Raise ValueError unless `value` is a number within the range."""
        if isinstance(value, str):
            raise ValueError(f"{show(value)} is text, not a number without quotes; allowed {self.allowed()}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{show(value)} is not a number; allowed {self.allowed()}")
        if not -LARGEST < value < LARGEST:  # NaN and infinity as well
            raise ValueError(f"is not a finite number; allowed {self.allowed()}")
        if self.low is not None and self.high is not None and not self.low <= value <= self.high:
            hint = ""
            if self.unit in {"share", "probability"} and self.low <= value / 100 <= self.high:
                hint = f"; {show(value)} % is written {show(value / 100)}"
            raise ValueError(f"{show(value)} is out of range; allowed {self.allowed()}{hint}")

    def check_given(self, value: object) -> None:
        """Raise ValueError unless a user may give this number: in range, and no share where % is meant."""
        self.check_number(value)
        if self.unit == "%" and self.high == 100 and isinstance(value, int | float) and 0 < value < 1:
            raise ValueError(f"{show(value)} looks like a share; the unit is %, write {show(value * 100)}")


class Parameter(Entry):
    """One parameter; `name` is the dotted name that scenarios, the command line and the rules share."""

    group: str
    key: str
    value: Value
    options: Annotated[tuple[str, ...], Field(strict=False)] | None = None
    prior: Prior = "uniform"

    @property
    def name(self) -> str:
        """The dotted name, for example `opinion.reversion`."""
        return f"{self.group}.{self.key}"

    @property
    def fixed(self) -> bool:
        """True for a constant without a range: no scenario may change it."""
        return self.kind == "constant" and self.low is None and self.options is None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if isinstance(self.value, float):
            self._check_numeric_entry(self.value)
        elif self.low is not None:
            raise ValueError("only numbers have low and high")
        elif isinstance(self.value, bool):
            if self.kind != "switch" or self.options is not None:
                raise ValueError("a true/false value is a switch without options")
        elif self.options is None or len(set(self.options)) != len(self.options) or len(self.options) < 2:
            raise ValueError("a choice needs two or more different options")
        elif self.unit != "choice" or self.value not in self.options:
            raise ValueError('a choice has unit "choice" and a value among its options')
        if "prior" in self.model_fields_set and self.kind != "uncertainty":
            raise ValueError("only an uncertainty has a prior")
        return self

    def _check_numeric_entry(self, value: float) -> None:
        if self.kind == "switch" or self.options is not None or self.unit == "choice":
            raise ValueError("a switch or a choice is true, false or text, not a number")
        if self.kind != "constant" and self.low is None:
            raise ValueError("low and high are needed")
        self.check_number(value)
        if self.prior == "log-uniform" and not (self.low and self.low > 0):
            raise ValueError("a log-uniform prior needs low above 0")

    def allowed(self) -> str:
        """The values that are allowed, in words: a range with its unit, or the options."""
        if self.options is not None:
            return " | ".join(f'"{option}"' for option in self.options)
        if isinstance(self.value, bool):
            return "true | false"
        return f"{show(self.value)}, fixed" if self.low is None else super().allowed()

    def check(self, value: object) -> None:
        """Raise ValueError with one line unless a scenario may give the parameter this value."""
        if self.fixed:
            raise ValueError(f"is a constant ({show(self.value)} {self.unit}) and cannot be changed")
        if isinstance(self.value, bool):
            if not isinstance(value, bool):
                raise ValueError(f"{show(value)} is not true or false; allowed {self.allowed()}")
        elif self.options is not None:
            self._check_option(value, self.options)
        else:
            self.check_given(value)

    def _check_option(self, value: object, options: tuple[str, ...]) -> None:
        if isinstance(value, str) and value in options:
            return
        close = nearest(value, options) if isinstance(value, str) else None
        hint = f'; did you mean "{close}"?' if close else ""
        raise ValueError(f"{show(value)} is not an option; allowed {self.allowed()}{hint}")

    def encode(self, value: Value) -> float:
        """The value as the rules see it: an option's place in the list, true as 1.0, a number as it is."""
        if self.options is not None:
            return float(self.options.index(str(value)))
        return float(value)


class Column(Entry):
    """One column of the per-state data; blanks take the fallback."""

    name: str
    fallback: float | str | None = None

    @property
    def fixed(self) -> bool:
        """True for a constant without a range: no scenario may change it."""
        return self.kind == "constant" and self.low is None and self.unit != "date"

    def allowed(self) -> str:
        """The values that are allowed, in words."""
        if self.unit == "date":
            return "a date such as 2027-04-30"
        if self.unit == FLAG:
            return FLAG
        return "as in the data" if self.low is None else super().allowed()

    def check(self, value: object) -> None:
        """Raise ValueError with one line unless a scenario may give a state this value."""
        if self.fixed:
            raise ValueError("is a constant and cannot be changed")
        if self.unit == "date":
            read_date(value)
            return
        self.check_given(value)
        if self.unit == FLAG and value not in (0, 1):
            raise ValueError(f"{show(value)} is neither yes nor no; allowed {FLAG}")


def read_date(value: object) -> date:
    """A date from a TOML date or an ISO string; ValueError with one line otherwise."""
    if isinstance(value, date) and type(value) is date:  # a datetime is a date too, and is refused
        return value
    try:
        if isinstance(value, str) and len(value) == len("2025-02-24"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"{show(value)} is not a date; write it as 2025-02-24")
