"""Machine sizes by their names: cores, memory, and the local disk that a system disk may lie on.

Held against the page of each series below https://learn.microsoft.com/azure/virtual-machines/sizes/ , figure by figure:
dsv3, ddsv5, dadsv5, ddsv6, dadsv6, daldsv6, dpdsv6, edsv5, edsv6, eadsv6, fsv2, fasv6. Sizes beside them (without a
local disk, of version 4, low in memory, with Arm cores) follow by the naming convention,
https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions . What is not here is unknown, never guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_SIZE = re.compile(
    r"Standard_(?P<family>[DEF])(?P<vcpu>[0-9]+)(-(?P<active>[0-9]+))?(?P<kind>a?p?)(?P<memory>[lm]?)"
    r"(?P<disk>d?)s?_v(?P<version>[2-6])"
)

_GENERAL = (2, 4, 8, 16, 32, 48, 64)
_MEMORY = (2, 4, 8, 16, 20, 32, 48, 64)
_CORES: Final[Mapping[str, tuple[int, ...]]] = {
    "Dv3": _GENERAL,
    "Dv4": _GENERAL,
    "Dav4": (*_GENERAL, 96),
    "Dv5": (*_GENERAL, 96),
    "Dav5": (*_GENERAL, 96),
    "Dpv5": _GENERAL,
    "Dv6": (*_GENERAL, 96, 128),
    "Dav6": (*_GENERAL, 96),
    "Dpv6": (*_GENERAL, 96),
    "Ev4": _MEMORY,
    "Eav4": (*_MEMORY, 96),
    "Ev5": (*_MEMORY, 96),
    "Eav5": (*_MEMORY, 96),
    "Epv5": (2, 4, 8, 16, 20, 32),
    "Ev6": (*_MEMORY, 96, 128),
    "Eav6": (*_MEMORY, 96),
    "Epv6": (*_GENERAL, 96),
    "Fv2": (*_GENERAL, 72),
    "Fav6": _GENERAL,
}
"""Cores of each series, by family, kind (`a` AMD, `p` Arm) and version."""

_GIB_A_CORE: Final[Mapping[str, int]] = {
    "D": 4,
    "Dl": 2,
    "E": 8,
    "Fv2": 2,
    "F": 4,
    "Fl": 2,
    "Fm": 8,
}

_MEMORY_GIB: Final[Mapping[str, Mapping[int, int]]] = {
    "Ev4": {64: 504},
    "Ev5": {96: 672},
    "Eav4": {96: 672},
    "Eav5": {96: 672},
    "Eav6": {96: 672},
    "Epv6": {96: 672},
}
"""Where the largest size of a series has less than its cores would have."""

_CACHE_GIB: Final[Mapping[str, Mapping[int, int]]] = {
    "Dv3": {it: 25 * it for it in _GENERAL},
    "Fv2": {**{it: 16 * it for it in _GENERAL}, 72: 1520},
}
"""The cache for disks, larger than the temporary disk in these two series."""

_TEMPORARY_GIB_A_CORE: Final = Decimal("37.5")
"""Temporary disk of versions 4 and 5 with a `d`: 150 GiB for 4 cores."""

_NVME_GIB: Final[Mapping[int, int]] = {
    2: 110, 4: 220, 8: 440, 16: 440, 20: 550, 32: 440, 48: 440, 64: 880, 96: 880, 128: 1760,
}  # fmt: skip
"""One of the NVMe disks of version 6 with a `d`: a system disk takes as few of them as it needs, so no more than one is
counted on (https://learn.microsoft.com/azure/virtual-machines/ephemeral-os-disks-faq)."""

_BURSTABLE = re.compile(r"(Standard|Basic)_B[0-9]")
_BASIC = re.compile(r"(Standard|Basic)_A[0-9]")
_WITH_GPU = re.compile(r"Standard_N[CDGV]")


@dataclass(frozen=True)
class Machine:
    """One machine size."""

    vcpu: int
    memory: int
    """Bytes."""

    local_disk_gib: Decimal
    """The largest ephemeral system disk it holds; 0 where it has no local disk."""

    nvme: bool = False
    """Whether that disk is NVMe, without a cache or a temporary disk beside it."""

    arm: bool = False
    """Whether its cores are Arm64."""


def machine(vm_size: str) -> Machine | None:
    """The size by its name; None for one that is not in the tables."""
    found = _SIZE.fullmatch(vm_size)
    if not found:
        return None
    family, vcpu, kind = found["family"], int(found["vcpu"]), found["kind"]
    series = f"{family}{kind}v{found['version']}"
    each = _GIB_A_CORE.get(series, _GIB_A_CORE.get(family + found["memory"]))
    if vcpu not in _CORES.get(series, ()) or each is None:
        return None
    # `E8-2ds` is an E8 with 2 of its cores on: all of the memory and the disk.
    active = int(found["active"] or vcpu)
    memory = _MEMORY_GIB.get(series, {}).get(vcpu, vcpu * each)
    nvme = bool(found["disk"]) and found["version"] == "6"
    if nvme:
        disk = Decimal(_NVME_GIB[vcpu])
    elif found["disk"]:
        disk = vcpu * _TEMPORARY_GIB_A_CORE
    else:
        disk = Decimal(_CACHE_GIB.get(series, {}).get(vcpu, 0))
    return Machine(active, memory * 2**30, disk, nvme, "p" in kind)


def burstable(vm_size: str) -> bool:
    """Whether the size is of the B-series, which AKS advises against for system pools."""
    return bool(_BURSTABLE.match(vm_size))


def entry_level(vm_size: str) -> bool:
    """Whether the size is of the A-series, which is for development and tests."""
    return bool(_BASIC.match(vm_size))


def has_gpu(vm_size: str) -> bool:
    """Whether the size is of the N family, https://learn.microsoft.com/azure/aks/use-nvidia-gpu ."""
    return bool(_WITH_GPU.match(vm_size))
