"""Every key of every model: required or not, its type held, a misspelt one named, whatever the depth.

`STACK` and `WORKLOAD` of `everything.py` say everything that can be said; a new setting without a value there fails the
first test.
"""

import json
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from settings.explain_errors import faults_of
from settings.faults import dotted
from settings.stack import Settings
from settings.workload import Workload
from tests.settings.estate import GONE, change
from tests.settings.everything import STACK, WORKLOAD

BOTH = pytest.mark.parametrize(
    ("model", "data"), [(Settings, STACK), (Workload, WORKLOAD)], ids=["stack", "workload"]
)


def fresh(data):
    """A copy in which no two places share a part."""
    return json.loads(json.dumps(data))


def models_in(annotation):
    """The models that an annotation names, however it is wrapped, and whether users name their entries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, False
    for part in get_args(annotation):
        for model, many in models_in(part):
            yield model, many or get_origin(annotation) in (dict, list)


def sections(model, data, path=()):
    """Every map of settings in `data`, with its model and path; a short form is none."""
    if not isinstance(data, dict):
        return
    yield model, data, path
    for field in model.model_fields.values():
        below = data.get(field.alias)
        for inner, many in models_in(field.annotation) if below else ():
            entries = [(None, below)]
            if many and isinstance(below, dict | list):
                entries = below.items() if isinstance(below, dict) else enumerate(below)
            for key, entry in entries:
                yield from sections(inner, entry, (*path, field.alias, *([key] if many else [])))


def leaves(data, path=()):
    if not isinstance(data, dict | list) or not data:
        yield path, data
    for key, value in (
        data.items()
        if isinstance(data, dict)
        else enumerate(data if isinstance(data, list) else ())
    ):
        yield from leaves(value, (*path, key))


def faults(model, data):
    try:
        model.model_validate(data)
    except ValidationError as error:
        return {
            it.key: it for it in faults_of(error, model, data, lambda path: ("f", 1, dotted(path)))
        }
    return {}


@BOTH
def test_the_sample_is_valid_and_says_all_that_can_be_said(model, data):
    assert faults(model, data) == {}
    left_out = [
        dotted((*path, field.alias))
        for section, there, path in sections(model, data)
        for field in section.model_fields.values()
        if field.alias not in there and field.alias != "workloads"
    ]
    assert left_out == []


@BOTH
def test_every_value_of_a_wrong_type_is_told_at_once_each_with_rule_and_remedy(model, data):
    wrong = fresh(data)
    expected = set()
    for path, value in leaves(data):
        change(wrong, list(path), "hunter2" if isinstance(value, dict) else ["hunter2"])
        expected.add(dotted(path))
    found = faults(model, wrong)
    assert set(found) == expected
    assert all(it.rule and it.remedy for it in found.values())
    assert "hunter2" not in "".join(str(it) for key, it in found.items() if "pullSecrets" in key)


@BOTH
def test_every_null_where_a_value_is_needed_is_told_with_what_to_do(model, data):
    wrong = fresh(data)
    for path, _ in leaves(data):
        change(wrong, list(path), None)
    found = faults(model, wrong)
    assert len(found) > 30
    for it in found.values():
        assert it.value in ("null", "")
        assert it.rule.startswith("must ")


@BOTH
def test_a_misspelt_key_in_every_map_is_told_at_once_with_the_one_that_was_meant(model, data):
    wrong, meant = fresh(data), {}
    for section, _, path in sections(model, data):
        if aliases := [str(field.alias) for field in section.model_fields.values()]:
            key = f"{aliases[-1]}Z"
            change(wrong, [*path, key], {"password": "hunter2"})
            meant[dotted((*path, key))] = aliases[-1]
    found = faults(model, wrong)
    assert {key: it.rule for key, it in found.items()} == dict.fromkeys(meant, "no such setting")
    for key, it in found.items():
        assert it.remedy == f"did you mean {meant[key]!r}?"
        assert "hunter2" not in str(it)


@BOTH
def test_every_key_that_is_required_says_what_it_is_for(model, data):
    required = [
        (*path, field.alias)
        for section, _, path in sections(model, data)
        for field in section.model_fields.values()
        if field.is_required()
    ]
    assert len(required) > 5
    for path in required:
        found = faults(model, change(fresh(data), list(path), GONE))
        assert list(found) == [dotted(path)]
        assert found[dotted(path)].rule == "is required"
        assert len(found[dotted(path)].remedy) > len("add it: ")


@pytest.mark.parametrize(
    ("model", "path", "value", "line"),
    [
        (Workload, "kind", "Deployment",
         "must be one of 'deployment', 'statefulset', 'daemonset', 'job' or 'cronjob'; got "
         "'Deployment'; did you mean 'deployment'?"),
        (Workload, "kind", "pod", "got 'pod'; choose one of them"),
        (Settings, "cluster.bootstrapPool.zones", [1], "got 1; put it in quotes"),
        (Settings, "protect", "true", "must be true or false; got 'true'; write it without quotes"),
        (Settings, "protect", "yes", "must be true or false; got 'yes'"),
        (Settings, "access.admins", [], "must have at least 1 items; got a list; add one"),
        (Settings, "cluster.kubernetesVersion", 1.35, "for example '1.35'; got 1.35; put it in quotes"),
        (Settings, "images.web.tag", 5, "for example '1.4.3'; got 5; put it in quotes"),
        (Settings, "tags.owner", 5, "must be text; got 5; put the value in quotes"),
        (Settings, "tags.owner", ["a"], "must be text; got a list; write one value"),
        (Settings, "namespaces.course.podSecurityReason", "vendor",
         "must have at least 10 characters; got 'vendor'; say"),
        (Settings, "namespaces.Course", {}, "must be an RFC 1123 label"),
        (Settings, "namespaces.Course", 5, "must be an RFC 1123 label"),
        (Settings, "namespaces.kube-x", {}, "nor begin with 'kube-'"),
        (Settings, "ingress.hosts.public", "Course.example", "must be a lower-case DNS name"),
        (Settings, "ingress.hosts.public", 5,
         "must be a lower-case DNS name, for example 'dev.course.example'; got 5"),
        (Settings, "ingress.hosts.public", None,
         "must be a lower-case DNS name, for example 'dev.course.example'; got null"),
        (Settings, "namespaces.course.pullSecrets.registry", {"x": 1},
         "no such setting; remove it: nothing is set here"),
        (Settings, "tags", None, "must be a map; got null; remove the key, or write 'key: value' pairs below it"),
        (Workload, "ports", None, "must be a map; got null; remove the key"),
        (Workload, "service", "80", "must be a port, for example 80, or a map of settings; got '80'"),
        (Workload, "service", 70000, "f:1: service: must be a port from 1 to 65535, for example 8080; got 70000"),
        (Workload, "ports.http", True, "ports.http: must be a port, for example 80, or a map of settings"),
        (Workload, "ports.http", {"port": 53, "protocol": "udp"}, "ports.http.protocol: must be one of 'TCP', 'UDP' or "
         "'SCTP'"),
        (Workload, "uses", ["ntp:123/udp"], "'/UDP' or '/SCTP' behind it where it is not TCP"),
        (Workload, "uses", ["ntp/UDP"], "must be a workload, an external of the stack"),
        (Workload, "service.ports.http", True, "service.ports.http: must be a port, for example 80, or a map"),
        (Workload, "service.ports.http", 0, "service.ports.http: must be a port from 1 to 65535"),
        (Workload, "service.ports.http", {"port": 80, "targetport": "http"},
         "service.ports.http.targetport: no such setting; did you mean 'targetPort'?"),
        (Workload, "env.A", 5, "f:1: env.A: must be text; put the value in quotes"),
        (Workload, "env.A", ["a"], "f:1: env.A: must be text; write one value"),
        (Workload, "env.A", {"feild": "metadata.name"}, "env.A.feild: no such setting; did you mean 'field'?"),
        (Workload, "env.A", {"field": "metadata.nam"}, "env.A.field: must be a field of the downward API"),
        (Workload, "mounts./a", 5, "mounts./a: must be a name in 'volumes', or a map of settings; got 5"),
        (Workload, "mounts./a", "Data", "mounts./a: must be an RFC 1123 label"),
        (Workload, "mounts./a", {"volume": "data", "readonly": True},
         "mounts./a.readonly: no such setting; did you mean 'readOnly'?"),
        (Workload, "mounts.a", "data", "mounts.a: must be an absolute file path, for example '/mnt/secrets'; got 'a'"),
        (Workload, "probes.readiness", "htp",
         "must be a path such as '/readyz', 'tcp', 'grpc', 'none' or a map of settings; got 'htp'; did you mean"),
        (Workload, "probes.readiness", 5, "probes.readiness: must be a path such as '/readyz', 'tcp'"),
        (Workload, "probes.readiness", "/a b", "probes.readiness: must be an absolute URL path"),
        (Workload, "probes.readiness", {"httpget": {}}, "readiness.httpget: no such setting; did you mean 'httpGet'?"),
        (Workload, "probes.readiness", {"httpGet": "/x"}, "probes.readiness.httpGet: must be a map of settings"),
        (Workload, "probes.readiness", {"exec": {"command": "true"}}, "readiness.exec.command: must be a list"),
        (Workload, "volumes.data.downward.labels", "metadata.lables",
         "volumes.data.downward.labels: must be a field of the downward API"),
        (Workload, "volumes.data.downward.labels", "limits.gpu", "downward.labels: must be a request or limit"),
        (Workload, "volumes.data.downward.labels", 5, "downward.labels: must be a field such as 'metadata.labels'"),
        (Workload, "scratch", ["/tmp", "tmp"], "f:1: scratch[1]: must be an absolute file path"),
        (Workload, "scratch", "/tmp", "scratch: must be a list of folders, for example [/tmp], or a map of their"),
        (Workload, "scratch", [5], "scratch: must be a list of folders, for example [/tmp], or a map of their"),
        (Workload, "scratch", {"/tmp": 64}, "scratch./tmp: must be bytes with a unit"),
        (Workload, "release", "canarry", "got 'canarry'; did you mean 'canary'?"),
        (Workload, "release", 5, "release: must be one of rolling, recreate, blueGreen, canary, gray, or a map"),
        (Workload, "release", {"strategy": "canary", "stepp": 1}, "release.stepp: no such setting; did you mean"),
        (Workload, "preStop", "5s", "preStop: must be seconds to wait, for example 5, or a map of settings"),
        (Workload, "preStop", -1, "preStop: must be whole seconds from 0"),
        (Workload, "preStop", {"sleepSecond": 5}, "preStop.sleepSecond: no such setting; did you mean 'sleepSeconds'?"),
        (Workload, "containers.setup.before", "completed", "containers.setup.before: must be one of 'complete'"),
        (Workload, "containers.setup.before", 5, "containers.setup.before: must be one of complete, started, healthy"),
        (Workload, "containers.setup.before", {"main": "done"}, "containers.setup.before.main: must be one of"),
        (Workload, "job.cases", ["a", ""], "job.cases[1]: must have at least 1 characters"),
        (Workload, "job.cases", [], "job.cases: must have at least 1 items"),
        (Workload, "job.cases", 0, "job.cases: must be a whole number from 1"),
        (Workload, "job.cases", "/cases.txt", "job.cases: must be a relative path"),
        (Workload, "job.cases", True, "job.cases: must be a list of cases, how many there are, a file of them, or a"),
        (Workload, "job.cases", {"lists": ["a"]}, "job.cases.lists: no such setting; did you mean 'list'?"),
        (Settings, "images.web.rollback", 1.2, "images.web.rollback: must be an image tag, in quotes if it"),
        (Settings, "images.web.rollback", "1.2@sha256:0", "images.web.rollback: must be an image digest"),
        (Settings, "images.web.tracks.blue", [], "images.web.tracks.blue: must be an image tag"),
        (Settings, "images.web.tracks.canary", "1.3", "must be one of 'candidate', 'blue' or 'green'"),
        (Settings, "ingress.hosts.public", [], "ingress.hosts.public: must be a lower-case DNS name"),
        (Workload, "subPath", "x", "no such setting; did you mean 'mounts.<name>.subPath'?"),
        (Workload, "before", "complete", "no such setting; did you mean 'containers.<name>.before'?"),
        (Workload, "containers.setup.subPath", "x", "did you mean 'containers.setup.mounts.<name>.subPath'?"),
        (Workload, "uses", "redis", "must be a list; got 'redis'; write '- ' before each item, or [a, b]"),
        (Workload, "uses", None, "must be a list; got null; remove the key"),
        (Workload, "rollout.maxSurge", -1, "must be a count or a percentage, for example 1 or '25%'; got -1"),
        (Workload, "spread.zones", "Never", "must be DoNotSchedule, ScheduleAnyway or Off; got 'Never'"),
        (Workload, "maxSurge", 1, "no such setting; did you mean 'rollout.maxSurge'?"),
        (Workload, "pathType", "Exact", "no such setting; did you mean 'routes[0].pathType'?"),
        (Workload, "storageClass", "x", "no such setting; did you mean 'volumes.<name>.disk.storageClass'?"),
        (Workload, "sizeLimit", "1Gi", "no such setting; did you mean 'volumes.<name>.emptyDir.sizeLimit'?"),
        (Workload, "zzz", 1, "no such setting; known here: affinity, args, autoscale"),
        (Workload, "env", {"secure": "v1:hunter2", "B": 5}, "must be text; put the value in quotes"),
        (Workload, "config", {"secure": "v1:hunter2"},
         "is a secret, and settings hold none; give it a key of its own"),
        (Settings, "access.tenantId", {"secure": "v1:hunter2"}, "is a secret, and settings hold none"),
    ],
    ids=lambda it: str(it)[:40],
)  # fmt: skip
def test_a_wrong_value_is_answered_with_what_is_right(model, path, value, line):
    data = STACK if model is Settings else WORKLOAD
    found = faults(model, change(fresh(data), path.split("."), value))
    said = [str(it) for it in found.values() if it.rule != "is required"]
    assert len(said) == 1, said
    assert line in said[0]
    assert "hunter2" not in said[0]


@BOTH
def test_settings_are_frozen_at_every_depth(model, data):
    def frozen(section):
        for name, value in section:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(section, name, value)
            below = value.values() if isinstance(value, dict) else [value]
            for inner in below:
                if isinstance(inner, BaseModel):
                    frozen(inner)

    frozen(model.model_validate(data))
