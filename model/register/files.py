"""Reading the files of the register: TOML in, a plain mapping out, mistakes as one line."""

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ValidationError

from model.register.entry import RegisterError, nearest

HOME = Path(str(files("model.register")))


def parse_toml(content: bytes | str) -> dict[str, object]:
    """The TOML in `content`; ValueError with one line (and the line number) for anything else."""
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 text (byte {error.start})") from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError as error:
        twice = "the same key twice: " if str(error).startswith("Cannot ") else ""
        raise ValueError(f"is not valid TOML: {twice}{error}") from None


def read_toml(file: Path) -> dict[str, object]:
    """The tables of one register file; RegisterError when it cannot be read."""
    try:
        return parse_toml(file.read_bytes())
    except OSError as error:
        raise RegisterError(f"{file.name}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise RegisterError(f"{file.name}: {error}") from None


def build[M: BaseModel](model: Callable[..., M], where: str, fields: Mapping[str, object]) -> M:
    """A checked entry; RegisterError that names file, table and key for the first mistake."""
    try:
        return model(**fields)
    except ValidationError as error:
        first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        close = nearest(key, getattr(model, "model_fields", ()))
        reason = "unknown key" + (f'; did you mean "{close}"?' if close else "")
    raise RegisterError(f"{where}{' ' + key if key else ''}: {reason[:1].lower() + reason[1:]}")
