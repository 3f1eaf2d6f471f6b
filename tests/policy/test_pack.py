"""The policy pack, started as Pulumi's engine starts it and asked through the engine's protocol."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from policy.config import Config
from policy.exemptions import Exemption
from policy.gathering import gathered
from policy.objects import Object
from policy.pack import Pack, _cause
from policy.rule import Rule
from policy.rules import all_rules
from policy.wire import SECRET_SIGNATURE, SIGNATURE, UNKNOWNS, object_sent, plain, stack_of
from tests.policy.case import Bad, Case, Good, Unclear, objects, results
from tests.policy.test_cases import CASES, RULES, named

ROOT = Path(__file__).parents[2]
LEVELS = {"advisory": analyzer_pb2.ADVISORY, "mandatory": analyzer_pb2.MANDATORY}
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
CANARY = "hunter2-canary"


@pytest.fixture(scope="module")
def pack():
    """One pack for all cases, run by `pulumi.policy` in its own folder as the language host does."""
    environment = {key: it for key, it in os.environ.items() if key != "PYTHONPATH"}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(ROOT / "policy")],
        cwd=ROOT / "policy",
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    port = process.stdout.readline().strip()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield analyzer_pb2_grpc.AnalyzerStub(channel)
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def configure(pack):
    """Sets levels and parameters, and takes them back."""

    def act(**entries):
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for rule in all_rules():
            level, parameters = entries.get(rule.id.replace("-", "_"), (rule.severity, {}))
            whole = {**rule.defaults, "unknown": "advisory", **parameters}
            entry = request.policyConfig[rule.id]
            entry.enforcementLevel = analyzer_pb2.EnforcementLevel.Value(level.upper())
            entry.properties.update(json.loads(json.dumps(whole)))
        pack.Configure(request)

    yield act
    pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest())


def struct(value) -> struct_pb2.Struct:
    found = struct_pb2.Struct()
    found.update(on_the_wire(value))
    return found


def on_the_wire(value):
    """As the engine sends it: marks as the sentinel and as a signature."""
    if value == {"$unknown": True}:
        return UNKNOWN_TEXT
    if value == {"$secret": True}:
        return {SIGNATURE: SECRET_SIGNATURE, "value": CANARY}
    if isinstance(value, dict):
        return {str(key): on_the_wire(it) for key, it in value.items()}
    return [on_the_wire(it) for it in value] if isinstance(value, list) else value


def token(it: Object) -> str:
    return it.urn.split("::")[2]


def raw(case: Case | None) -> list[tuple[Object, dict]]:
    """The estate of a case before its marks were put in force."""
    return [(it, it.manifest) for it in objects(case, in_force=False).values()]


def asked(pack, case: Case | None) -> list[analyzer_pb2.AnalyzeDiagnostic]:
    """What the pack says of the resources of a case, and of the stack they make, as far as the case's rule looks."""
    rule = RULES[case.rule] if case else None
    sent = [
        {
            "type": token(it),
            "urn": it.urn,
            "name": it.title,
            "properties": struct(manifest),
            "options": analyzer_pb2.AnalyzerResourceOptions(**it.options),
        }
        for it, manifest in raw(case)
        if not isinstance(rule, Rule) or it.kind in rule.kinds
    ]
    found = []
    for it in sent:
        found += pack.Analyze(analyzer_pb2.AnalyzeRequest(**it)).diagnostics
    resources = [analyzer_pb2.AnalyzerResource(**it) for it in sent]
    request = analyzer_pb2.AnalyzeStackRequest(resources=resources)
    return [*found, *pack.AnalyzeStack(request).diagnostics]


def of_rule(diagnostics, rule):
    return [it for it in diagnostics if it.policyName == rule]


def same_everywhere(case: Case) -> bool:
    """The engine always has the whole stack."""
    return case.complete


@pytest.mark.parametrize("case", [it for it in CASES if same_everywhere(it)], ids=named)
def test_the_engine_is_told_what_a_plain_call_says(pack, configure, case):
    configure(**{case.rule.replace("-", "_"): ("mandatory", case.parameters)})

    said = of_rule(asked(pack, case), case.rule)

    expected = gathered(results(case, case.rule), _cause)
    levels = sorted(it.enforcementLevel for it in said)
    assert levels == sorted(
        LEVELS["mandatory" if it.verdict == "fail" else "advisory"] for (_, it), _ in expected
    )
    for (_, it), _ in expected:
        assert any(it.message in told.message for told in said), (it, said)
        assert any(it.path in told.message for told in said)
    assert bool(said) is isinstance(case, Bad | Unclear)
    assert not (said and isinstance(case, Good))


def test_the_good_estate_has_no_fault(pack):
    assert asked(pack, None) == []


def test_the_pack_tells_of_every_rule_with_its_parameters(pack):
    info = pack.GetAnalyzerInfo(empty_pb2.Empty())

    assert info.supportsConfig
    told = {it.name: it for it in info.policies}
    assert set(told) == {*RULES, "exemption-expired"}
    for rule in all_rules():
        it = told[rule.id]
        assert it.enforcementLevel == LEVELS[rule.severity]
        assert it.remediation_steps == rule.remedy
        assert it.url == rule.source
        assert {*it.configSchema.properties} == {*rule.parameters, "unknown"}
        schemas = plain(json_format.MessageToDict(it.configSchema.properties))
        for name, parameter in rule.parameters.items():
            assert schemas[name]["default"] == (
                list(parameter.default)
                if isinstance(parameter.default, list | tuple)
                else parameter.default
            )


def test_the_pack_has_the_version_that_its_file_says(pack):
    text = (ROOT / "policy/PulumiPolicy.yaml").read_text()

    assert f"version: {pack.GetPluginInfo(empty_pb2.Empty()).version}\n" in text


def test_what_the_engine_may_ask_beside_is_answered(pack):
    pack.Handshake(analyzer_pb2.AnalyzerHandshakeRequest(engine_address="127.0.0.1:1"))
    pack.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="prod"))
    assert not pack.Remediate(analyzer_pb2.AnalyzeRequest()).remediations
    pack.Cancel(empty_pb2.Empty())


BAD = next(it for it in CASES if it.rule == "privileged-container" and isinstance(it, Bad))
UNCLEAR = next(it for it in CASES if it.rule == "privileged-container" and isinstance(it, Unclear))


def test_a_rule_can_be_switched_off(pack, configure):
    configure(privileged_container=("disabled", {}))

    assert of_rule(asked(pack, BAD), "privileged-container") == []


def test_a_mandatory_rule_can_be_told_only(pack, configure):
    configure(privileged_container=("advisory", {}))

    (it,) = of_rule(asked(pack, BAD), "privileged-container")
    assert it.enforcementLevel == analyzer_pb2.ADVISORY


@pytest.mark.parametrize("counts", ["advisory", "mandatory"])
def test_an_unknown_is_told_and_blocks_where_the_stack_says_so(pack, configure, counts):
    configure(privileged_container=("mandatory", {"unknown": counts}))

    (it,) = of_rule(asked(pack, UNCLEAR), "privileged-container")
    assert it.enforcementLevel == LEVELS[counts]
    assert "cannot be decided: spec.template.spec.containers[web].securityContext" in it.message
    assert "is known after a deployment only" in it.message


def test_a_certain_fault_is_reported_beside_an_unknown(pack):
    init = {"name": "init", "securityContext": {"privileged": {"$unknown": True}}}
    case = Bad(BAD.rule, BAD.title, {**BAD.edit, "spec.template.spec.initContainers[+]": init})

    said = of_rule(asked(pack, case), BAD.rule)

    assert sorted(it.enforcementLevel for it in said) == [
        analyzer_pb2.ADVISORY,
        analyzer_pb2.MANDATORY,
    ]


def test_a_message_names_object_place_remedy_and_source(pack):
    (it,) = of_rule(asked(pack, BAD), "privileged-container")

    rule = RULES["privileged-container"]
    assert it.message.startswith(f"{rule.title}\nDeployment shop/web: spec.template.spec.")
    assert rule.remedy in it.message
    assert rule.source in it.message
    assert it.urn.startswith("urn:pulumi:")


def test_components_and_providers_are_no_objects(pack):
    for type_ in ("aks-platform:kubernetes:Workload", "pulumi:providers:kubernetes"):
        request = analyzer_pb2.AnalyzeRequest(type=type_, urn="urn:pulumi:a::b::c::d", name="d")
        assert not pack.Analyze(request).diagnostics


def secret_everywhere(value):
    """Every text of a manifest but those that identify it, as a secret."""
    if isinstance(value, dict):
        return {
            key: it if key in ("kind", "apiVersion", "name", "namespace") else secret_everywhere(it)
            for key, it in value.items()
        }
    if isinstance(value, list):
        return [secret_everywhere(it) for it in value]
    return {SIGNATURE: SECRET_SIGNATURE, "value": f"{CANARY}{value}"}


def test_no_value_of_a_secret_is_ever_told(pack):
    for it, manifest in raw(None):
        found = struct_pb2.Struct()
        found.update(secret_everywhere(manifest))
        sent = {"type": token(it), "urn": it.urn, "name": "x", "properties": found}
        one = pack.Analyze(analyzer_pb2.AnalyzeRequest(**sent))
        stack = pack.AnalyzeStack(
            analyzer_pb2.AnalyzeStackRequest(resources=[analyzer_pb2.AnalyzerResource(**sent)])
        )
        assert CANARY not in str(one) + str(stack)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (3.0, 3),
        (0.5, 0.5),
        (True, True),
        (None, None),
        *((it, {"$unknown": True}) for it in sorted(UNKNOWNS)),
        ({SIGNATURE: SECRET_SIGNATURE, "value": "x"}, {"$secret": True}),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}, {"$unknown": True}),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": 1.0}, 1),
        ({SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "x", "secret": True}, {"$secret": True}),
        ({"a": [1.0], "__defaults": []}, {"a": [1]}),
    ],
)  # fmt: skip
def test_the_wire_is_read_as_plain_data(sent, read):
    found = plain(sent)

    assert found == read
    assert type(found) is type(read)


def test_an_object_that_lacks_kind_has_that_of_its_type():
    urn = "urn:pulumi:prod::p::kubernetes:core/v1:Service::web"
    it = object_sent("kubernetes:core/v1:Service", urn, {"metadata": {"name": "web"}})

    assert (it.kind, it.namespace, it.title) == ("Service", "default", "Service default/web")
    assert stack_of(urn) == "prod"


def test_an_azure_resource_is_read_by_its_type_without_a_version():
    it = object_sent("azure-native:containerservice/v20250101:ManagedCluster", "urn:a::b::c::d", {})

    assert (it.kind, it.title) == (
        "azure-native:containerservice:ManagedCluster",
        "ManagedCluster d",
    )


def test_the_pack_and_the_offline_review_count_alike():
    config = Config({"privileged-container": "mandatory"}, {})

    assert config.severity(RULES["privileged-container"], "unknown") == "advisory"


EXEMPTION = Exemption(
    rule="privileged-container",
    resource="Deployment shop/web",
    reason="a driver",
    owner="team-a",
    expires=date(2027, 1, 31),
    line=7,
)


def answered(day: date, exemption: Exemption, case: Case = BAD):
    """What a pack with one exemption says of a case on a day: of its object, and of the stack."""
    pack = Pack(all_rules(), [exemption], lambda: day)
    it, manifest = next(row for row in raw(case) if row[0].title == case.title)
    sent = {"type": token(it), "urn": it.urn, "name": it.title, "properties": struct(manifest)}
    one = pack.Analyze(analyzer_pb2.AnalyzeRequest(**sent), None)
    resources = [analyzer_pb2.AnalyzerResource(**sent)]
    return one, pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=resources), None)


def test_what_is_exempted_is_not_applicable_with_its_reason():
    one, stack = answered(date(2027, 1, 31), EXEMPTION)

    assert of_rule(one.diagnostics, EXEMPTION.rule) == []
    (it,) = one.not_applicable
    assert (it.policy_name, it.reason) == (
        EXEMPTION.rule,
        "Deployment shop/web: exempted by team-a until 2027-01-31: a driver",
    )
    assert of_rule(stack.diagnostics, "exemption-expired") == []


@pytest.mark.parametrize("resource", ["Deployment shop-web", "Deployment *", "Deployment shop/web"])
def test_an_exemption_names_the_object_or_its_logical_name(resource):
    one, _ = answered(date(2027, 1, 31), replace(EXEMPTION, resource=resource))

    assert len(one.not_applicable) == 1


def test_an_exemption_that_has_expired_fails_with_what_it_exempted():
    one, stack = answered(date(2027, 2, 1), EXEMPTION)

    assert len(of_rule(one.diagnostics, EXEMPTION.rule)) == 1
    (it,) = of_rule(stack.diagnostics, "exemption-expired")
    assert it.enforcementLevel == analyzer_pb2.MANDATORY
    assert "policy/exemptions.yaml:7: " in it.message
    assert "expired on 2027-01-31" in it.message


@pytest.mark.parametrize("day", [date(2027, 1, 31), date(2027, 2, 1)])
def test_an_exemption_of_another_stack_is_none_here(day):
    one, stack = answered(day, replace(EXEMPTION, stacks=("prod",)))

    assert len(of_rule(one.diagnostics, EXEMPTION.rule)) == 1
    assert of_rule(stack.diagnostics, "exemption-expired") == []


def test_a_hostile_name_reaches_no_terminal(pack):
    name = "spec.template.spec.containers[web].name"
    case = Bad(BAD.rule, BAD.title, {**BAD.edit, name: "a\x1b[31m\u202eb\nc"})

    (it,) = of_rule(asked(pack, case), BAD.rule)

    title, _, message = it.message.partition("\n")
    assert (title + message).isprintable()
