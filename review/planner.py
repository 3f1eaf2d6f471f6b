"""Plans several stacks side by side, each in a process of its own."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from review.plan import Plan, PlanError

Progress = Callable[[str, str, int], None]
"""Called with the stack, its phase (`start`, `register`, `check`, `done`) and the resources so far."""


def plan_stacks(
    project_dir: Path,
    stacks: Sequence[str],
    *,
    config_overrides: Mapping[str, Any] | None = None,
    kubernetes_version: str | Mapping[str, str] | None = None,
    progress: Progress | None = None,
    debug: bool = False,
) -> dict[str, Plan | PlanError]:
    """A plan, or the reason why there is none, for each of `stacks`, in their order.

    `kubernetes_version` is one for all or one a stack; it, `config_overrides` and `debug` are as in
    `review.recorder.record`.
    """
    raise NotImplementedError
