"""Files that are there whole or not at all, and the shards of a batch, named by their content."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from model.register import load_register
from model.scenario import Scenario

MODEL = files("model")
SOURCES = (".py", ".toml", ".csv")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name to write to; it becomes `path` at the end, or vanishes if anything goes wrong."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # not the name nobody asked for
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with whole(path) as part:
        part.write_bytes(content)


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    buffer = BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def fingerprint(model: Traversable = MODEL) -> str:
    """Hash of all source and register files of the model: it changes when any rule or number does."""
    digest = hashlib.sha256()
    for path, file in sorted(_sources(model, "")):
        digest.update(f"{path}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def digest(content: object) -> str:
    """Hash of anything that JSON can write."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def shard_name(model: str, scenario: Scenario, seed: int, first: int, draws: Sequence[str]) -> str:
    """Name of the shard of runs `first` onwards, one for each draw's digest: a hash of all that decides it."""
    return f"{digest([model, describe_scenario(scenario), seed, first, *draws])}.parquet"


def describe_scenario(scenario: Scenario) -> dict[str, Any]:
    """Everything of a scenario that the model reads: horizon, roster, data of the states, all parameters."""
    values = {name: parameter.value for name, parameter in load_register().items()}
    return {
        "start": scenario.start.isoformat(),
        "weeks": scenario.weeks,
        "roster": list(scenario.roster),
        "parameters": {**values, **scenario.overrides},
        "states": {iso3: dict(cells) for iso3, cells in scenario.states.items()},
    }


def write_shard(path: Path, first: int, outcomes: Sequence[Mapping[str, float]]) -> None:
    """Write the outcomes of runs `first` onwards, whole."""
    columns: dict[str, Any] = {"run": pa.array(range(first, first + len(outcomes)), pa.int64())}
    for name in outcomes[0]:
        columns[name] = pa.array([float(outcome[name]) for outcome in outcomes], pa.float64())
    write_bytes(path, parquet_bytes(pa.table(columns)))


def shard_ready(path: Path, runs: int) -> bool:
    """True if the shard is there, can be read and has all its runs."""
    try:
        return bool(pq.read_metadata(path).num_rows == runs)
    except (OSError, pa.ArrowInvalid):
        return False


def _sources(directory: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in directory.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir() and path != "/scenarios":  # what a scenario says is in each cell's own description
            yield from _sources(entry, path)
        elif entry.is_file() and entry.name.endswith(SOURCES):
            yield path, entry
