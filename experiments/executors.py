"""How chunks are played: in this process, in threads, or by Dask on this machine and others.

The results are the same; only the speed differs. At most a few chunks are under way at any moment, so that
memory does not grow with the batch.
"""

import asyncio
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent import futures
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import islice
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from experiments.chunks import Chunk, Outcomes, engine, play_chunk
from experiments.design import ExperimentError

if TYPE_CHECKING:
    from distributed import Client

MOST_WORKERS = 1024
AHEAD = 2  # chunks under way for each thread or worker: one in play, one in wait
PATIENCE = 6  # seconds for a scheduler to answer, and to have a worker
WAIT = 5  # seconds after which to see whether there are still workers
ALONE = 60  # seconds without any, after which none will come
DEATHS = 20  # of workers that a chunk may live through: it was hardly its fault
ADDRESS = re.compile(r"(?:tcp|tls|ws|wss)://(?:[^\s/:\[\]]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})")

type Say = Callable[[str], None]
type Played = Generator[tuple[Chunk, Outcomes]]
type Mapper = Callable[[Iterable[Chunk]], Played]


@dataclass(frozen=True)
class Executor:
    """A way to play chunks: `open` it for a mapper, which yields each chunk with its outcomes, in any order."""

    name: str  # for the manifest
    open: Callable[[Say], AbstractContextManager[Mapper]]


def choose_executor(threads: int | None, workers: int | None, scheduler: str | None) -> Executor:
    """The executor that the options ask for: threads, one for each core, if they ask for none.

    Raises ExperimentError if they contradict each other, or if Dask is wanted and not installed.
    """
    given = {"--threads": threads, "--workers": workers, "--scheduler": scheduler}
    asked = [option for option, value in given.items() if value is not None]
    if len(asked) > 1:
        raise ExperimentError(f"{asked[0]}: {asked[1]} is given as well; choose one of the two")
    for option, value in (("--threads", threads), ("--workers", workers)):
        if value is not None and not 1 <= value <= MOST_WORKERS:
            raise ExperimentError(f"{option}: {value} is not allowed; a whole number from 1 to {MOST_WORKERS:,}")
    if (workers is not None or scheduler is not None) and find_spec("distributed") is None:
        raise ExperimentError(f"{asked[0]}: needs Dask, which is not installed; install ceasefire[cluster]")
    if scheduler is not None:
        found = ADDRESS.fullmatch(scheduler)
        if not found or int(found[1]) >= 2**16:
            raise ExperimentError(f'--scheduler: "{scheduler}" is no address; write one such as tcp://127.0.0.1:8786')
        return Executor(f"Dask scheduler {scheduler}", partial(_on_scheduler, scheduler))
    if workers is not None:
        return Executor(f"{workers} Dask workers", partial(_on_workers, workers))
    number = threads or os.cpu_count() or 1
    if number == 1:
        return Executor("this process", _here)
    return Executor(f"{number} threads", partial(_in_threads, number))


@contextmanager
def _here(say: Say) -> Iterator[Mapper]:
    engine(say)
    yield _one_by_one


@contextmanager
def _in_threads(threads: int, say: Say) -> Iterator[Mapper]:
    engine(say)  # compiled before the threads begin: Numba compiles in one thread at a time
    with futures.ThreadPoolExecutor(threads) as pool:
        yield partial(_in_pool, pool, lambda: threads)


@contextmanager
def _on_workers(workers: int, say: Say) -> Iterator[Mapper]:
    """Dask workers on this machine: processes of one thread each, which nobody outside can reach."""
    import dask  # noqa: PLC0415  (these take a second)
    from distributed import Client, LocalCluster  # noqa: PLC0415

    engine(say)  # the workers find the machine code in Numba's cache
    _quieten()
    with ExitStack() as stack:
        stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": DEATHS}))
        with _deaf_to_ctrl_c():
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
            stack.enter_context(cluster)
        yield _by_dask(stack.enter_context(Client(cluster, set_as_default=False)), "--workers")


@contextmanager
def _on_scheduler(address: str, say: Say) -> Iterator[Mapper]:
    """Workers of a scheduler that is there already, wherever they are."""
    from distributed import Client  # noqa: PLC0415

    _quieten()
    try:
        asyncio.run(_greet(address))  # a Client would wait for ever for one that listens and says nothing
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError):
        raise ExperimentError(f"--scheduler: no Dask scheduler answers at {address}") from None
    except Exception as error:  # whatever speaks there, it is not Dask; or TLS is not set up
        raise ExperimentError(f"--scheduler: {address} cannot be used ({error})") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except futures.TimeoutError:
            raise ExperimentError(f"--scheduler: {address} has no workers; start some: dask worker {address}") from None
        say(f"{len(client.scheduler_info(n_workers=-1)['workers'])} workers at {address}")
        yield _by_dask(client, "--scheduler")


def _by_dask(client: "Client", option: str) -> Mapper:
    def play(chunks: Iterable[Chunk]) -> Played:
        from distributed import KilledWorker  # noqa: PLC0415

        try:
            yield from _in_pool(
                client.get_executor(pure=False, retries=1), lambda: sum(client.nthreads().values()), chunks
            )
        except KilledWorker:
            raise ExperimentError(f"{option}: worker after worker died; do they have enough memory?") from None
        except futures.CancelledError:
            raise ExperimentError(f"{option}: the scheduler is gone; the same command goes on from here") from None

    return play


def _one_by_one(chunks: Iterable[Chunk]) -> Played:
    for chunk in chunks:
        yield chunk, play_chunk(chunk)


def _in_pool(pool: futures.Executor, hands: Callable[[], int], chunks: Iterable[Chunk]) -> Played:
    """Play in a pool with so many hands, with AHEAD chunks under way for each, and one if there are none."""
    left = iter(chunks)
    under_way: dict[futures.Future[Outcomes], Chunk] = {}
    waited = 0
    try:
        while True:
            for chunk in islice(left, max(AHEAD * hands() - len(under_way), not under_way)):
                under_way[pool.submit(play_chunk, chunk)] = chunk
            if not under_way:
                return
            done, _ = futures.wait(under_way, WAIT, return_when=futures.FIRST_COMPLETED)
            waited = 0 if done or hands() else waited + WAIT
            if waited > ALONE:
                raise ExperimentError("all workers are gone; the same command goes on from here")
            for future in done:
                yield under_way.pop(future), future.result()
    finally:
        for future in under_way:
            future.cancel()


async def _greet(address: str) -> None:
    """Shake hands with a scheduler. Raises OSError or TimeoutError if it does not within PATIENCE."""
    from distributed.comm.core import connect  # noqa: PLC0415
    from distributed.security import Security  # noqa: PLC0415

    async with asyncio.timeout(PATIENCE):
        comm = await connect(address, timeout=PATIENCE, **Security().get_connection_args("client"))
        await comm.close()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Leave Ctrl-C to the main thread: a terminal sends it to the threads and processes begun here as well."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which would let it through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _quieten() -> None:
    """Dask reports every lost worker at length; the batch goes on, and says what matters itself."""
    import distributed  # noqa: F401, PLC0415  (its loggers must be there)

    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
