"""Seams into the Pulumi SDK while it is being recorded: what it sends stays the same, what it costs does not.

Each seam names the work it saves; figures are CPU a resource for 8,000 wire-form Deployments on two shared cores, where
the untouched SDK takes 2.2 ms. A test runs a program with and without them and compares the plans.
"""

import asyncio
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any, Final, cast

import pulumi
from pulumi import log
from pulumi import output as sdk_output
from pulumi.runtime import _depends_on, rpc
from pulumi.runtime import resource as sdk_resource
from pulumi.runtime.proto import source_pb2

Patch = tuple[Any, str, Any]


class InlineLoop(asyncio.SelectorEventLoop):
    """Calls the monitor on the spot: it answers from memory, so a thread's round trip buys nothing (0.4 ms).

    What the program itself hands to an executor still gets a thread.
    """

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        if func.__module__ != "pulumi.runtime._context":
            return super().run_in_executor(executor, func, *args)
        answer = self.create_future()
        try:
            answer.set_result(func(*args))
        except Exception as fault:
            answer.set_exception(fault)
        return answer


@contextmanager
def recorded(project_dir: Path, numbers: Iterator[int] | None = None) -> Iterator[None]:
    """Put the seams in; take them out again afterwards. `numbers` count the resources, from 1 unless given."""
    patches: list[Patch] = [
        (log, "debug", _no_debug),
        (
            sdk_resource,
            "_get_stack_trace",
            _source_positions(project_dir, numbers or itertools.count(1)),
        ),
        (sdk_resource, "create_urn", _no_urn),
        (sdk_resource, "resource_output", _resource_output),
        (_depends_on, "_resolve_depends_on", _resolve_depends_on),
        (rpc, "serialize_property", _serialize_property),
        (rpc, "transfer_properties", _transfer_properties),
        (rpc, "contains_unknowns", _contains_unknowns),
        (rpc, "deserialize_properties", _deserialize_properties),
        (rpc, "translate_output_properties", _translate_output_properties),
        (pulumi.ResourceOptions, "merge", _merge),
        (pulumi.Output, "_track", _track),
        (pulumi.Output, "from_input", staticmethod(_from_input)),
    ]
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in patches]
    for owner, name, seam in patches:
        setattr(owner, name, seam)
    try:
        yield
    finally:
        for owner, name, original in before:
            setattr(owner, name, original)


def project_frames(project_dir: Path) -> Callable[[str], str]:
    """From a code object's file to its path in the project; empty for one outside, of its venv, or of ours."""
    root = f"{project_dir}/"
    others = (f"{sys.prefix}/", f"{Path(__file__).parent}/")

    @cache
    def relative(file: str) -> str:
        inside = file.startswith(root) and not file.startswith(others)
        return file.removeprefix(root) if inside and "/site-packages/" not in file else ""

    return relative


def _source_positions(
    project_dir: Path, numbers: Iterator[int]
) -> Callable[[], source_pb2.StackTrace]:
    """The line that made a resource, and in `column` its number: resources register later, in an order of their own.

    The SDK formats the whole stack instead, and reads every source file in it (0.3 ms).
    """
    relative = project_frames(project_dir)

    def position() -> source_pb2.StackTrace:
        frame: FrameType | None = sys._getframe(1)
        assert frame is not None
        made = frame.f_locals["res"]
        while frame is not None and (
            not relative(frame.f_code.co_filename) or _constructs(frame, made)
        ):
            frame = frame.f_back
        place = (
            {}
            if frame is None
            else {"uri": relative(frame.f_code.co_filename), "line": frame.f_lineno}
        )
        pc = source_pb2.SourcePosition(column=next(numbers), **cast("dict[str, Any]", place))
        return source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=pc)])

    return position


def _constructs(frame: FrameType, made: object) -> bool:
    names = frame.f_code.co_varnames
    return bool(names) and frame.f_locals.get(names[0]) is made


def _no_debug(*_: Any, **__: Any) -> None:
    """A dozen messages a resource that nobody reads."""


class _NoUrn:
    async def future(self) -> str:
        return ""


_NO_URN: Final = _NoUrn()


def _no_urn(*_: Any) -> _NoUrn:
    """The SDK makes up a URN for the case that there is no monitor, at the price of eight tasks (0.4 ms)."""
    return _NO_URN


_serialize: Final = rpc.serialize_property
_deserialize: Final = rpc.deserialize_properties
_translate: Final = rpc.translate_output_properties
_merge_options: Final = pulumi.ResourceOptions.merge
_resolve_inputs: Final = _depends_on._resolve_depends_on
_track_output: Final = pulumi.Output._track
_lift: Final = pulumi.Output.from_input

_find_unknowns: Final = rpc.contains_unknowns

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})


async def _serialize_property(
    value: Any,
    deps: Any,
    property_key: Any,
    resource_obj: Any = None,
    input_transformer: Any = None,
    typ: Any = None,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Plain data is in wire form already: the SDK walks it with one coroutine a value (0.2 ms)."""
    if typ is None and not kwargs and _keeps_names(input_transformer) and _is_plain(value):
        return value
    return await _serialize(
        value, deps, property_key, resource_obj, input_transformer, typ, *args, **kwargs
    )


def _contains_unknowns(val: Any) -> bool:
    return not _is_plain(val) and _find_unknowns(val)


def _transfer_properties(res: Any, props: Any, custom: bool) -> dict[str, Any]:
    """One future a property, without a place in the list of what the run must wait for (0.3 ms): the URN has one,
    and the registration answers all of them."""
    _track_output(res.__dict__["urn"])
    resolvers: dict[str, Any] = {}
    for name in props:
        if name == "urn" or (name == "id" and custom):
            continue
        promise: asyncio.Future[Any] = asyncio.Future()
        resolvers[name] = partial(_resolve, promise, res)
        res.__dict__[name] = _output(promise)
    return resolvers


def _resource_output(res: Any) -> tuple[Callable[..., None], pulumi.Output[Any]]:
    """URN and id, made as the properties are."""
    promise: asyncio.Future[Any] = asyncio.Future()

    def resolve(value: Any, is_known: bool, is_secret: bool, failed: Exception | None) -> None:
        _resolve(promise, res, value, is_known, is_secret, None, failed)

    return resolve, _output(promise)


def _output(promise: asyncio.Future[Any]) -> pulumi.Output[Any]:
    output: pulumi.Output[Any] = object.__new__(pulumi.Output)
    output._data = promise
    return output


def _track(output: Any) -> None:
    """What is there already is nothing to wait for (10 us)."""
    data = output._data
    if not data.done() or data.cancelled() or data.exception() is not None:
        _track_output(output)


def _from_input(val: Any) -> pulumi.Output[Any]:
    """One task for plain data, where the SDK makes four outputs of each map in it: for 1,000 workloads that was a third
    of a second, for the stack's outputs alone. As there, what is inside is looked at when the program waits."""
    if type(val) not in (dict, list) or not _is_plain(val):
        return _lift(val)
    top = val.copy()

    async def data() -> Any:
        try:
            value = _copied(top)
        except TypeError:  # it has become something else, or what the SDK refuses
            return await _lift(top)._data
        return sdk_output._OutputData(resources=set(), value=value, is_known=True, is_secret=False)

    return pulumi.Output._from_data(data())


async def _resolve_depends_on(depends_on: Any) -> set[pulumi.Resource]:
    """A list of resources needs no output for itself and one for each in it."""
    if type(depends_on) is list and all(isinstance(it, pulumi.Resource) for it in depends_on):
        return set(depends_on)
    return await _resolve_inputs(depends_on)


def _resolve(
    promise: asyncio.Future[Any],
    res: Any,
    value: Any,
    is_known: bool,
    is_secret: bool,
    deps: Any,
    failed: Exception | None,
) -> None:
    if failed is not None:
        promise.set_exception(failed)
    else:
        resources = {*(deps or ()), res}
        promise.set_result(
            sdk_output._OutputData(
                resources=resources, value=value, is_known=is_known, is_secret=is_secret
            )
        )


def _deserialize_properties(props_struct: Any, *args: Any, **kwargs: Any) -> Any:
    """The monitor may answer with plain data, which it has read from the request anyway (0.3 ms)."""
    return (
        _as_sent(props_struct)
        if type(props_struct) is dict
        else _deserialize(props_struct, *args, **kwargs)
    )


def _as_sent(value: Any) -> Any:
    """A copy in which every number is a double, as it is after a journey through protobuf."""
    kind = type(value)
    if kind is dict:
        return {key: _as_sent(item) for key, item in value.items()}
    if kind is list:
        return [_as_sent(item) for item in value]
    return float(value) if kind is int else value


def _translate_output_properties(
    output: Any, output_transformer: Any, typ: Any = None, *args: Any, **kwargs: Any
) -> Any:
    """Without types and with the names as they are, the SDK only copies (0.2 ms).

    An input that has another shape as an output is unknown, as the provider would answer: ManagedCluster's identities
    go in as a list and come out as a map.
    """
    if typ is None and _keeps_names(output_transformer):
        return output
    try:
        return _translate(output, output_transformer, typ, *args, **kwargs)
    except AssertionError:
        return sdk_output.UNKNOWN


def _merge(opts1: Any, opts2: Any) -> pulumi.ResourceOptions:
    """Without the aliases that generated SDKs add to each resource themselves, one an API version.

    ManagedCluster has 114, resolved at 80 % of the time an Azure resource takes. They only matter to a state written
    under another version. They come in as the local `alias_opts` of `_internal_init`; the program's own never do.
    """
    caller = sys._getframe(1)
    if caller.f_code.co_name == "_internal_init" and caller.f_locals.get("alias_opts") is opts2:
        opts2 = None
    return _merge_options(opts1, opts2)


_OWN_NAMES: Final = (
    pulumi.Resource.translate_input_property,
    pulumi.Resource.translate_output_property,
)


def _keeps_names(transformer: Any) -> bool:
    return transformer is None or getattr(transformer, "__func__", None) in _OWN_NAMES


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind in _SCALARS:
        return True
    if kind is dict:
        return all(map(_is_plain, cast("Mapping[str, Any]", value).values()))
    return kind is list and all(map(_is_plain, value))


def _copied(value: Any) -> Any:
    """Plain data that its maker may go on changing; raise `TypeError` for what is none, or has other keys than text."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is dict and all(type(key) is str for key in value):
        return {key: _copied(item) for key, item in value.items()}
    if kind is list:
        return [_copied(item) for item in value]
    raise TypeError
