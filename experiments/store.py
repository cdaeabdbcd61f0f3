"""Files that are there whole or not at all, and the shards of a batch."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.chunks import Outcomes, Part
from model.outcomes import OUTCOMES

NAMES = list(OUTCOMES)
TEMPORARY = re.compile(r"\..*\.(\d+)\.part(\.\w+)?")  # with the process that writes it


class Damaged(Exception):
    """A shard that was there cannot be read, or is not what its name says: it must be played again."""

    def __init__(self, path: Path) -> None:
        """Keep its path."""
        super().__init__(f"{path} cannot be read")
        self.path = path


class Store:
    """The shards of a folder: append-only, each with the outcomes of one chunk, named by what decides them.

    Only one process writes, and nothing is ever changed, so that a batch may be killed at any moment.
    """

    def __init__(self, directory: Path) -> None:
        """Make the folder, and clear away what killed processes left half-written. Raises OSError."""
        self.directory = directory
        self._shards = directory / "shards"
        self._shards.mkdir(parents=True, exist_ok=True)
        for folder in (directory, self._shards):
            _clear_leftovers(folder)
        self._listed = {entry.name for entry in os.scandir(self._shards)}
        self._sound: set[str] = set()

    def has(self, name: str, runs: int) -> bool:
        """True if the shard is there, can be read and has all its runs."""
        if name not in self._sound and f"{name}.parquet" in self._listed:
            with suppress(OSError, pa.ArrowInvalid):
                found = pq.read_metadata(self._path(name))
                if (found.num_rows, found.num_columns) == (runs, len(NAMES)):
                    self._sound.add(name)
        return name in self._sound

    def write(self, name: str, outcomes: Outcomes) -> None:
        """Store the outcomes of a chunk, whole. Raises OSError, naming the file, if the disk is full."""
        table = pa.table([pa.array(np.ascontiguousarray(column)) for column in outcomes.T], names=NAMES)
        buffer = BytesIO()
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        write_bytes(self._path(name), buffer.getvalue())
        self._sound.add(name)

    def column(self, parts: Iterable[Part], outcome: str) -> Outcomes:
        """One outcome of the runs that lie in `parts`, in their order."""
        return np.concatenate([rows[:, 0] for rows in self.rows(parts, [outcome])])

    def rows(self, parts: Iterable[Part], names: list[str] = NAMES) -> Iterator[Outcomes]:
        """The runs of each part, a row for each and a column for each name. Raises Damaged."""
        for shard, together in groupby(parts, key=lambda part: part.shard):
            found = self._read(shard, names)
            for part in together:
                if len(found) < part.row + part.count:
                    raise self._damaged(shard)
                yield found[part.row : part.row + part.count]

    def _read(self, name: str, names: list[str]) -> Outcomes:
        try:
            with pq.ParquetFile(self._path(name), page_checksum_verification=True) as file:
                table = file.read(names, use_threads=False)
                return np.column_stack([table.column(each).to_numpy() for each in names])
        except (OSError, pa.ArrowInvalid, KeyError):
            raise self._damaged(name) from None

    def _damaged(self, name: str) -> Damaged:
        """Forget the shard, so that it is played again."""
        self._sound.discard(name)
        self._listed.discard(f"{name}.parquet")
        return Damaged(self._path(name))

    def _path(self, name: str) -> Path:
        return self._shards / f"{name}.parquet"


@contextmanager
def sole_writer(directory: Path) -> Iterator[None]:
    """Hold a folder for one batch. Raises BlockingIOError if another process has it; on Windows nobody is asked."""
    if os.name != "posix":
        yield
        return
    import fcntl  # noqa: PLC0415  (there is none on Windows)

    folder = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(folder)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name to write to; it becomes `path` at the end, or vanishes if anything goes wrong.

    An OSError names `path`, whichever file it came from.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())  # else a crash of the machine may leave a name without its content
        os.replace(part, path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise OSError(error.errno, reason, str(path)) from None  # not the name nobody asked for
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with whole(path) as part:
        part.write_bytes(content)


def _clear_leftovers(folder: Path) -> None:
    """Remove temporary files of processes that are no more."""
    for entry in os.scandir(folder):
        found = TEMPORARY.fullmatch(entry.name)
        if found and not _lives(int(found[1])):
            Path(entry.path).unlink(missing_ok=True)


def _lives(process: int) -> bool:
    """True if another process of this number may still be writing."""
    if process == os.getpid() or os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
