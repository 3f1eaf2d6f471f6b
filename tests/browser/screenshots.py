"""Makes docs/images/review-*.png: the review of one change to prod, in a copy of what is committed.

.venv/bin/python -m tests.browser.screenshots
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import sync_playwright

from tests.browser.chromium import arguments, program

ROOT: Final = Path(__file__).parents[2]
IMAGES: Final = ROOT / "docs" / "images"
MOST_BYTES: Final = 250_000


class Shot(NamedTuple):
    """One image: which part of the page, in a window of which size and scheme."""

    name: str
    part: str
    width: int
    height: int
    scheme: str


SHOTS: Final = (
    Shot("review-light", "", 1280, 1000, "light"),
    Shot("review-dark", "connections-graph", 1280, 1000, "dark"),
    Shot("review-narrow", "capacity-bars", 360, 900, "light"),
)
EDITS: Final = {
    "Pulumi.prod.yaml": (
        ("        vmSize: Standard_D8ds_v5\n", "        vmSize: Standard_D4ds_v5\n"),
        ("        max: 6\n", "        max: 4\n"),
        ("      tls: {secretName: course-tls}\n", ""),
        ("web:\n        availability: ha\n        replicas: 3\n", "web:\n        replicas: 6\n"),
        ('redis: {tag: "8.2.3"}', 'redis: {tag: "8.4.0"}'),
    ),
    "workloads/business-data-sync.yaml": (('["sql-gateway:1433"]', '["internet:443"]'),),
    "workloads/regression-tests.yaml": (("[authentication, blob-service]", "[authentication]"),),
    "workloads/redis.yaml": (("size: 8Gi", "size: 16Gi"),),
}
"""What the change that is reviewed does: file, what stands there, what shall."""


def main() -> int:
    """The exit code."""
    with tempfile.TemporaryDirectory() as folder:
        copy, page = Path(folder, "aks-platform"), Path(folder, "review.html")
        subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, copy], check=True)
        for name, edits in EDITS.items():
            text = (copy / name).read_text()
            for old, new in edits:
                if old not in text:
                    raise SystemExit(f"{name}: {old!r} is not there any more; mend EDITS")
                text = text.replace(old, new, 1)
            (copy / name).write_text(text)
        review = ["review", "prod", "--base", "HEAD", "--format", "html", "--output", str(page)]
        done = subprocess.run(
            [sys.executable, "-m", "cli", *review],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            check=False,
        )
        if done.returncode not in (0, 1):  # 1: it found something, as it should
            return done.returncode
        _shoot(page)
    return 0


def _shoot(page: Path) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=arguments())
        for it in SHOTS:
            size = {"width": it.width, "height": it.height}
            view = browser.new_page(viewport=size, color_scheme=it.scheme)
            view.goto(page.as_uri() + (f"#{it.part}" if it.part else ""))
            path = IMAGES / f"{it.name}.png"
            view.screenshot(path=path)
            size_bytes = path.stat().st_size
            print(f"{path.relative_to(ROOT)}: {size_bytes:,} bytes")
            if size_bytes > MOST_BYTES:
                raise SystemExit(f"{path.name} is larger than {MOST_BYTES:,} bytes")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
