# ruff: noqa: N802  (the SDK names its RPC methods in CamelCase)
"""The engine's side of a registration, offline: it answers as a first preview would, and keeps every row.

Answers: the URN as the engine builds it, no id, the inputs as outputs, everything else unknown. It never runs a
provider, a transform or a hook, and never calls a network: what would need one is refused.
"""

import itertools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, NoReturn

from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.resource import RegisterResponse

from review import plan
from review import urn as urns
from review.options import Options
from review.plan import Resource
from review.stack_config import StackConfig
from review.wire import SECRET_SIGNATURE, SIGNATURE, UNKNOWN_VALUE, Reader, Struct

PROVIDERS: Final = "pulumi:providers:"

READ_OUTPUTS: Final = "pulumi:pulumi:readStackOutputs"

REPORT_SECONDS: Final = 0.1
"""Between two reports of progress."""

Check = Callable[[Resource], Iterable[str]]
"""Faults of one resource, each without its place."""


class RefusedError(Exception):
    """What the engine, or a preview without a network, cannot go on from."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A registration as it is kept: its JSON, a third of the size of the objects it is made of."""

    number: int
    parent: str
    place: str
    text: str


class Component(NamedTuple):
    """The rows of one component, as an earlier run wrote them."""

    signature: str
    """Hash of all that they hang on, beside the code that made them."""

    rows: tuple[tuple[str, str, str, str], ...]
    """URN, parent, place and JSON, in the order in which they were made: its own first."""


class Monitor(MockMonitor):
    """Records one run. Read `lines`, `outputs` and `faults` once the program has ended."""

    def __init__(
        self,
        config: StackConfig,
        check: Check,
        progress: Callable[[int], None],
        known: Mapping[str, Component] | None = None,
    ) -> None:
        super().__init__(_NO_MOCKS)
        self.outputs: dict[str, Any] = {}
        self.numbers = itertools.count(1)
        """Of resources, in the order in which the program makes them."""

        self.known = known
        """Components of an earlier run by URN, of which `recall` takes; None where none are kept."""

        self.signatures: dict[str, str] = {}
        self.recalled: set[str] = set()
        """URNs of the components that were taken from an earlier run."""

        self._config = config
        self._check = check
        self._progress = progress
        self._next_report = 0.0
        self._reader = Reader(config.secret_values)
        self._options = Options(config.stack, config.project, self._reader)
        self._prefix = f"urn:pulumi:{config.stack}::{config.project}::"
        self._rows: dict[str, _Row] = {}
        self._held: set[str] = set()
        """URNs of rows of an earlier run, which nothing has registered in this one."""

        self._repeated: set[str] = set()
        self._faults: list[tuple[int, str]] = []

    @property
    def faults(self) -> list[str]:
        """In the order in which the program made the resources."""
        return [text for _, text in sorted(self._faults)]

    @property
    def count(self) -> int:
        """Resources so far."""
        return len(self._rows)

    @property
    def lines(self) -> Iterator[str]:
        """JSON of the resources: a parent first, then its children in the order the program made them."""
        children: dict[str, list[str]] = {}
        for urn, row in sorted(self._rows.items(), key=lambda item: item[1].number):
            children.setdefault(row.parent if row.parent in self._rows else "", []).append(urn)
        waiting = children.get("", [])[::-1]
        while waiting:
            urn = waiting.pop()
            yield self._rows[urn].text
            waiting += children.get(urn, [])[::-1]

    def recall(self, token: str, name: str, signature: str) -> bool:
        """Take the rows of a component from an earlier run, where it would register the same again.

        It is what `components/recall.py` asks for, in the place of the component's constructor.
        """
        if self.known is None:
            return False
        urn = self.make_urn("", token, name)
        self.signatures[urn] = signature
        before = self.known.get(urn)
        if before is None or before.signature != signature or urn in self._rows:
            return False
        for of, parent, place, text in before.rows:
            self._rows[of] = _Row(next(self.numbers), parent, place, text)
            self._held.add(of)
        self.recalled.add(urn)
        self._report()
        return True

    @property
    def components(self) -> dict[str, Component]:
        """The components that were asked for by signature, for the next run, but for those that were recalled."""
        rows: dict[str, list[tuple[int, tuple[str, str, str, str]]]] = {
            urn: [] for urn in self.signatures if urn not in self.recalled
        }
        for urn, row in self._rows.items() if rows else ():
            top = urn
            while top not in rows and top in self._rows:
                top = self._rows[top].parent
            if top in rows:
                rows[top].append((row.number, (urn, row.parent, row.place, row.text)))
        return {
            urn: Component(self.signatures[urn], tuple(it for _, it in sorted(of)))
            for urn, of in rows.items()
        }

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """With all the parents' types, of which the SDK's mock keeps one."""
        return urns.of(self._config.stack, self._config.project, parent, type_, name)

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> RegisterResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        number, place = request.sourcePosition.column, _place(request)
        if request.transforms:
            raise RefusedError(
                f"{place}{urn}: resource transforms are not run offline, so its plan would be wrong"
            )
        if (other := self._rows.get(urn)) is not None:
            if urn not in self._held:
                self._refuse_repeated(urn, other, request)
                return self._answer(urn, request, {})
            # It was recalled, and is made all the same, for what waits for it. Its place is the one that it had.
            self._held.discard(urn)
            number = other.number

        inputs = self._reader.properties(request.object)
        plain = self._reader.plain
        if request.type.startswith(PROVIDERS) and request.version:
            # The engine writes the version among a provider's inputs.
            shown = {**inputs, "version": request.version}
        else:
            shown = inputs
        resource = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent,
            provider=self._provider(request, number),
            inputs=shown,
            dependencies=tuple(sorted(request.dependencies)),
            options=self._options.read(urn, request),
        )
        self._faults += [
            (number, f"{place}{request.type} {request.name!r}: {it}")
            for it in self._check(resource)
        ]
        self._rows[urn] = _Row(number, request.parent, place, plan.line(resource))
        self._report()
        return self._answer(urn, request, inputs if plain else None)

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> None:
        if urns.type_chain(request.urn) == urns.STACK:
            self.outputs = self._reader.properties(request.outputs)

    def ReadResource(
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        place = _place(request)
        if request.id != UNKNOWN_VALUE:
            raise RefusedError(
                f"{place}{request.type} {request.name!r} is read from where it exists, id {self._shown(request.id)}: "
                "an offline plan cannot; put what is needed from it in the stack's settings"
            )
        urn = self.make_urn(request.parent, request.type, request.name)
        row = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent,
            options={"read": True},
        )
        self._rows[urn] = _Row(request.sourcePosition.column, request.parent, place, plan.line(row))
        return resource_pb2.ReadResourceResponse(urn=urn)

    def Invoke(
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        if request.tok == READ_OUTPUTS and self._is_own(request.args.fields["name"].string_value):
            # What the last update said is in the engine's state: here it is always the first.
            answer: dict[str, Any] = {"return": _as_struct({"outputs": {}})}
            return resource_pb2.ResourceInvokeResponse(**answer)
        raise RefusedError(
            f"invoke {request.tok} has known arguments, so a preview would call the provider: an offline plan cannot; "
            "use its _output form with an output of a resource, or put the answer in the stack's settings"
        )

    def _is_own(self, stack: str) -> bool:
        return stack.split("/")[1:] == [self._config.project, self._config.stack]

    def Call(self, request: Any) -> NoReturn:
        raise RefusedError(f"call {request.tok} runs in a provider: an offline plan cannot")

    def RegisterStackTransform(self, _request: Any) -> NoReturn:
        raise RefusedError("stack transforms are not run offline, so the plan would be wrong")

    RegisterStackInvokeTransform = RegisterStackTransform

    def _answer(
        self,
        urn: str,
        request: resource_pb2.RegisterResourceRequest,
        outputs: dict[str, Any] | None,
    ) -> RegisterResponse:
        state: Any = {} if outputs is None else outputs
        if request.custom and (outputs is None or request.additionalSecretOutputs):
            state = _with_secrets(request.object, request.additionalSecretOutputs)
        elif not request.custom:
            state = {}
        return RegisterResponse(urn, "", state, None, resource_pb2.SUCCESS)

    def _provider(self, request: resource_pb2.RegisterResourceRequest, number: int) -> str:
        if request.provider or not request.custom or request.type.startswith("pulumi:"):
            return request.provider
        package = request.type.partition(":")[0]
        if self._config.disabled_providers & {package, "*"}:
            text = (
                f"{request.type} {request.name!r}: falls to the default provider of {package!r}, which Pulumi.yaml "
                "disables; give it, or a component above it, an explicit provider"
            )
            self._faults.append((number, _place(request) + text))
        return f"{self._prefix}{PROVIDERS}{package}::{_default_name(request)}::{UNKNOWN_VALUE}"

    def _refuse_repeated(
        self, urn: str, other: _Row, request: resource_pb2.RegisterResourceRequest
    ) -> None:
        self._repeated.add(urn)
        if request.parent in self._repeated:
            return  # its parent is named already
        above = [_label(parent) for parent in (other.parent, request.parent)]
        places = [place.removesuffix(": ") for place in (other.place, _place(request))]
        one, two = [
            f"under {label} ({place})" if place else f"under {label}"
            for label, place in zip(above, places, strict=True)
        ]
        names = f", such as {f'{above[1]}-{request.name}'!r}" if above[0] != above[1] else ""
        text = (
            f"two resources have the URN {urn}, one {one}, one {two}; a logical name is unique in the stack "
            f"for its chain of types: give them different names{names}"
        )
        self._faults.append((request.sourcePosition.column, text))

    def _report(self) -> None:
        now = time.monotonic()
        if now >= self._next_report:
            self._next_report = now + REPORT_SECONDS
            self._progress(len(self._rows))

    def _shown(self, text: str) -> str:
        return repr(self._reader.text(text))


_NO_MOCKS: Final[Any] = None


def _as_struct(data: dict[str, Any]) -> Any:
    struct = Struct()
    struct.update(data)
    return struct


def _with_secrets(struct: Any, names: Iterable[str]) -> Any:
    """The inputs as outputs, with what the program calls a secret output made one."""
    answer = Struct()
    answer.CopyFrom(struct)
    for name in names:
        if name in struct.fields:
            secret = Struct()
            secret.fields[SIGNATURE].string_value = SECRET_SIGNATURE
            secret.fields["value"].CopyFrom(struct.fields[name])
            answer.fields[name].struct_value.CopyFrom(secret)
    return answer


def _default_name(request: resource_pb2.RegisterResourceRequest) -> str:
    parts = ["default", *re.findall(r"[0-9A-Za-z]+", request.version)]
    if request.pluginDownloadURL:
        parts.append(re.sub(r"[^0-9A-Za-z_.-]", "_", request.pluginDownloadURL))
    return "_".join(parts)


def _place(request: Any) -> str:
    position = request.sourcePosition
    return f"{position.uri}:{position.line}: " if position.uri else ""


def _label(urn: str) -> str:
    return urns.name_of(urn) or "the stack"
