"""One entry of `uses`, read: what a workload calls and on which port."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from settings.ports import TCP, Opened, Protocol
from settings.service import Served

INTERNET = "internet"
KUBERNETES = "kubernetes"
MONITORING = "monitoring"
RESERVED = (INTERNET, KUBERNETES, MONITORING)
"""Names with a meaning of their own: the platform's services."""

_PROTOCOLS: Mapping[str, Protocol] = {it: it for it in get_args(Protocol)}
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

    protocol: Protocol | None = None
    """As written; without one a workload's ports are called over their own, all else over TCP."""

    @property
    def opened(self) -> Opened | None:
        """Of what is no workload the port with its protocol; None where no port is named."""
        return None if self.port is None else Opened(self.port, self.protocol or TCP)

    def means(self, served: Served) -> bool:
        """Of a workload whether this port of its Service is called: without a port all are, without a protocol the
        number over each that the Service has it for."""
        return self.port in (None, served.port) and self.protocol in (None, served.protocol)


@lru_cache(maxsize=8192)
def use(text: str) -> Use:
    """`shop/redis:6379`, `internet:3478/UDP`, `10.64.4.0/28:1433` or `*.example.com:443`, taken apart."""
    target, _, behind = text.partition(":")
    digits, _, said = behind.partition("/")
    protocol = _PROTOCOLS.get(said)
    port = int(digits) if digits else None
    before, slash, after = target.partition("/")
    if "." not in target:
        return Use("name", after or before, before if slash else "", port, protocol)
    if slash:
        return Use("range", target, "", port, protocol)
    return Use("address" if _ADDRESS.fullmatch(target) else "host", target, "", port, protocol)
