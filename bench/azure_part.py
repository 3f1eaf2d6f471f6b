"""The cluster part of a stack, as a process: our components, or the SDK alone with the same resources.

    python -m bench.azure_part record CALLS STACK     what our components ask of the SDK, to a file
    python -m bench.azure_part ours COUNT STACK       COUNT clusters by our components
    python -m bench.azure_part sdk COUNT CALLS        COUNT times the recorded calls, and nothing else

Both under the SDK's own mocks, as in a preview: no output is known. With COUNT 0 what is left is the start.
"""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_mocks, test

from settings.load import LOCATION_KEY, load, read_sources

CODE = Path(__file__).parents[1]


class _Mocks(Mocks):
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return args.name, {}

    def call(self, _args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {}, []


def ours(count: int, stack: str) -> Callable[[], None]:
    """`count` clusters of the settings of `stack`."""
    from components.azure.aks_cluster import AksCluster, AksClusterArgs

    settings = load(CODE, stack)
    config = read_sources(CODE, stack).document.data["config"]

    def program() -> None:
        for index in range(count):
            AksCluster(
                f"aks-{index}", AksClusterArgs(settings=settings, location=config[LOCATION_KEY])
            )

    return program


def sdk(count: int, calls: list[dict[str, Any]]) -> Callable[[], None]:
    """The same classes with the same arguments, below one component."""
    made = [
        (getattr(importlib.import_module(it["module"]), it["class"]), it["name"], it["arguments"])
        for it in calls
    ]

    def program() -> None:
        for index in range(count):
            parent = pulumi.ComponentResource("bench:index:Cluster", f"aks-{index}")
            for kind, name, arguments in made:
                kind(f"{index}-{name}", opts=pulumi.ResourceOptions(parent=parent), **arguments)

    return program


def record(stack: str) -> list[dict[str, Any]]:
    """What the components of one cluster give the classes of azure-native; an output becomes a text.

    For a process of its own: Python does not forget that a class once had a `__new__`.
    """
    calls: list[dict[str, Any]] = []

    def noting(kind: Any, /, *args: Any, **kwargs: Any) -> Any:
        if kind.__module__.startswith("pulumi_azure_native.") and args:
            arguments = {key: _plain(it) for key, it in kwargs.items() if key != "opts"}
            call = {"module": kind.__module__, "class": kind.__name__, "name": args[0]}
            calls.append({**call, "arguments": arguments})
        return object.__new__(kind)

    pulumi.CustomResource.__new__ = staticmethod(noting)  # type: ignore[method-assign,assignment]
    _run(ours(1, stack))
    return calls


def _plain(value: Any) -> Any:
    if isinstance(value, pulumi.Output):
        return "known later"
    if isinstance(value, dict):
        return {key: _plain(it) for key, it in value.items()}
    return [_plain(it) for it in value] if isinstance(value, list | tuple) else value


def _run(program: Callable[[], None]) -> None:
    set_mocks(_Mocks(), preview=True)
    test(program)()  # type: ignore[no-untyped-call]  # pulumi leaves it bare


def main(what: str, first: str, second: str) -> None:
    """One of the three."""
    if what == "record":
        Path(first).write_text(json.dumps(record(second)), encoding="utf-8")
    elif what == "ours":
        _run(ours(int(first), second))
    else:
        _run(sdk(int(first), json.loads(Path(second).read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main(*sys.argv[1:])
