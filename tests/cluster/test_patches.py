"""A `patch:` is what the API server itself makes of it: its strategic merge is the oracle."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manifests import Part
from manifests.patches import PATCHED, PatchError, patched
from settings.workload import Patch, Workload
from tests.cluster.control_plane.client import ApiError

STRATEGIC = "application/strategic-merge-patch+json"
REASON = "no setting has this field"
WEB = {
    "replicas": 2,
    "ports": {"http": 8080, "metrics": 9100},
    "service": {"ports": {"http": {"port": 80}, "metrics": {"port": 9100}}},
    "config": {"env": {"A": "1"}, "files": {"x": "y"}, "mountPath": "/etc/web"},
    "env": {"ONE": "1", "TWO": "2", "THREE": "3"},
    "scratch": ["/tmp", "/var/run"],
    "hostAliases": {"192.0.2.1": ["one.example"], "192.0.2.2": ["two.example"]},
}


@pytest.fixture(scope="module")
def live(lab_estate, tmp_path_factory):
    """The objects of one workload as the API server holds them, by kind."""
    from tests.cluster.lab import Lab

    lab = Lab(lab_estate, "patches-oracle", tmp_path_factory.mktemp("lab"))
    lab.run({"web": WEB, "data": {"kind": "statefulset", "replicas": 1}})
    lab.wait()
    kinds = {"Deployment": "apps/v1", "Service": "v1", "ServiceAccount": "v1"}
    found = {
        kind: {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": "web", "namespace": lab.namespace},
        }
        for kind, version in kinds.items()
    }
    return lab.api, {kind: {**it, **lab.api.get(lab.api.path(it))} for kind, it in found.items()}


def compared(answer):
    metadata = {
        key: answer["metadata"].get(key)
        for key in ("name", "labels", "annotations", "finalizers", "ownerReferences")
    }
    rest = {key: it for key, it in answer.items() if key not in ("metadata", "status")}
    return {**rest, "metadata": metadata}


def servers(api, manifest, merge):
    """What the API server makes of a patch; None where it refuses."""
    body = copy.deepcopy(merge)
    body.setdefault("metadata", {}).setdefault("annotations", {})[PATCHED] = REASON
    try:
        return compared(api.request("PATCH", f"{api.path(manifest)}?dryRun=All", body, STRATEGIC))
    except ApiError:
        return None


def ours(api, manifest, merge):
    """What the API server makes of an object that we have patched; None where one of us refuses."""
    workload = Workload.model_construct(
        patch={manifest["kind"]: Patch.model_construct(reason=REASON, merge=merge)}
    )
    try:
        [part] = patched(workload, [Part("it", copy.deepcopy(manifest))])
        changed = copy.deepcopy(part.manifest)
        for key in ("resourceVersion", "managedFields"):
            changed["metadata"].pop(key, None)
        return compared(api.request("PUT", f"{api.path(manifest)}?dryRun=All", changed))
    except (ApiError, PatchError):
        return None


def pod(merge):
    return {"spec": {"template": {"spec": merge}}}


def web(**merge):
    return pod({"containers": [{"name": "web", **merge}]})


ACCEPTED = {
    "a field": pod({"hostname": "one"}),
    "a field gone": pod({"hostAliases": None}),
    "a map replaced": pod({"securityContext": {"$patch": "replace", "runAsUser": 7}}),
    "a map emptied": pod({"securityContext": {"$patch": "delete"}}),
    "an item changed": web(stdin=True),
    "an item added": pod({"containers": [{"name": "more", "image": "x/y:1"}]}),
    "items in another order": web(env=[{"name": "THREE", "value": "x"}, {"name": "ONE", "value": "y"}]),
    "old and new items": web(env=[{"name": "NEW", "value": "x"}, {"name": "TWO", "value": "y"},
                                  {"name": "LAST", "value": "z"}]),
    "an item gone": web(env=[{"name": "TWO", "$patch": "delete"}]),
    "an item that is not there gone": web(env=[{"name": "NOBODY", "$patch": "delete"}]),
    "a list replaced": web(env=[{"$patch": "replace"}, {"name": "ONLY", "value": "x"}]),
    "a list emptied": web(env=[{"$patch": "replace"}]),
    "an item of no list gone": pod({"imagePullSecrets": [{"name": "a", "$patch": "delete"}, {"name": "b"}]}),
    "a map that is not there gone": pod({"dnsConfig": {"$patch": "delete", "nameservers": ["192.0.2.1"]}}),
    "a list null": web(env=None),
    "a list empty": web(env=[]),
    "ports by number": web(ports=[{"containerPort": 8080, "name": "other"}, {"containerPort": 1234}]),
    "mounts by path": web(volumeMounts=[{"mountPath": "/tmp", "readOnly": True}]),
    "aliases by address": pod({"hostAliases": [{"ip": "192.0.2.2", "hostnames": ["new.example"]},
                                               {"ip": "192.0.2.3", "hostnames": ["three.example"]}]}),
    "tolerations replaced": pod({"tolerations": [{"key": "a", "operator": "Exists"}]}),
    "an argument list replaced": web(args=["a", "b"]),
    "finalizers added": {"metadata": {"finalizers": ["example.com/b", "example.com/a"]}},
    "a label": {"metadata": {"labels": {"team": "x"}}},
    "strategy": {"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}}},
    "a new map with nulls in it": pod({"dnsConfig": {"nameservers": None, "options": [{"name": "ndots"}]}}),
}  # fmt: skip
REFUSED = {
    "an item without its key": web(env=[{"value": "x"}]),
    "an unknown directive": pod({"securityContext": {"$patch": "other"}}),
    "an unknown directive in a list": web(env=[{"name": "ONE", "$patch": "merge"}]),
    "a wrong type": {"spec": {"replicas": "two"}},
    "no container left": pod({"containers": [{"$patch": "replace"}]}),
}
SERVICE = {
    "a port by its number": {"spec": {"ports": [{"port": 80, "appProtocol": "http"}]}},
    "a port more": {"spec": {"ports": [{"port": 81, "name": "more", "targetPort": 1}]}},
    "a port gone": {"spec": {"ports": [{"port": 80, "$patch": "delete"}]}},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_patch_is_merged_as_the_server_does(live, name):
    api, objects = live
    expected = servers(api, objects["Deployment"], ACCEPTED[name])
    assert expected is not None
    assert (
        expected != servers(api, objects["Deployment"], {})
        or "not there" in name
        or name == "a list empty"
    )
    assert ours(api, objects["Deployment"], ACCEPTED[name]) == expected


@pytest.mark.parametrize("name", SERVICE)
def test_ports_of_a_service_are_met_by_their_number(live, name):
    api, objects = live
    expected = servers(api, objects["Service"], SERVICE[name])
    assert expected is not None
    assert ours(api, objects["Service"], SERVICE[name]) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_server_refuses_is_refused(live, name):
    api, objects = live
    assert servers(api, objects["Deployment"], REFUSED[name]) is None
    assert ours(api, objects["Deployment"], REFUSED[name]) is None


def test_the_oracle_tells_two_patches_apart(live):
    api, objects = live
    assert ours(api, objects["Deployment"], ACCEPTED["an item gone"]) != servers(
        api, objects["Deployment"], ACCEPTED["a list null"]
    )


VARIABLES = st.sampled_from(["ONE", "TWO", "THREE", "FOUR", "FIVE"])
ENV = st.lists(
    st.one_of(
        st.builds(lambda name, value: {"name": name, "value": value}, VARIABLES, st.sampled_from("xyz")),
        st.builds(lambda name: {"name": name, "$patch": "delete"}, VARIABLES),
        st.just({"$patch": "replace"}),
        st.builds(lambda name: {"name": name, "value": None}, VARIABLES),
    ),
    max_size=4,
)  # fmt: skip
PORTS = st.lists(
    st.builds(
        lambda port, more: {"containerPort": port, **more},
        st.sampled_from([8080, 9100, 70, 71]),
        st.sampled_from([{}, {"$patch": "delete"}, {"hostIP": "192.0.2.9"}]),
    ),
    max_size=3,
)
CONTAINER = st.fixed_dictionaries(
    {"name": st.sampled_from(["web", "web", "more"])},
    optional={
        "image": st.just("x/y:2"),
        "env": st.one_of(ENV, st.none()),
        "ports": st.one_of(PORTS, st.none()),
        "args": st.one_of(st.lists(st.sampled_from("ab")), st.none()),
        "resources": st.sampled_from([None, {}, {"limits": None}, {"$patch": "replace"}]),
    },
)
SPEC = st.fixed_dictionaries(
    {},
    optional={
        "containers": st.lists(CONTAINER, max_size=2),
        "hostAliases": st.lists(
            st.builds(
                lambda address, name: {"ip": address, "hostnames": [name]},
                st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"]),
                st.sampled_from(["a.example", "b.example"]),
            ),
            max_size=3,
        ),
        "securityContext": st.sampled_from([None, {"$patch": "delete"}, {"fsGroup": 5, "runAsUser": None}]),
        "hostname": st.sampled_from(["one", None]),
    },
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(merge=SPEC)
def test_any_patch_is_merged_as_the_server_does(live, merge):
    api, objects = live
    expected = servers(api, objects["Deployment"], pod(merge))
    assert ours(api, objects["Deployment"], pod(merge)) == expected, json.dumps(merge)
