"""What every table of an experiment file is made of: plain values, dotted names, nothing unknown."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict

Value = bool | int | float | str


def dotted(table: object) -> object:
    """`force.size = 0` is a table inside a table in TOML; here it means the same as `"force.size" = 0`."""
    if not isinstance(table, dict):
        return table
    flat: dict[str, object] = {}
    for key, value in table.items():
        inner = dotted(value)
        flat |= {f"{key}.{k}": v for k, v in inner.items()} if isinstance(inner, dict) else {key: value}
    return flat


Settings = Annotated[dict[str, Value], BeforeValidator(dotted)]

# Of every table: read-only, the keys of its class and no others, no text for a number.
STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
