"""How an override meets the catalogue: maps merge by key, lists and scalars replace, null removes."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.forms import form_of
from settings.merge import merge
from settings.workload import Workload

KEYS = st.sampled_from("abcd")
SCALARS = st.integers() | st.text(max_size=3) | st.booleans()
LISTS = st.lists(SCALARS | st.dictionaries(KEYS, SCALARS | st.none(), max_size=2), max_size=3)


def maps(leaves):
    return st.recursive(
        st.dictionaries(KEYS, leaves, max_size=4),
        lambda it: st.dictionaries(KEYS, it | leaves, max_size=4),
        max_leaves=12,
    )


MAPS = maps(SCALARS | LISTS)
OVERRIDES = maps(SCALARS | LISTS | st.none())


def shaped(key_types):
    """Maps in which one key always has one kind of value: `a` and `b` maps, `c` lists, `d` scalars."""
    return st.fixed_dictionaries(
        {}, optional={"a": key_types, "b": key_types, "c": LISTS, "d": SCALARS}
    )


ALIKE = shaped(shaped(st.fixed_dictionaries({}, optional={"c": LISTS, "d": SCALARS})))


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}}, {"a": {"b": 1, "c": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [{"b": 1}]}, {"a": [{"c": 2}]}, {"a": [{"c": 2}]}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": {"b": 1}}, {"a": None}, {}),
        ({"a": {"b": 1}}, {"a": 5}, {"a": 5}),
        ({"a": 5}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({}, {"a": {"b": None}}, {"a": {}}),
        ({"a": None}, {}, {"a": None}),
        ({}, {"a": [None]}, {"a": [None]}),
    ],
)
def test_an_override_is_laid_on(base, over, merged):
    assert merge(base, over) == merged


@given(MAPS)
def test_nothing_laid_on_changes_nothing_and_on_nothing_gives_what_is_laid(data):
    assert merge(data, {}) == data
    assert merge({}, data) == data
    assert merge(data, data) == data


@given(OVERRIDES, OVERRIDES)
def test_no_argument_is_changed(base, over):
    before = deepcopy((base, over))
    merge(base, over)
    assert (base, over) == before


@given(MAPS, OVERRIDES)
def test_laid_on_twice_is_laid_on_once(base, over):
    once = merge(base, over)
    assert merge(once, over) == once


@given(MAPS, OVERRIDES)
def test_every_key_is_the_overrides_or_the_bases_and_null_leaves_none(base, over):
    merged = merge(base, over)
    assert set(merged) == {key for key in {**base, **over} if over.get(key, 0) is not None}
    for key, value in merged.items():
        if key not in over:
            assert value is base[key], "what no override touches is shared"
        elif isinstance(over[key], dict):
            below = base.get(key)
            assert value == merge(below if isinstance(below, dict) else {}, over[key])
        else:
            assert value == over[key]


@given(ALIKE, ALIKE, ALIKE)
def test_the_order_of_laying_on_does_not_matter_where_a_key_keeps_its_kind(first, second, third):
    assert merge(merge(first, second), third) == merge(first, merge(second, third))


def test_a_null_or_a_change_of_kind_makes_the_order_matter():
    base = {"a": {"b": 1}}
    assert merge(merge(base, {"a": None}), {"a": {"c": 2}}) == {"a": {"c": 2}}
    assert merge(base, merge({"a": None}, {"a": {"c": 2}})) == {"a": {"b": 1, "c": 2}}
    assert merge(merge(base, {"a": 5}), {"a": {"c": 2}}) == {"a": {"c": 2}}
    assert merge(base, merge({"a": 5}, {"a": {"c": 2}})) == {"a": {"b": 1, "c": 2}}


FORMS = [
    ("service", 80, {"port": 80}),
    ("service.ports.http", 80, {"port": 80}),
    ("ports.http", 80, {"port": 80}),
    ("release", "canary", {"strategy": "canary"}),
    ("preStop", 5, {"sleepSeconds": 5}),
    ("probes.readiness", "/readyz", {"httpGet": {"path": "/readyz"}}),
    ("probes.liveness", "tcp", {"tcpSocket": {}}),
    ("probes.startup", "grpc", {"grpc": {}}),
    ("mounts./data", "data", {"volume": "data"}),
    ("scratch", ["/tmp", "/run"], {"/tmp": "64Mi", "/run": "64Mi"}),
    ("containers.setup.before", "complete", {"main": "complete"}),
    ("containers.proxy.probes.readiness", "/ready", {"httpGet": {"path": "/ready"}}),
    ("containers.proxy.preStop", 5, {"sleepSeconds": 5}),
    ("volumes.pod.downward.labels", "metadata.labels", {"field": "metadata.labels"}),
    ("volumes.pod.downward.cpu", "limits.cpu", {"resource": "limits.cpu"}),
    ("job.cases", ["a", "b"], {"list": ["a", "b"]}),
    ("job.cases", 6, {"count": 6}),
    ("job.cases", "cases.txt", {"file": "cases.txt"}),
]


def nested(path, value):
    for step in reversed(path.split(".")):
        value = {step: value}
    return value


def laid(path, base, over):
    """What stands at `path` of a workload once `over` is laid on `base` there."""
    found = merge(nested(path, base), nested(path, over), form_of(Workload))
    for step in path.split("."):
        found = found[step]
    return found


@pytest.mark.parametrize(
    ("path", "base", "over", "merged"),
    [
        ("service", 80, {"type": "NodePort"}, {"port": 80, "type": "NodePort"}),
        ("service", 80, {"port": 81}, {"port": 81}),
        ("service", {"port": 80, "type": "NodePort"}, 81, 81),
        ("service.ports", {"http": 80}, {"http": {"nodePort": 30080}}, {"http": {"port": 80, "nodePort": 30080}}),
        ("release", "canary", {"step": 2}, {"strategy": "canary", "step": 2}),
        ("release", {"strategy": "canary", "steps": [50, 100]}, "rolling", "rolling"),
        ("release", {"strategy": "canary", "match": {"header": "X", "value": "y"}}, {"match": {"cookie": "c"}},
         {"strategy": "canary", "match": {"cookie": "c", "value": "y"}}),
        ("probes.readiness", "/a", {"periodSeconds": 5}, {"httpGet": {"path": "/a"}, "periodSeconds": 5}),
        ("probes.readiness", "/a", {"httpGet": {"port": "admin"}}, {"httpGet": {"path": "/a", "port": "admin"}}),
        ("probes.readiness", "/a", {"tcpSocket": {}}, {"tcpSocket": {}}),
        ("probes.readiness", "/a", "tcp", "tcp"),
        ("probes.readiness", {"exec": {"command": ["a"]}, "periodSeconds": 5}, {"grpc": {}},
         {"grpc": {}, "periodSeconds": 5}),
        ("probes.readiness", {"exec": {"command": ["a"]}}, {"grpc": None}, {"exec": {"command": ["a"]}}),
        ("probes.readiness", {"grpc": {}}, {"grpc": None, "tcpSocket": {}}, {"tcpSocket": {}}),
        ("probes.readiness", "none", {"tcpSocket": {}}, {"tcpSocket": {}}),
        ("preStop", 5, {"exec": {"command": ["stop"]}}, {"exec": {"command": ["stop"]}}),
        ("env", {"A": "b"}, {"A": {"secret": "KEY"}}, {"A": {"secret": "KEY"}}),
        ("env", {"A": {"secret": "KEY"}}, {"A": "b"}, {"A": "b"}),
        ("env", {"A": {"field": "metadata.name"}}, {"A": {"secret": "KEY"}}, {"A": {"secret": "KEY"}}),
        ("mounts", {"/a": "data"}, {"/a": {"readOnly": True}}, {"/a": {"volume": "data", "readOnly": True}}),
        ("scratch", ["/tmp", "/run"], {"/tmp": "1Gi", "/run": None}, {"/tmp": "1Gi"}),
        ("scratch", {"/tmp": "1Gi"}, ["/run"], ["/run"]),
        ("containers.a", {"before": "complete"}, {"before": {"b": "healthy"}},
         {"before": {"main": "complete", "b": "healthy"}}),
        ("containers.a", {"before": "complete"}, {"before": {"main": None}}, {"before": {}}),
        ("disruption", {"minAvailable": 1}, {"maxUnavailable": 2}, {"maxUnavailable": 2}),
        ("job.cases", 6, {"mountPath": "/case"}, {"count": 6, "mountPath": "/case"}),
        ("job.cases", 6, {"list": ["a"]}, {"list": ["a"]}),
        ("volumes.a", {"disk": {"size": "1Gi"}}, {"claim": {"name": "a"}},
         {"disk": {"size": "1Gi"}, "claim": {"name": "a"}}),
        ("service", "eighty", {"type": "NodePort"}, {"type": "NodePort"}),
        ("patch.Deployment.merge", {"exec": 1}, {"httpGet": 2}, {"exec": 1, "httpGet": 2}),
    ],
    ids=lambda it: str(it)[:30],
)  # fmt: skip
def test_a_map_is_laid_on_what_a_short_form_stands_for(path, base, over, merged):
    assert laid(path, base, over) == merged


@pytest.mark.parametrize(("path", "short", "long"), FORMS)
@given(st.data())
def test_a_short_form_and_the_map_it_stands_for_meet_every_map_alike(path, short, long, data):
    keys = st.sampled_from([*long, "a", "periodSeconds", "exec", "list"])
    over = data.draw(st.dictionaries(keys, MAPS | SCALARS | st.none(), max_size=3))
    assert laid(path, short, over) == laid(path, long, over)
    once = laid(path, short, over)
    assert laid(path, once, over) == once


@pytest.mark.parametrize(("path", "short", "long"), FORMS)
def test_the_model_reads_a_short_form_as_the_map_it_stands_for(path, short, long):
    base = {"name": "a", "namespace": "course", "kind": "job", "image": "registry.example/a"}
    models = [Workload.model_validate(merge(base, nested(path, it))) for it in (short, long)]
    assert models[0] == models[1]
    assert form_of(Workload).at(path.split(".")).long(short) == long


def test_a_volume_keeps_its_source_until_a_null_takes_it():
    """A disk that an override drops takes its data with it: that wants a word of its own."""
    assert laid("volumes.a", {"disk": {"size": "1Gi"}}, {"disk": None, "claim": {"name": "b"}}) == {
        "claim": {"name": "b"}
    }


def test_where_nothing_is_overridden_no_form_is_asked_for():
    class Unasked:
        def below(self, key):
            raise AssertionError(key)

    assert merge({"service": 80, "release": "canary"}, {}, Unasked()) == {
        "service": 80, "release": "canary"
    }  # fmt: skip
    assert merge({"service": 80}, {"replicas": 3}, Unasked())["replicas"] == 3
