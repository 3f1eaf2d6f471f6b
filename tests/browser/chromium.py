"""The browser of the machine: where it is, how it is started, and what to do where there is none."""

import os
import shutil
from typing import Final

PROGRAM: Final = "AKS_CHROMIUM"
"""Environment variable: the program to use instead of the first found."""

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class ChromiumError(Exception):
    """There is no browser; the message says what to do, without a final stop."""


def program() -> str:
    """The browser's path. Raise ChromiumError where there is none."""
    asked = os.environ.get(PROGRAM)
    if asked:
        if found := shutil.which(asked):
            return found
        raise ChromiumError(f"{PROGRAM} is {asked!r}, which is no program that can be run")
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise ChromiumError(
        "the tests in a browser need Chromium, and none was found\n"
        "  Debian, Ubuntu: sudo apt-get install chromium | Fedora: sudo dnf install chromium | "
        f"elsewhere: {PROGRAM}=/path/to/chromium"
    )


def arguments() -> list[str]:
    """What it is started with beside what the driver gives it: no host of its maker is asked for anything."""
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    # Its sandbox refuses to run as root, which is what pipelines in containers are.
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet
