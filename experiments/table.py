"""The table of all runs, runs.parquet: written in one stream, and read by column."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.chunks import Outcomes
from experiments.store import NAMES, whole

GROUP_ROWS = 25_000  # rows that are in memory at once; the file's bytes depend on it, and not on chunks
CSV_ROWS = 5_000  # rows of CSV made at once


def write_runs(path: Path, labels: pd.DataFrame, runs: int, rows: Iterable[Outcomes]) -> Path:
    """Write the runs of all cells, in order, whole: the columns of the cell's row in `labels`, run, outcomes."""
    columns = [pa.array(labels[name]) for name in labels]
    kinds = [*(column.type for column in columns), pa.int64(), *(pa.float64() for _ in NAMES)]
    schema = pa.schema(list(zip([*labels, "run", *NAMES], kinds, strict=True)))
    with whole(path) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:
        first = 0
        for values in _regroup(rows, GROUP_ROWS):
            cells, numbers = np.divmod(np.arange(first, first + len(values)), runs)
            told = [column.take(pa.array(cells)) for column in columns]
            outcomes = [pa.array(np.ascontiguousarray(column)) for column in values.T]
            writer.write_table(pa.table([*told, pa.array(numbers), *outcomes], schema=schema))
            first += len(values)
    return path


class RunTable:
    """runs.parquet, `runs` rows for each cell: memory holds a column at a time."""

    def __init__(self, path: Path, cells: Sequence[str], runs: int) -> None:
        """Open the table; `cells` are the labels in its order."""
        self._file = pq.ParquetFile(path)
        self._places = {label: place for place, label in enumerate(cells)}
        self._runs = runs
        self._group = lru_cache(maxsize=len(NAMES))(self._read)  # small cells share a group

    def __len__(self) -> int:
        """How many rows there are."""
        return int(self._file.metadata.num_rows)

    def column(self, cell: str, outcome: str) -> NDArray[np.float64]:
        """One outcome of all runs of a cell, in order."""
        start = self._places[cell] * self._runs
        stop = start + self._runs
        parts = []
        for group in range(start // GROUP_ROWS, (stop - 1) // GROUP_ROWS + 1):
            first = group * GROUP_ROWS
            parts.append(self._group(group, outcome)[max(start - first, 0) : stop - first])
        return np.concatenate(parts)

    def frames(self) -> Iterator[pd.DataFrame]:
        """The whole table, a few thousand rows at a time, in their order."""
        for batch in self._file.iter_batches(CSV_ROWS):
            yield batch.to_pandas()

    def _read(self, group: int, outcome: str) -> NDArray[np.float64]:
        column = self._file.read_row_group(group, [outcome], use_threads=False).column(0)
        return np.asarray(column.to_numpy(), np.float64)


def _regroup(blocks: Iterable[Outcomes], rows: int) -> Iterator[Outcomes]:
    """The same rows in blocks of `rows`, and a last one with what is left."""
    held: list[Outcomes] = []
    size = 0
    for block in blocks:
        rest = block
        while len(rest):
            part, rest = rest[: rows - size], rest[rows - size :]
            held.append(part)
            size += len(part)
            if size == rows:
                yield np.concatenate(held)
                held, size = [], 0
    if held:
        yield np.concatenate(held)
