"""Numbers of pods that are given as such or as a share of all."""

import math
from typing import Any


def share(value: Any, replicas: int, *, up: bool, default: Any) -> int:
    """`25%` of so many replicas, or the number itself; `up` is how Kubernetes rounds it. 0 for what is neither."""
    found = default if value is None else value
    if isinstance(found, str) and found.endswith("%") and found[:-1].isdigit():
        part = int(found[:-1]) * replicas / 100
        return math.ceil(part) if up else math.floor(part)
    if isinstance(found, str) and found.isdigit():
        return int(found)
    return found if isinstance(found, int) else 0
