"""Which processes still run."""

import time
from collections.abc import Sequence
from pathlib import Path

_PATIENCE_SECONDS = 60


def alive(pids: Sequence[int]) -> list[int]:
    """Those that still run; a zombie does not."""
    found = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(pid)
    return found


def ended(pids: Sequence[int]) -> bool:
    """Whether all of them end in good time."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pids)
