"""Runs a Pulumi program as the engine would, offline, and keeps what it registers."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from review.plan import Plan


def record(
    project_dir: Path,
    stack: str,
    *,
    config_overrides: Mapping[str, Any] | None = None,
    kubernetes_version: str | None = None,
    progress: Callable[[str, int], None] | None = None,
    debug: bool = False,
) -> Plan:
    """The plan of `stack`; raise `PlanError` where the engine, or the program, would stop.

    `config_overrides` are written as in a stack file (`{"secure": value}` for a secret, at any depth) and
    win over it. `kubernetes_version` (`1.35`) names the schemas that Kubernetes objects are held to; without
    it they are held to none. `progress` gets a phase and the number of resources so far. `debug` adds the full traceback to the error. One process plans one stack: the SDK keeps
    state between runs, so use `review.planner.plan_stacks` for several.
    """
    raise NotImplementedError
