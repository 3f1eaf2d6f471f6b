"""Names and labels as the API server takes them
(https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""

import re
from functools import lru_cache
from typing import Final

from policy.kinds import CLUSTER_WIDE, GROUPS, WORKLOADS

LABELLED: Final = (
    *(it for it in WORKLOADS if it not in ("ReplicaSet", "ReplicationController")),
    "ConfigMap",
    "Ingress",
    "PersistentVolumeClaim",
    "Service",
)
"""Kinds that people look for, and pay for, by label."""

NAMESPACED: Final = tuple(it for it in GROUPS if it not in CLUSTER_WIDE)
PATH_NAMES: Final = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
"""Kinds whose names may be almost anything: `system:node`."""

DNS_LABELS: Final = ("Namespace", "Service")
"""Kinds whose names are one label of DNS, for they become part of a host."""

_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SUBDOMAIN: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_VALUE: Final = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_MOST: Final = 253


def is_label(name: str) -> bool:
    """Whether it is a label of DNS: at most 63 characters (RFC 1123)."""
    return bool(_LABEL.fullmatch(name))


def is_subdomain(name: str) -> bool:
    """Whether it is labels of DNS with dots between: at most 253 characters."""
    return len(name) <= _MOST and bool(_SUBDOMAIN.fullmatch(name))


def is_label_value(value: object) -> bool:
    """Whether it can be the value of a label; YAML makes `true` and `1.0` something else than text."""
    return isinstance(value, str) and _is_value(value)


@lru_cache(maxsize=4096)
def _is_value(value: str) -> bool:
    return bool(_VALUE.fullmatch(value))
