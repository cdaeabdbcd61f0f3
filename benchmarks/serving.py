"""Serves the page to browsers that measure it, picture it or test it: the command itself, as a process of its own."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import environ
from pathlib import Path

HOST = "127.0.0.1"
STARTS = 180  # seconds: a busy machine may have to compile the model first
ENDS = 20  # seconds until a server that was told to end is killed
BAD = ("Traceback", "ERROR", "Error:", "Exception", "WARNING")
CEASEFIRE = str(Path(sys.executable).with_name("ceasefire"))
OFFLINE = ("--no-sandbox", f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}")  # of Chromium


@dataclass
class Served:
    """A page that is served: where it is, its process, and what that has complained of."""

    address: str
    log: Path
    process: subprocess.Popen[bytes]
    _read: int = field(default=0, repr=False)  # characters of the log that were looked through

    def complaints(self) -> list[str]:
        """Lines of the log, since it was last asked, that tell of something wrong."""
        fresh = self.log.read_text("utf-8")[self._read :]
        self._read += len(fresh)
        return [line for line in fresh.splitlines() if any(word in line for word in BAD)]

    def resident_mb(self) -> float:
        """Memory (MB) of the process now, as Linux counts it."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


@contextmanager
def serve(folder: Path, command: Sequence[str] = (CEASEFIRE,)) -> Iterator[Served]:
    """Serve the page from a folder; `command` is `ceasefire` or stands in for it. RuntimeError if it does not start."""
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        port = tried.getsockname()[1]
    # NiceGUI behaves otherwise where it finds itself under pytest.
    variables = {name: value for name, value in environ.items() if not name.startswith("PYTEST")}
    path = folder / "log.txt"
    with path.open("w") as log:
        process = subprocess.Popen(
            [*command, "page", "--no-browser", "--port", str(port)],
            cwd=folder, env=variables | {"PYTHONUNBUFFERED": "1"}, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        served = Served(f"http://{HOST}:{port}", path, process)
        try:
            _wait(served)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(ENDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def chromium() -> str | None:
    """The system's Chromium, if there is one."""
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


def _wait(served: Served) -> None:
    ends = time.monotonic() + STARTS
    while served.process.poll() is None and time.monotonic() < ends:
        try:
            with urllib.request.urlopen(served.address, timeout=STARTS):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"the page did not start:\n{served.log.read_text('utf-8')}")
