"""The rules as a policy pack of Pulumi's engine: `pulumi preview --policy-pack policy`.

It speaks the engine's protocol itself (`pulumi.runtime.proto`, in the wheel that the program needs anyway) and not
through the SDK of policy packs, for three reasons, all seen with pulumi-policy 1.21:

- The SDK hands a rule the plain values of secrets, and a message may then print one. Here they stay marks.
- An unknown makes the SDK drop a rule with a note, whatever its level, and with it the faults that were certain. Here
  those are reported at the rule's level, and what stays open is a diagnostic of its own that names what must be known:
  advisory, or mandatory where the stack sets the rule's parameter `unknown` so. It is never silent.
- The SDK unpacks a resource again for each rule, 0.37 ms a time: with 70 rules 5 s for prod's 202 resources.

Exemptions hold as they do offline, and so does what rules see: of every resource that it registers the engine shows
the inputs first (`Analyze`), and rules across the stack are asked of those. What the engine shows of the whole stack
in the end (`AnalyzeStack`) are outputs, in which an Azure resource has other keys and a Kubernetes object what its API
server filled in; they stand in for resources that nobody registered. A resource that the program does not register any
more is in neither.

An answer is kept below 4 MiB: the language host puts a proxy between the engine and a pack (`sdk/policy_proxy.go`) that
takes no more.
"""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent import futures
from datetime import date
from typing import Any, Final

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2, json_format  # type: ignore[import-untyped]
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from policy.config import UNKNOWN, Config, Level
from policy.evaluation import MALFORMED, Result, Rules, marked
from policy.exemptions import EXPIRED, FILE, Exemption
from policy.gathering import gathered, is_own, with_others
from policy.objects import Object
from policy.rule import AnyRule, Parameter, Rule
from policy.stack import Stack
from policy.wire import object_sent, plain, stack_of

NAME: Final = "aks-platform"
VERSION: Final = "1.0.0"
"""As PulumiPolicy.yaml has it."""

_LEVELS: Final[dict[Level, Any]] = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "disabled": analyzer_pb2.DISABLED,
}
_OPTIONS: Final = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
"""A stack of thousands of resources comes in one message."""

_GRACE: Final = 1.0
"""Seconds in which an answer under way is finished once the engine, or Ctrl-C, ends us."""

_MOST: Final = 3 * 1024 * 1024
"""Bytes of diagnostics in an answer; what is exempted, and what sums up the rest, comes on top."""


class Pack(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine. An answer hangs on the request and the configuration, that on the whole stack on the inputs
    that were shown before it, too."""

    def __init__(
        self,
        rules: Sequence[AnyRule],
        exemptions: Sequence[Exemption] = (),
        today: Callable[[], date] = date.today,
    ) -> None:
        self._rules = {it.id: it for it in rules}
        self._exemptions = exemptions
        self._today = today
        self._inputs: dict[str, Object | None] = {}
        self._configured(Config())

    def _configured(self, config: Config) -> None:
        self._config = config
        self._enabled = Rules(config.enabled(self._rules.values()), config.own)

    def GetAnalyzerInfo(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """Name, version and every rule with its parameters."""
        return analyzer_pb2.AnalyzerInfo(
            name=NAME,
            version=VERSION,
            displayName="The platform's rules",
            supportsConfig=True,
            policies=[*map(_info, self._rules.values()), _expiry_info()],
        )

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """The version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """Nothing of the engine's is needed."""
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """Nothing of the stack's is needed: URNs name it."""
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """Take the levels and parameters of `--policy-pack-config`, which the engine holds against the schema."""
        levels: dict[str, Level] = {}
        parameters: dict[str, dict[str, Any]] = {}
        names: dict[int, Level] = {number: name for name, number in _LEVELS.items()}
        for rule, it in request.policyConfig.items():
            levels[rule] = names.get(it.enforcementLevel, "mandatory")
            parameters[rule] = plain(json_format.MessageToDict(it.properties))
        self._configured(Config(levels, parameters))
        return empty_pb2.Empty()

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """The rules of one object on one resource."""
        response = analyzer_pb2.AnalyzeResponse()
        it = self._inputs[request.urn] = _object(request)
        if it is not None:
            self._tell(response, ((it, result) for result in self._enabled.of_object(it)))
        return response

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """The rules across the stack on all resources, and the exemptions that have expired."""
        response = analyzer_pb2.AnalyzeResponse()
        shown = (self._shown(sent) for sent in request.resources)
        objects = [it for it in shown if it is not None]
        self._inputs = {}
        self._tell(response, self._enabled.of_stack(Stack(objects)))
        stack = next((stack_of(it.urn) for it in request.resources if it.urn), "")
        for exemption in self._exemptions:
            if exemption.concerns(stack) and exemption.expires < self._today():
                message = (
                    f"{FILE}:{exemption.line}: the exemption of {exemption.resource} from {exemption.rule} "
                    f"({exemption.owner}: {exemption.reason}) expired on {exemption.expires.isoformat()}; "
                    "mend what it exempts, or let its owner set a new date"
                )
                response.diagnostics.append(_diagnostic(EXPIRED, _EXPIRY, message, "mandatory", ""))
        return response

    def _shown(self, sent: Any) -> Object | None:
        return self._inputs[sent.urn] if sent.urn in self._inputs else _object(sent)

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """No rule mends anything."""
        return analyzer_pb2.RemediateResponse()

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        """No answer takes long enough to be cut short."""
        return empty_pb2.Empty()

    def _tell(self, response: Any, found: Iterable[tuple[Object, Result]]) -> None:
        open_: list[tuple[Object, Result]] = []
        for it, result in found:
            exemption = self._exemption(it, result)
            if exemption is None:
                open_.append((it, result))
                continue
            reason = (
                f"{it.title}: exempted by {exemption.owner} until {exemption.expires.isoformat()}"
            )
            response.not_applicable.append(
                analyzer_pb2.PolicyNotApplicable(
                    policy_name=result.rule, reason=f"{reason}: {exemption.reason}"
                )
            )
        told = []
        for (it, result), others in gathered(open_, _cause):
            rule = self._rules[result.rule]
            level = self._config.severity(rule, result.verdict)
            message = with_others(_message(it, rule, result), [one.title for one, _ in others])
            told.append(_diagnostic(rule.id, rule.title, message, level, it.urn))
        response.diagnostics.extend(_fitting(told, _MOST))

    def _exemption(self, it: Object, result: Result) -> Exemption | None:
        stack = stack_of(it.urn)
        logical = f"{it.title.partition(' ')[0]} {it.urn.rpartition('::')[2]}"
        for exemption in self._exemptions:
            if (
                exemption.concerns(stack)
                and exemption.expires >= self._today()
                and exemption.covers(result.rule, (it.title, logical), result.path)
            ):
                return exemption
        return None


def serve(pack: Pack) -> None:
    """Listen on a port of the loopback, print it as the engine expects, and answer until the engine ends us."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=_OPTIONS)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(pack, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: server.stop(_GRACE))
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


def _object(sent: Any) -> Object | None:
    if not sent.type.startswith(("kubernetes:", "azure-native:")):
        return None
    options = {"protect": sent.options.protect, "ignoreChanges": [*sent.options.ignoreChanges]}
    it = object_sent(sent.type, sent.urn, json_format.MessageToDict(sent.properties), options)
    return None if it is None else marked(it)


def _cause(row: tuple[Object, Result]) -> tuple[str, str] | None:
    """What makes several objects undecided at once."""
    _, it = row
    if it.verdict != "unknown" or it.message == MALFORMED or is_own(it.message, it.path):
        return None
    return it.rule, it.message


def _message(it: Object, rule: AnyRule, result: Result) -> str:
    own = result.verdict == "unknown" and is_own(result.message, result.path)
    place = f"{it.title}: {result.path}" if result.path and not own else it.title
    if result.verdict == "unknown":
        return f"{place}: {result.message}"
    return f"{place}: {result.message}; {rule.remedy} ({rule.source})"


def _fitting(told: Sequence[Any], most: int) -> list[Any]:
    """As many diagnostics as fit into so many bytes, mandatory ones first; of the others one for each rule that says
    how many there are."""
    ranked = sorted(told, key=lambda it: it.enforcementLevel != analyzer_pb2.MANDATORY)
    kept: list[Any] = []
    rest: dict[tuple[str, int], list[Any]] = {}
    size = 0
    for it in ranked:
        size += it.ByteSize()
        if size <= most:
            kept.append(it)
        else:
            rest.setdefault((it.policyName, it.enforcementLevel), []).append(it)
    for several in rest.values():
        first = several[0]
        more = f"{len(several)} more, too many to be told here: ./aks lint STACK names them all"
        kept.append(
            analyzer_pb2.AnalyzeDiagnostic(
                policyName=first.policyName,
                policyPackName=NAME,
                policyPackVersion=VERSION,
                description=first.description,
                message=f"{first.description}\n{more}",
                enforcementLevel=first.enforcementLevel,
            )
        )
    return kept


def _diagnostic(rule: str, title: str, message: str, level: Level, urn: str) -> Any:
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=rule,
        policyPackName=NAME,
        policyPackVersion=VERSION,
        description=title,
        message=f"{title}\n{_printable(message)}",
        enforcementLevel=_LEVELS[level],
        urn=urn,
    )


def _printable(text: str) -> str:
    """Without what a terminal would act upon: names are chosen by many."""
    return "".join(it if it.isprintable() else "\N{REPLACEMENT CHARACTER}" for it in text)


_EXPIRY: Final = "No exemption has expired"


def _expiry_info() -> Any:
    return analyzer_pb2.PolicyInfo(
        name=EXPIRED,
        displayName=_EXPIRY,
        description=_EXPIRY,
        enforcementLevel=analyzer_pb2.MANDATORY,
        policy_type=analyzer_pb2.POLICY_TYPE_STACK,
    )


def _info(rule: AnyRule) -> Any:
    info = analyzer_pb2.PolicyInfo(
        name=rule.id,
        displayName=rule.title,
        description=f"{rule.title}. {rule.why}",
        enforcementLevel=_LEVELS[rule.severity],
        policy_type=(
            analyzer_pb2.POLICY_TYPE_RESOURCE
            if isinstance(rule, Rule)
            else analyzer_pb2.POLICY_TYPE_STACK
        ),
        tags=[rule.area],
        remediation_steps=rule.remedy,
        url=rule.source,
    )
    schemas = {name: _schema(it) for name, it in _parameters(rule)}
    info.configSchema.properties.update(schemas)
    return info


def _parameters(rule: AnyRule) -> Iterator[tuple[str, Parameter]]:
    yield from rule.parameters.items()
    yield "unknown", UNKNOWN


def _schema(parameter: Parameter) -> dict[str, Any]:
    """The JSON schema of a parameter; the engine fills in its default."""
    default = parameter.default
    schema: dict[str, Any] = {"description": parameter.docs, "default": default}
    if isinstance(default, bool):
        schema["type"] = "boolean"
    elif isinstance(default, int):
        schema["type"] = "integer"
    elif isinstance(default, str):
        schema["type"] = "string"
    else:
        schema |= {"type": "array", "items": {"type": "string"}, "default": list(default)}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    return schema
