"""What a whole process costs: its own CPU time, its children's, and the memory of the largest of them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LINES_SHOWN: Final = 10
_PEAK_UNITS_A_MIB: Final = 1024**2 if sys.platform == "darwin" else 1024
"""`ru_maxrss` is in bytes on macOS and in KiB elsewhere: getrusage(2)."""


class BenchError(Exception):
    """A measured process failed; the message holds the end of what it said."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one process and all that it started and waited for."""

    cpu_seconds: float
    """User and system time."""

    wall_seconds: float
    peak_mib: float
    """Most resident memory of any one of them. Never less than this process's own, which the child starts from."""

    def least(self, other: "Cost | None") -> "Cost":
        """The lesser of each: noise of other programs only ever adds."""
        if other is None:
            return self
        return Cost(
            cpu_seconds=min(self.cpu_seconds, other.cpu_seconds),
            wall_seconds=min(self.wall_seconds, other.wall_seconds),
            peak_mib=min(self.peak_mib, other.peak_mib),
        )


def run(command: Sequence[str], code: Path, accepted: Sequence[int] = (0,)) -> Cost:
    """Run `command` with `code` alone on Python's path; raise `BenchError` unless its exit code is accepted."""
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, **_environment(code)},
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            said.seek(0)
            lines = said.read().decode(errors="replace").splitlines()[-_LINES_SHOWN:]
            raise BenchError(
                "\n  ".join([f"{' '.join(command)}: ended with {process.returncode}", *lines])
            )
    return Cost(
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=wall,
        peak_mib=usage.ru_maxrss / _PEAK_UNITS_A_MIB,
    )


def _environment(code: Path) -> Mapping[str, str]:
    """As the wrapper sets it."""
    return {"PYTHONPATH": str(code), "PYTHONSAFEPATH": "1"}
