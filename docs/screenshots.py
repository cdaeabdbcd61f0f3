"""`uv run python -m docs.screenshots`: the pictures of the page that README.md shows, made anew in docs/pictures/."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.serving import OFFLINE, chromium, serve

PICTURES = Path(__file__).parent / "pictures"
PLAN = "force.size=30000&force.deployment=imposed&guarantee.form=ratified&force.doctrine=fight"
LIFE = "force.size=30000&guarantee.form=backstop&run=12&at=120"
PATIENCE = 180  # seconds until a view is drawn


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
    Shot("page-phone", f"/?{PLAN}", 390, 1740, WHOLE),
    Shot("page-dark", f"/?{PLAN}", 1280, 1060, WHOLE, dark=True),
    Shot("life", f"/life?{LIFE}", 1280, 1060, "() => document.querySelector('h1').textContent.includes('Week 120')"),
)


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
    path = chromium()
    if path is None:
        sys.exit("no Chromium on this machine: it takes the pictures")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OFFLINE))
        for shot in SHOTS:
            picture = take(browser, served.address, shot)
            (PICTURES / f"{shot.name}.png").write_bytes(picture)
            print(f"docs/pictures/{shot.name}.png: {len(picture) / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
