"""Paths of properties: ours name the items of lists, the guard and the engine write their positions."""

import json
import re


def step(at: str, key: str) -> str:
    """`metadata.labels["app.kubernetes.io/name"]`: a key that is no plain word in brackets, as the engine has it."""
    if key.replace("_", "").replace("-", "").isalnum():
        return f"{at}.{key}" if at else key
    return f"{at}[{json.dumps(key, ensure_ascii=False)}]"


def along(one: str, other: str) -> bool:
    """Whether one bare path is the other, or leads to it."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def bare(path: str) -> str:
    """Without what tells the items of lists apart, and without quotes around keys."""
    return re.sub(r"\[[^\]]*\]", "", re.sub(r'\["([^"]*)"\]', r".\1", path))
