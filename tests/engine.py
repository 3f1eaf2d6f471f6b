# ruff: noqa: N802  (the SDK names its RPC methods in CamelCase)
"""The one mock engine: the recorder's own monitor, for a few components instead of a whole program.

URNs, unknowns, secrets and the refusal of a URN that is there already are thus as in `./aks preview`.
"""

import asyncio
import contextvars
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import config as sdk_config
from pulumi.runtime import settings as sdk_settings
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_in_stack

from review import sdk
from review.monitor import READ_OUTPUTS, Monitor
from review.plan import Resource
from review.secrecy import Engine, Mask
from review.stack_config import StackConfig
from review.wire import Reader

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One registration. Other resources are named by the last part of their URN."""

    urn: str
    type: str
    name: str
    parent: str
    provider: str
    inputs: Mapping[str, Any]
    dependencies: tuple[str, ...]
    options: Mapping[str, Any]
    outputs: Mapping[str, Any] | None
    """What a component registers as its outputs; None until it does."""


class Recorder(Monitor):
    def __init__(self, config: StackConfig, answers: Mapping[str, Any], *, preview: bool) -> None:
        super().__init__(config, self._keep, lambda _: None)
        self.rows: dict[str, Row] = {}
        self._answers = answers
        self._preview = preview

    def _keep(self, resource: Resource) -> Sequence[str]:
        self.rows[resource.urn] = Row(
            urn=resource.urn,
            type=resource.type,
            name=resource.name,
            parent=short(resource.parent),
            provider=short(resource.provider.rpartition("::")[0]),
            inputs=resource.inputs,
            dependencies=tuple(sorted(map(short, resource.dependencies))),
            options=resource.options,
            outputs=None,
        )
        return ()

    def RegisterResource(self, request):
        response = super().RegisterResource(request)
        if request.custom and not self._preview:
            response.id = f"{request.name}-id"
        if answer := self._answers.get(request.type):
            response.object = ParseDict({**MessageToDict(request.object), **answer}, Struct())
        return response

    def RegisterResourceOutputs(self, request):
        if request.urn in self.rows:
            outputs = Reader(()).properties(request.outputs)
            self.rows[request.urn] = replace(self.rows[request.urn], outputs=outputs)
        return super().RegisterResourceOutputs(request)

    def Invoke(self, request):
        if request.tok not in self._answers:
            if request.tok == READ_OUTPUTS:
                return super().Invoke(request)
            raise LookupError(f"unexpected invoke {request.tok}; give its answer in `answers`")
        answer = ParseDict(self._answers[request.tok], Struct())
        return resource_pb2.ResourceInvokeResponse(**{"return": answer})


def short(urn: str) -> str:
    return urn.split("::", 3)[3] if urn else ""


def registered(
    build: Callable[[], object],
    *,
    stack: str = "dev",
    config: Mapping[str, str] | None = None,
    secrets: Sequence[str] = (),
    answers: Mapping[str, Any] | None = None,
    preview: bool = True,
) -> list[Row]:
    """Run `build`, which may be async; return all it registered, a parent before its children.

    Registrations land after the code that asks for them: inside `build` none can be seen yet.
    `secrets` are the keys of `config` that hold one. In a `preview` every id, and every output that is
    no input, is unknown; otherwise an id is `{name}-id`. `answers` has results of invokes by token and,
    by type, outputs that a provider adds. An invoke without an answer fails, and so does a second
    resource of one URN.
    """
    given = StackConfig(
        project="aks-platform",
        stack=stack,
        entry=ROOT / "__main__.py",
        values=config or {},
        secret_keys=tuple(secrets),
        secret_values=frozenset(),
        disabled_providers=frozenset(),
    )
    recorder = Recorder(given, answers or {}, preview=preview)
    with sdk.recorded(ROOT):
        contextvars.copy_context().run(_run, build, given, recorder, preview)
    assert not recorder.faults, "\n".join(recorder.faults)
    return [row for row in recorder.rows.values() if row.type != STACK]


def _run(build, given: StackConfig, recorder: Recorder, preview: bool) -> None:
    sdk_settings.ROOT.set(None)
    sdk_settings.configure(
        sdk_settings.Settings(
            project=given.project,
            stack=given.stack,
            monitor=recorder,
            engine=Engine(Mask(())),
            dry_run=preview,
            legacy_apply_enabled=False,
            organization="organization",
            root_directory=str(ROOT),
        )
    )
    sdk_config.set_all_config(dict(given.values), list(given.secret_keys))
    loop = sdk.InlineLoop()
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(lambda *_: None)
    try:
        loop.run_until_complete(run_in_stack(build))
    finally:
        for task in (waiting := asyncio.all_tasks(loop)):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        asyncio.set_event_loop(None)
        loop.close()


def assert_golden(name: str, text: str) -> None:
    """Compare with `golden/<name>.json`; with UPDATE_GOLDEN=1 rewrite it instead: read its diff."""
    path = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    assert written == text, (
        f"{path.relative_to(ROOT)} tells of another plan; if the new one is meant, run "
        "UPDATE_GOLDEN=1 ./aks test tests/test_contract.py tests/test_program.py and read the diff"
    )


def as_json(rows: Sequence[Row]) -> str:
    """Only what is set, sorted by type and name: a golden file."""
    found = sorted(rows, key=lambda row: (row.type, row.name))
    kept = [{key: value for key, value in asdict(row).items() if value} for row in found]
    plain = [{key: value for key, value in row.items() if key != "urn"} for row in kept]
    return json.dumps(plain, indent=1, sort_keys=True) + "\n"
