"""What decides a run's numbers beside its scenario and luck: the model's own files, and the machine's arithmetic."""

import hashlib
import math
import struct
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

MODEL = files("model")
SOURCES = (".py", ".toml", ".csv")


def fingerprint(model: Traversable = MODEL) -> str:
    """Hash of all source and register files of the model: it changes when any rule or number does."""
    digest = hashlib.sha256()
    for path, file in sorted(_sources(model, "")):
        digest.update(f"{path}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@cache
def numerics() -> str:
    """Hash of this machine's exp, log and the like at a few thousand arguments.

    The C library may choose other code for another processor, and then a last bit may differ: two machines
    with the same hash can share a batch, two with different ones cannot.
    """
    arguments = [math.ldexp(0.5 + step / 1024.0, scale) for scale in range(-9, 10) for step in range(512)]
    digest = hashlib.sha256()
    for function in (math.exp, math.expm1, math.log, math.log1p, math.erf, math.sqrt, math.tanh):
        digest.update(struct.pack(f"<{len(arguments)}d", *map(function, arguments)))
    for function in (math.exp, math.expm1, math.erf):
        digest.update(struct.pack(f"<{len(arguments)}d", *(function(-x) for x in arguments)))
    return digest.hexdigest()


def _sources(directory: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in directory.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir() and path != "/scenarios":  # what a scenario says is in each cell's own description
            yield from _sources(entry, path)
        elif entry.is_file() and entry.name.endswith(SOURCES):
            yield path, entry
