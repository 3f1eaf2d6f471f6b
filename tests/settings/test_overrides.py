"""A stack's overrides: how they meet the catalogue, and where a fault of the two together lies."""

import pytest

from settings.load import load, read_sources
from tests.settings.estate import (
    ROOT,
    SETTINGS,
    change,
    changed,
    dump,
    folder,
    line_of,
    shipped,
    stack_file,
    within,
)
from tests.settings.rich import SHOP, rich_files, rich_stack

DEV = "Pulumi.dev.yaml"
AT = f"{SETTINGS}."


def settings_of(stack):
    return shipped()[stack_file(stack)]["config"][SETTINGS]


def line_in(file, *path, files=()):
    return line_of({**folder().texts, **dict(files)}[file], path)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (
            "workloads.webb",
            {"replicas": 1},
            "no workload of that name in the catalogue; did you mean 'web'?",
        ),
        (
            "workloads.zzz",
            None,
            "no workload of that name in the catalogue; add workloads/zzz.yaml or remove the override",
        ),
        (
            "workloads.web",
            5,
            "must be a map of overrides, or null to leave the workload out; got 5",
        ),
        (
            "workloads.redis",
            [],
            "must be a map of overrides, or null to leave the workload out; got a list",
        ),
        ("workloads", [], "must be a map of overrides by workload; got a list"),
        ("workloads", None, "must be a map of overrides by workload; got null; remove the key"),
        (
            "workloads.web.name",
            "web2",
            "cannot be overridden: the file in the catalogue says it; remove it",
        ),
        ("workloads.web.name", None, "cannot be overridden"),
        (
            "workloads.web.replicaz",
            None,
            "removes nothing: there is no such key; did you mean 'replicas'?",
        ),
        (
            "workloads.web.volumes.tpm",
            None,
            "removes nothing: there is no such key; did you mean 'tmp'?",
        ),
        ("workloads.blob-service.config.env.LOG_LEVLE", None, "did you mean 'LOG_LEVEL'?"),
        ("workloads.web.replicaz", 1, "no such setting; did you mean 'replicas'?"),
        (
            "workloads.web.probes.readiness.httpGet.prot",
            "http",
            "no such setting; did you mean 'port'?",
        ),
        (
            "workloads.web.autoscale",
            {"min": 1},
            "autoscale.max: is required; add it: Most replicas",
        ),
        ("workloads.web.routes", [{"path": "/x"}], "routes[0].host: is required"),
        ("workloads.web.kind", "daemon", "must be one of"),
        ("workloads.web.image", None, "is required"),
    ],
)
def test_a_wrong_override_is_one_fault_in_the_stack_file(path, value, says):
    files = changed(("dev", path, value))
    [fault] = folder().faults("dev", files)
    assert says in str(fault)
    full = [*within("dev", path)[1], *([0, "host"] if "routes" in path else [])]
    assert (fault.file, fault.line) == (DEV, line_of(files[DEV], full))


@pytest.mark.parametrize(
    ("override", "at", "where", "key"),
    [
        ({"disruption": {"minAvailable": 1, "maxUnavailable": 1}}, ["disruption"], "dev", "disruption"),
        ({"autoscale": {"min": 9}}, ["autoscale", "min"], "dev", "autoscale.min"),
        ({"autoscale": {"max": 1}}, ["autoscale", "min"], "blob-service", "autoscale.min"),
        ({"autoscale": {"cpu": None}}, ["autoscale"], "dev", "autoscale"),
        ({"volumes": {"uploads": {"emptyDir": None}}}, ["volumes", "uploads"], "dev", "volumes.uploads"),
        ({"volumes": {"new": {"mountPath": "/new"}}}, ["volumes", "new"], "dev", "volumes.new"),
        ({"uses": ["redis", "zzz"]}, ["uses", 1], "dev", "uses[1]"),
        ({"tolerations": [{"key": "a", "operator": "Equal"}]}, ["tolerations", 0], "dev", "tolerations[0]"),
        ({"pool": None}, ["pool"], "dev", "pool"),
        ({"rollout": {"maxSurge": 0}}, ["rollout", "maxSurge"], "dev", "rollout.maxSurge"),
        ({"rollout": {"minReadySeconds": 900}}, ["rollout"], "dev", "rollout.progressDeadlineSeconds"),
        ({"service": {"port": 81, "nodePort": 30081}}, ["service", "nodePort"], "dev", "service.nodePort"),
        ({"security": {"runAsUser": 0}}, ["security", "runAsUser"], "dev", "security.runAsUser"),
        ({"config": {"mountPath": "/x"}}, ["config", "mountPath"], "dev", "config.mountPath"),
        ({"resources": {"limits": {"cpu": "100m"}}}, ["resources", "requests", "cpu"], "blob-service",
         "resources.requests.cpu"),
    ],
    ids=str,
)  # fmt: skip
def test_a_fault_of_catalogue_and_override_together_lies_where_the_wrong_half_was_written(
    override, at, where, key
):
    files = changed(("dev", "workloads.blob-service", override))
    [fault] = folder().faults("dev", files)
    if where == "dev":
        full = ["config", SETTINGS, "workloads", "blob-service", *at]
        expected = (DEV, line_of(files[DEV], full), f"{AT}workloads.blob-service.{key}")
    else:
        expected = (f"workloads/{where}.yaml", line_in(f"workloads/{where}.yaml", *at), key)
    assert (fault.file, fault.line, fault.key) == expected


def test_null_leaves_a_workload_out_and_removes_a_key():
    sources = read_sources(ROOT, "prod")
    assert sources.workloads["authentication"].get("replicas") is None
    overrides = {**sources.overrides, "web": None}
    given = {**settings_of("prod"), "workloads": overrides}
    assert "web" not in load(ROOT, "prod", given).workloads


def test_off_switches_spreading_off_in_an_override_too():
    given = settings_of("dev")
    given["workloads"]["web"]["spread"] = {"zones": "Off"}
    spread = load(ROOT, "dev", given).workloads["web"].spread
    assert (spread.zones, spread.nodes) == (None, "ScheduleAnyway")


def test_lists_of_an_override_replace_and_maps_merge():
    given = settings_of("dev")
    given["workloads"]["blob-service"] = {
        "uses": ["redis"],
        "config": {"env": {"LOG_LEVEL": "debug"}},
    }
    found = load(ROOT, "dev", given).workloads["blob-service"]
    assert found.uses == ["redis"]
    assert found.config.env == {
        **shipped()["workloads/blob-service.yaml"]["config"]["env"], "LOG_LEVEL": "debug"
    }  # fmt: skip


IN_SHOP = "workloads/shop.yaml"


@pytest.mark.parametrize(
    ("new", "old", "path", "override", "key", "says"),
    [
        ("liveness: /a b", "liveness: {tcpSocket: {port: http}, terminationGracePeriodSeconds: 5}", "probes.liveness",
         {"periodSeconds": 5}, "probes.liveness", "absolute URL path"),
        ("", "", "probes.readiness", {"periodSeconds": 0}, "probes.readiness.periodSeconds", "whole number from 1"),
        ("", "", "probes.liveness", "htp", "probes.liveness", "must be a path such as"),
        ("    http: 99999", "    http: 80",
         "service.ports.http", {"targetPort": "http"}, "service.ports.http", "a port"),
        ("", "", "service.ports.http", {"targetport": "http"}, "service.ports.http.targetport", "'targetPort'?"),
        ("scratch: [/tmp, tmp]", "scratch: [/tmp]", "scratch", {"/tmp": "1Gi"}, "scratch[1]", "absolute file path"),
        ("", "", "scratch", {"/tmp": 1}, "scratch./tmp", "bytes with a unit"),
        ("", "", "scratch", {"/temp": None}, "scratch./temp", "removes nothing: there is no such key; did you mean"),
        ("preStop: -1", "preStop: 5", "preStop", {"exec": None}, "preStop", "whole seconds"),
        ("", "", "preStop", {"sleepSeconds": -2}, "preStop.sleepSeconds", "whole seconds"),
        ("", "", "preStop", "5s", "preStop", "must be seconds to wait"),
        ("before: completed", "before: complete", "containers.migrate.env", {"A": "b"},
         "containers.migrate.before", "must be one of 'complete', 'started' or 'healthy'"),
        ("", "", "containers.migrate.before", {"mian": None}, "containers.migrate.before.mian", "did you mean 'main'?"),
        ("strategy: canaryy", "strategy: canary", "release", {"step": 1}, "release.strategy", "did you mean 'canary'?"),
        ("/srv/work: Work", "/srv/work: work", "mounts./srv/work", {"readOnly": True}, "mounts./srv/work", "RFC 1123"),
        ("", "", "mounts./srv/work", {"readonly": True}, "mounts./srv/work.readonly", "did you mean 'readOnly'?"),
        ("", "", "env.MODE", {"secrett": "A"}, "env.MODE.secrett", "did you mean 'secret'?"),
        ("MODE: 5", "MODE: fast", "env.OTHER", "b", "env.MODE", "must be text; put the value in quotes"),
    ],
    ids=lambda it: str(it)[:40],
)  # fmt: skip
def test_a_fault_of_a_short_form_lies_where_it_was_written(new, old, path, override, key, says):
    shop, stack = SHOP.replace(old, new, 1), rich_stack()
    above = ["config", SETTINGS, "workloads", "shop"]
    change(stack, above, {})
    stack = dump(change(stack, [*above, *path.split(".")], override))
    [fault] = folder().faults("dev", {**rich_files(), IN_SHOP: shop, DEV: stack})
    assert says in str(fault)
    if new:
        line = next(number for number, it in enumerate(shop.splitlines(), 1) if new in it)
        assert (fault.file, fault.line, fault.key) == (IN_SHOP, line, key)
    else:
        full = [*above, *path.split("."), *key.removeprefix(path).strip(".").split(".")]
        line = line_of(stack, [it for it in full if it])
        assert (fault.file, fault.line, fault.key) == (DEV, line, f"{AT}workloads.shop.{key}")
