"""Variables of a container: texts, fields of the pod, amounts, single keys of configuration and secrets."""

from collections.abc import Mapping
from typing import Any

from manifests import Values, secrets
from settings.mounts import EnvSource, EnvValue
from settings.stack import Settings
from settings.workload import Workload


def variables(
    settings: Settings,
    workload: Workload,
    env: Mapping[str, EnvValue],
    config_map: str,
    values: Values,
) -> list[dict[str, Any]]:
    """`env` in wire form; `config_map` is the name of the workload's ConfigMap of variables."""
    return [
        {"name": name, "value": given}
        if isinstance(given, str)
        else {"name": name, "valueFrom": _source(settings, workload, given, config_map, values)}
        for name, given in env.items()
    ]


def _source(
    settings: Settings, workload: Workload, given: EnvSource, config_map: str, values: Values
) -> dict[str, Any]:
    if given.field:
        return {"fieldRef": {"fieldPath": given.field}}
    if given.resource:
        return {"resourceFieldRef": {"resource": given.resource}}
    if given.config:
        return {"configMapKeyRef": {"name": config_map, "key": given.config}}
    found = secrets.reference(settings, workload, given.secret or "", values)
    return {"secretKeyRef": {"name": found.secret, "key": found.key}}
