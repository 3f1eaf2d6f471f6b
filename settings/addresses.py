"""Ranges of subnets, and where each of them lies in an address space that nobody has divided yet."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Annotated, Any, Final, NamedTuple

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from settings.constraint import Text

AUTO: Final = "auto"
"""As the range of a subnet: the one that `carved` gives it."""

SMALLEST_CARVED_PREFIX: Final = 25
"""An eighth of a /25 is a /28, the least that the API server takes."""

_EIGHTHS = 8
_OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_RULE = "must be 'auto' or an IPv4 range in CIDR form, for example '10.40.0.0/22'"


class _Place(NamedTuple):
    eighth: int
    """At which eighth of the address space the subnet begins."""

    bits: int
    """How much longer its prefix is at least: 1 is a half, 3 an eighth."""

    prefix: int
    """No shorter prefix than this, however large the space."""


PLACES: Final[Mapping[str, _Place]] = {
    "nodes": _Place(0, 1, 20),
    "system": _Place(4, 3, 24),
    "privateEndpoints": _Place(5, 3, 24),
    "apiServer": _Place(6, 3, 27),
}
"""By key in `network.subnets`. A /20 holds 4,091 nodes, a /27 27 addresses for API servers. The last eighth stays free.
A place depends on the address space alone: no subnet moves when another is added."""


def carved(address_space: str) -> dict[str, str]:
    """The range of each subnet; empty where `address_space` is no range or too small."""
    try:
        space = IPv4Network(address_space)
    except ValueError:
        return {}
    if space.prefixlen > SMALLEST_CARVED_PREFIX:
        return {}
    found = {}
    for key, place in PLACES.items():
        begin = int(space.network_address) + place.eighth * space.num_addresses // _EIGHTHS
        prefix = max(space.prefixlen + place.bits, place.prefix)
        found[key] = str(IPv4Network((begin, prefix)))
    return found


def planned(subnets: Mapping[str, Any], address_space: Any) -> dict[str, Any]:
    """`subnets` with a range in place of each `auto` that can have one."""
    ranges = carved(address_space) if isinstance(address_space, str) else {}
    return {key: ranges.get(key, it) if it == AUTO else it for key, it in subnets.items()}


def _range(text: str) -> str:
    if text == AUTO:
        return text
    try:
        IPv4Network(text)
    except ValueError:
        own = str(IPv4Network(text, strict=False))
        raise PydanticCustomError(
            "rule", "must be an IPv4 range without host bits, for example '{own}'", {"own": own}
        ) from None
    return text


SubnetRange = Annotated[
    str,
    Text(rf"^({AUTO}|({_OCTET}\.){{3}}{_OCTET}/(3[0-2]|[12]?[0-9]))$", _RULE),
    AfterValidator(_range),
]
