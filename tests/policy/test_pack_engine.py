"""What the real engine does to a pack beside asking it: coarse secrets, outputs, large answers, signals."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from policy.pack import Pack, _fitting
from policy.rules import all_rules
from policy.unknown import COVERED, SECRET
from policy.wire import OUTPUT_SIGNATURE, SECRET_SIGNATURE, SIGNATURE, object_sent

ROOT = Path(__file__).parents[2]
CANARY = "hunter2-canary"
URN = "urn:pulumi:prod::p::kubernetes:apps/v1:Deployment::shop-web"
PROXY_TAKES = 4 * 1024 * 1024
"""What the proxy of the language host, which dials without options, receives in one answer."""


def secret(value):
    return {SIGNATURE: SECRET_SIGNATURE, "value": value}


def deployment(containers):
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": containers}}},
    }


CONTAINER = {
    "name": "web",
    "image": "registry.example/web:1",
    "args": ["--token", CANARY],
    "env": [
        {"name": "A", "value": CANARY},
        {"name": "B", "valueFrom": {"secretKeyRef": {"name": "web", "key": "b"}}},
    ],
    "securityContext": {"privileged": True, "capabilities": {"add": ["SYS_ADMIN"]}},
    "ports": [{"name": "http", "containerPort": 8080.0}],
    "livenessProbe": {"httpGet": {"path": "/", "httpHeaders": [{"name": "X", "value": CANARY}]}},
}


def request(properties, type_="kubernetes:apps/v1:Deployment", urn=URN):
    found = struct_pb2.Struct()
    found.update(properties)
    return {"type": type_, "urn": urn, "name": urn.rpartition("::")[2], "properties": found}


def analyzed(pack, *rows):
    """As the engine asks: each resource, then the stack."""
    said = []
    for row in rows:
        said += pack.Analyze(analyzer_pb2.AnalyzeRequest(**row), None).diagnostics
    resources = [analyzer_pb2.AnalyzerResource(**row) for row in rows]
    stack = pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=resources), None)
    return [*said, *stack.diagnostics]


def containers_of(it):
    (container,) = it.manifest["spec"]["template"]["spec"]["containers"]
    return container


def test_a_list_of_containers_that_the_provider_covers_hides_only_what_may_be_the_secret():
    it = object_sent("kubernetes:apps/v1:Deployment", URN, deployment(secret([CONTAINER])))

    found = containers_of(it)

    assert found == {
        **CONTAINER,
        "args": [COVERED, COVERED],
        "env": [{"name": "A", "value": COVERED}, CONTAINER["env"][1]],
        "livenessProbe": {
            "httpGet": {"path": "/", "httpHeaders": [{"name": COVERED, "value": COVERED}]}
        },
    }
    assert CANARY not in json.dumps(it.manifest)


def test_a_covered_list_without_a_likely_place_for_the_secret_shows_no_text():
    container = {"name": "web", "image": CANARY, "securityContext": {"privileged": True}}
    it = object_sent("kubernetes:apps/v1:Deployment", URN, deployment(secret([container])))

    assert containers_of(it) == {
        "name": COVERED,
        "image": COVERED,
        "securityContext": {"privileged": True},
    }


def test_a_secret_that_says_so_within_a_covered_list_is_the_one():
    container = {"name": "web", "env": [{"name": "A", "value": secret(CANARY)}]}
    it = object_sent("kubernetes:apps/v1:Deployment", URN, deployment(secret([container])))

    assert containers_of(it) == {"name": "web", "env": [{"name": "A", "value": SECRET}]}


def test_a_covered_pod_is_judged_for_all_that_is_no_secret():
    said = analyzed(Pack(all_rules()), request(deployment(secret([CONTAINER]))))

    faults = {it.policyName for it in said if it.enforcementLevel == analyzer_pb2.MANDATORY}
    assert {"privileged-container", "pod-capabilities-added"} <= faults
    hidden = [it.message for it in said if it.policyName == "secret-in-env"]
    assert hidden
    assert all("hidden by the provider, as a secret is in the same list" in it for it in hidden)
    assert CANARY not in str(said)


def test_the_keys_of_a_secret_that_the_provider_covers_are_known():
    it = object_sent(
        "kubernetes:core/v1:Secret",
        "urn:pulumi:prod::p::kubernetes:core/v1:Secret::web",
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "web", "namespace": "shop"},
            "data": secret({"b": CANARY, "list": [CANARY], "c": secret(CANARY), "__own": 1}),
            "stringData": {SIGNATURE: OUTPUT_SIGNATURE, "secret": True, "value": {"c": CANARY}},
        },
    )

    assert it.manifest["data"] == {"b": SECRET, "list": [SECRET], "c": SECRET}
    assert it.manifest["stringData"] == {"c": SECRET}


@pytest.mark.parametrize(("key", "missing"), [("b", False), ("c", True)])
def test_a_reference_to_a_key_of_a_covered_secret_is_decided(key, missing):
    urn = "urn:pulumi:prod::p::kubernetes:core/v1:Secret::web"
    held = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "web", "namespace": "shop"},
        "data": secret({"b": CANARY}),
    }
    reference = {"name": "B", "valueFrom": {"secretKeyRef": {"name": "web", "key": key}}}
    pod = deployment([{"name": "web", "image": "x", "env": [reference]}])

    said = analyzed(
        Pack(all_rules()), request(pod), request(held, "kubernetes:core/v1:Secret", urn)
    )

    told = [it.enforcementLevel for it in said if it.policyName == "ref-secret"]
    assert told == ([analyzer_pb2.MANDATORY] if missing else [])


def test_rules_across_the_stack_see_inputs_though_the_engine_shows_outputs():
    type_, urn = "kubernetes:core/v1:Service", "urn:pulumi:prod::p::kubernetes:core/v1:Service::w"
    metadata = {"name": "w", "namespace": "shop"}
    inputs = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"selector": {"app": "nobody"}},
    }
    pack = Pack(all_rules())
    pack.Analyze(analyzer_pb2.AnalyzeRequest(**request(inputs, type_, urn)), None)
    outputs = request({"metadata": metadata}, type_, urn)
    asked = analyzer_pb2.AnalyzeStackRequest(resources=[analyzer_pb2.AnalyzerResource(**outputs)])

    said = pack.AnalyzeStack(asked, None).diagnostics
    again = pack.AnalyzeStack(asked, None).diagnostics

    assert "service-selects-nothing" in {it.policyName for it in said}
    assert "service-selects-nothing" not in {it.policyName for it in again}, "of an earlier run"


def configured(**levels):
    """As the engine reconciles a configuration: an entry a rule, and the entry `all` beside them."""
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for name, level in levels.items():
        key = name.replace("_", "-")
        request.policyConfig[key].enforcementLevel = analyzer_pb2.EnforcementLevel.Value(level)
    pack = Pack(all_rules())
    pack.Configure(request, None)
    return pack


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ({"all": "ADVISORY", "privileged_container": "MANDATORY"}, [analyzer_pb2.MANDATORY]),
        ({"all": "ADVISORY"}, [analyzer_pb2.ADVISORY]),
        ({"privileged_container": "REMEDIATE"}, [analyzer_pb2.MANDATORY]),
        ({"privileged_container": "DISABLED"}, []),
        ({"all": "DISABLED"}, []),
    ],
)
def test_levels_are_those_of_the_engine(levels, told):
    pack = configured(**levels)

    said = analyzed(pack, request(deployment([CONTAINER])))

    found = [it.enforcementLevel for it in said if it.policyName == "privileged-container"]
    assert found == told


def test_a_pack_that_is_not_configured_goes_by_the_rules_own_levels():
    said = analyzed(Pack(all_rules()), request(deployment([CONTAINER])))

    levels = {it.policyName: it.enforcementLevel for it in said}
    assert levels["privileged-container"] == analyzer_pb2.MANDATORY
    assert levels["image-digest"] == analyzer_pb2.ADVISORY


def diagnostics(count, level):
    return [
        analyzer_pb2.AnalyzeDiagnostic(
            policyName=f"rule-{at % 3}",
            description="It holds",
            message=f"It holds\nobject {at} {'x' * 500}",
            enforcementLevel=level,
        )
        for at in range(count)
    ]


def test_an_answer_of_thousands_of_findings_passes_the_proxy_and_says_what_it_leaves_out():
    told = [
        *diagnostics(12_000, analyzer_pb2.ADVISORY),
        *diagnostics(30, analyzer_pb2.MANDATORY),
    ]

    kept = _fitting(told, 3 * 1024 * 1024)

    assert analyzer_pb2.AnalyzeResponse(diagnostics=kept).ByteSize() < PROXY_TAKES
    mandatory = [it for it in kept if it.enforcementLevel == analyzer_pb2.MANDATORY]
    assert len(mandatory) == 30
    sums = [it for it in kept if "more, too many to be told here" in it.message]
    assert {it.policyName for it in sums} == {"rule-0", "rule-1", "rule-2"}
    more = sum(int(it.message.partition("\n")[2].partition(" ")[0]) for it in sums)
    assert more + len(kept) - len(sums) == len(told)


def test_what_mandatory_findings_are_left_out_blocks_still():
    kept = _fitting(diagnostics(30, analyzer_pb2.MANDATORY), 600)

    assert {it.enforcementLevel for it in kept} == {analyzer_pb2.MANDATORY}
    assert len(kept) == 4


def test_few_findings_are_told_as_they_are():
    told = diagnostics(3, analyzer_pb2.ADVISORY)

    assert _fitting(told, 10_000) == told


@pytest.fixture
def started():
    """A pack as the language host runs it: from the project's folder, with the engine's switches before its own."""
    environment = {key: it for key, it in os.environ.items() if key != "PYTHONPATH"}
    process = subprocess.Popen(
        [
            *(sys.executable, "-u", "-m", "pulumi.policy"),
            *("--logtostderr", "-v=9", "--tracing", "file:nowhere", "127.0.0.1:1"),
            str(ROOT / "policy"),
        ],
        cwd=ROOT,
        env={
            **environment,
            "PULUMI_PROJECT": "aks-platform",
            "PULUMI_STACK": "prod",
            "PULUMI_DRY_RUN": "true",
            "PULUMI_CONFIG": '{"aks-platform:x": "y"}',
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()


def test_the_first_line_is_the_port_and_the_project_around_is_no_hindrance(started):
    port = int(started.stdout.readline())

    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        info = analyzer_pb2_grpc.AnalyzerStub(channel).GetAnalyzerInfo(empty_pb2.Empty())

    assert info.name == "aks-platform"


def test_a_request_above_four_mebibytes_is_read(started):
    port = int(started.stdout.readline())
    big = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x" * 5_000_000}}
    urn = "urn:pulumi:prod::p::kubernetes:core/v1:ConfigMap::x"
    resource = analyzer_pb2.AnalyzerResource(**request(big, "kubernetes:core/v1:ConfigMap", urn))

    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = analyzer_pb2_grpc.AnalyzerStub(channel)
        response = stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=[resource]))

    assert response.ByteSize() < PROXY_TAKES


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_end_of_the_engine_ends_the_pack_without_a_word(started, number):
    started.stdout.readline()

    started.send_signal(number)

    assert started.wait(timeout=30) == 0
    assert started.stdout.read() + started.stderr.read() == ""
