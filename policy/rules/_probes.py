"""Probes of a container, with what the kubelet takes where nothing is said."""

from collections.abc import Mapping
from typing import Any, Final

from policy.objects import dig, mapping

PROBES: Final = ("startupProbe", "readinessProbe", "livenessProbe")
HANDLERS: Final = ("httpGet", "tcpSocket", "exec", "grpc")
_DEFAULTS: Final[Mapping[str, int]] = {
    "initialDelaySeconds": 0,
    "periodSeconds": 10,
    "timeoutSeconds": 1,
    "failureThreshold": 3,
}
"""https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"""


def number(probe: Any, key: str) -> int:
    """A number of a probe, the kubelet's default filled in."""
    found = dig(probe, key)
    return found if isinstance(found, int) and found > 0 else _DEFAULTS[key]


def patience(probe: Any) -> int:
    """Seconds of failures until a probe has failed, its delay aside."""
    return number(probe, "periodSeconds") * number(probe, "failureThreshold")


def handler(probe: Any) -> Mapping[str, Any]:
    """What a probe asks, without how often."""
    found = mapping(probe)
    return {key: found.get(key) for key in HANDLERS if key in found}
