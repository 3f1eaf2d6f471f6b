"""One entry of `uses`, read: what a workload calls and on which port."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

INTERNET = "internet"
KUBERNETES = "kubernetes"
MONITORING = "monitoring"
RESERVED = (INTERNET, KUBERNETES, MONITORING)
"""Names with a meaning of their own: the platform's services."""

_ADDRESS = re.compile(r"[0-9.]+")


class Use(NamedTuple):
    """What an entry names, by its form alone; whether it is there is for the checks to say."""

    form: Literal["name", "range", "address", "host"]
    """`name`: a workload, an external or a platform service; `range`: a CIDR; `address`: one without its prefix, which
    is a fault; `host`: a name in DNS."""

    name: str
    """Without namespace and port."""

    namespace: str
    """Of a workload, where it is said; else empty."""

    port: int | None
    """As written, so of a workload the port of its Service."""


@lru_cache(maxsize=8192)
def use(text: str) -> Use:
    """`shop/redis:6379`, `internet:443`, `10.64.4.0/28:1433` or `*.example.com:443`, taken apart."""
    target, _, digits = text.partition(":")
    port = int(digits) if digits else None
    before, slash, after = target.partition("/")
    if "." not in target:
        return Use("name", after or before, before if slash else "", port)
    if slash:
        return Use("range", target, "", port)
    return Use("address" if _ADDRESS.fullmatch(target) else "host", target, "", port)
