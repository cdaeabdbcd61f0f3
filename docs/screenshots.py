"""`uv run python docs/screenshots.py`: the pictures of the page that README.md shows, made anew in docs/pictures/."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PLAN = "force.size=30000&force.deployment=imposed&guarantee.form=ratified&force.doctrine=fight"
LIFE = "force.size=30000&guarantee.form=backstop&run=12&at=120"
PATIENCE = 180  # seconds until a page is there, and until it is drawn


@dataclass(frozen=True)
class Shot:
    """One picture."""

    name: str
    address: str
    width: int
    height: int
    drawn: str  # JavaScript that is true once all is there
    dark: bool = False


WHOLE = "() => document.body.dataset.whole === '1'"
SHOTS = (
    Shot("page-desktop", f"/?{PLAN}", 1280, 1060, WHOLE),
    Shot("page-phone", f"/?{PLAN}", 390, 1640, WHOLE),
    Shot("page-dark", f"/?{PLAN}", 1280, 1060, WHOLE, dark=True),
    Shot("life", f"/life?{LIFE}", 1280, 1060, "() => document.querySelector('h1').textContent.includes('Week 120')"),
)


@contextmanager
def served() -> Iterator[str]:
    """The address of a page of this clone, served until the end of the block. RuntimeError if it does not start."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [str(Path(sys.executable).with_name("ceasefire")), "page", "--no-browser", "--port", str(port)]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(process, address)
            yield address
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    ends = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < ends:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError("the page did not start")


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """One picture, as PNG."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme="dark" if shot.dark else "light"
    )
    page = context.new_page()
    page.goto(address + shot.address)
    page.wait_for_function(shot.drawn, timeout=PATIENCE * 1000)
    page.wait_for_timeout(1000)  # charts come to rest
    picture = page.screenshot()
    context.close()
    return picture


def main() -> None:
    """Take all pictures."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("no Chromium on this machine: it takes the pictures")
    PICTURES.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in SHOTS:
            picture = take(browser, address, shot)
            (PICTURES / f"{shot.name}.png").write_bytes(picture)
            print(f"docs/pictures/{shot.name}.png: {len(picture) / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
