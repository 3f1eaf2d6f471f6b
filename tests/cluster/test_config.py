"""A change of configuration rolls its readers and no one else, and a rollback finds what it read before."""

import pytest

from components.kubernetes.history import History
from manifests import Values
from manifests.estate import groups
from manifests.secrets import names
from review.analyses.capacity import capacity
from tests.cluster.control_plane.client import MERGE, ApiError
from tests.cluster.counts import wait_until_counted

PORTS = {"ports": {"http": 8080}, "service": 80}
WORKLOADS = {
    "by-env": {"config": {"env": {"LEVEL": "one"}}},
    "by-file": {"config": {"files": {"level": "one"}, "mountPath": "/etc/it"}},
    "by-key": {"config": {"env": {"LEVEL": "one"}}, "env": {"MINE": {"config": "LEVEL"}}},
    "by-secret": {"secrets": {"PIN": {}}, "env": {"PIN": {"secret": "PIN"}}},
    "by-secret-file": {"secrets": {"PIN": {"mountPath": "/mnt/pin"}}},
    "other": {},
}
PINS = {"by-secret-PIN": "pin one", "by-secret-file-PIN": "pin one"}


class Program:
    """What `pulumi up` does to a namespace, with the history it keeps from one run to the next."""

    def __init__(self, lab, most=2, counts=None):
        self.lab, self.most, self._before, self._paths = lab, most, {}, []
        quota = {"quota": {"counts": counts or {}}}
        self.stack = {"configHistory": most, "namespaces": {lab.namespace: quota}}

    def up(self, workloads, secrets=PINS, made=lambda: None):
        """`made` is called when all is there, and what is not needed any more still is."""
        settings = self.lab.settings(workloads, self.stack)
        values = Values(
            client_ids=dict.fromkeys(settings.workloads, "client"),
            secrets=secrets,
            secret_names=names("lab", settings, secrets),
        )
        history = History(self.most, self._before)
        found = []
        for group in groups(settings, values):
            if group.namespace == self.lab.namespace:
                found += [it.manifest for it in group.parts]
                if group.component == "Workload":
                    found += [it.manifest for it in history.earlier(group.name, group.parts)]
        self.lab.apply(found)
        made()
        paths = [self.lab.api.path(it) for it in found]
        for path in self._paths:
            if path not in paths:
                self.lab.api.request("DELETE", f"{path}?propagationPolicy=Background")
        self._before, self._paths = history.now, paths
        self.lab.wait()

    def pods(self, name):
        return {it["metadata"]["name"] for it in self.lab.pods(name)}

    def objects(self, kind):
        found = self.lab.api.items(f"/api/v1/namespaces/{self.lab.namespace}/{kind}")
        return {it["metadata"]["name"]: it for it in found}


@pytest.fixture
def program(lab):
    return Program(lab)


def changed(**more):
    return {**WORKLOADS, **{name.replace("_", "-"): it for name, it in more.items()}}


CHANGES = {
    "by-env": (changed(by_env={"config": {"env": {"LEVEL": "two"}}}), PINS),
    "by-file": (
        changed(by_file={"config": {"files": {"level": "two"}, "mountPath": "/etc/it"}}),
        PINS,
    ),
    "by-key": (
        changed(by_key={**WORKLOADS["by-key"], "config": {"env": {"LEVEL": "two"}}}),
        PINS,
    ),
    "by-secret": (WORKLOADS, {**PINS, "by-secret-PIN": "pin two"}),
    "by-secret-file": (WORKLOADS, {**PINS, "by-secret-file-PIN": "pin two"}),
}


def test_a_change_rolls_the_pods_that_read_it_and_no_others(program):
    program.up(WORKLOADS)
    for name, (workloads, secrets) in CHANGES.items():
        before = {it: program.pods(it) for it in WORKLOADS}
        assert all(before.values())
        program.up(workloads, secrets)
        rolled = {it for it in WORKLOADS if program.pods(it) != before[it]}
        assert rolled == {name}
        program.up(WORKLOADS)


def test_an_update_without_a_change_rolls_nobody(program):
    program.up(WORKLOADS)
    pods, maps = program.lab.pods(), program.objects("configmaps")
    program.up(WORKLOADS)
    assert {it["metadata"]["uid"] for it in program.lab.pods()} == {
        it["metadata"]["uid"] for it in pods
    }
    assert program.objects("configmaps").keys() == maps.keys()


def level(number):
    config = {
        "env": {"LEVEL": str(number)},
        "files": {"level": str(number)},
        "mountPath": "/etc/it",
    }
    return {"it": {"config": config, "secrets": {"PIN": {}}, "env": {"PIN": {"secret": "PIN"}}}}


def updates(program, *numbers):
    for number in numbers:
        program.up(level(number), {"it-PIN": f"pin {number}"})


def undo(program, revision):
    """`kubectl rollout undo --to-revision`: the template of that ReplicaSet."""
    api, space = program.lab.api, program.lab.namespace
    [old] = [
        it
        for it in api.items(f"/apis/apps/v1/namespaces/{space}/replicasets")
        if it["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == str(revision)
    ]
    template = old["spec"]["template"]
    template["metadata"]["labels"].pop("pod-template-hash")
    path = f"/apis/apps/v1/namespaces/{space}/deployments/it"
    operations = [{"op": "replace", "path": "/spec/template", "value": template}]
    api.request("PATCH", path, operations, "application/json-patch+json")
    program.lab.wait()
    return read(template["spec"])


def read(pod):
    """ConfigMaps and Secrets that a pod reads, as (resource, name)."""
    found = set()
    for container in pod["containers"]:
        for it in container.get("envFrom", []):
            found.add(("configmaps", it["configMapRef"]["name"]))
        for it in container.get("env", []):
            source = it.get("valueFrom", {}).get("secretKeyRef")
            if source:
                found.add(("secrets", source["name"]))
    for it in pod.get("volumes", []):
        if "configMap" in it:
            found.add(("configmaps", it["configMap"]["name"]))
    return found


def there(program, wanted):
    return {(kind, name) for kind, name in wanted if name in program.objects(kind)}


def test_a_rollback_finds_the_configuration_and_secrets_it_had(program):
    updates(program, 1, 2, 3)
    wanted = undo(program, 1)
    assert len(wanted) == 3
    assert there(program, wanted) == wanted
    for pod in program.lab.pods("it"):
        assert read(pod["spec"]) == wanted


@pytest.mark.parametrize(("most", "missing"), [(0, {1, 2}), (1, {1}), (2, set())])
def test_so_many_versions_stay_as_the_stack_says(lab, most, missing):
    program = Program(lab, most)
    updates(program, 1, 2, 3)
    held = {
        it["data"]["LEVEL"]
        for it in program.objects("configmaps").values()
        if "LEVEL" in it.get("data", {})
    }
    assert held == {str(it) for it in {1, 2, 3} - missing}
    wanted = undo(program, 1)
    assert (there(program, wanted) == wanted) is (1 not in missing)


def counted(lab, most, counts):
    """What our arithmetic says of the quota's object counts, at rest and while an update runs."""
    plan = lab.plan(level(1), Program(lab, most, counts).stack)
    return {
        it.resource: it
        for it in capacity(plan, most).quotas
        if it.resource in ("count/configmaps", "count/secrets")
    }


@pytest.mark.parametrize("most", [0, 2])
def test_a_quota_of_exactly_what_we_compute_holds_every_update_and_counts_as_we_do(lab, most):
    plenty = {"configmaps": 99, "secrets": 99}
    ours = counted(lab, most, plenty)
    program = Program(lab, most, {name: int(ours[f"count/{name}"].peak) for name in plenty})

    def used(moment):
        wanted = {name: getattr(it, moment) for name, it in ours.items()}
        wait_until_counted(lab, lab.namespace, wanted)

    filled = range(1, most + 2)
    updates(program, *filled)
    used("rest")
    for number in (most + 2, most + 3):
        program.up(level(number), {"it-PIN": f"pin {number}"}, lambda: used("peak"))
    used("rest")


@pytest.mark.parametrize("short", ["configmaps", "secrets"])
def test_a_quota_of_one_less_refuses_the_first_update_with_a_full_history(lab, short):
    ours = counted(lab, 1, {"configmaps": 99, "secrets": 99})
    counts = {
        name: int(ours[f"count/{name}"].peak) - (name == short)
        for name in ("configmaps", "secrets")
    }
    program = Program(lab, 1, counts)
    updates(program, 1, 2)
    wait_until_counted(lab, lab.namespace, {name: it.rest for name, it in ours.items()})
    with pytest.raises(ApiError, match=f"exceeded quota.*count/{short}"):
        updates(program, 3)


def test_an_earlier_version_cannot_be_changed(program):
    updates(program, 1, 2)
    for kind in ("configmaps", "secrets"):
        for name, it in program.objects(kind).items():
            if not it.get("immutable"):
                continue
            path = f"/api/v1/namespaces/{program.lab.namespace}/{kind}/{name}"
            with pytest.raises(ApiError, match="immutable"):
                program.lab.api.request("PATCH", path, {"data": {"LEVEL": "eA=="}}, MERGE)


def test_going_back_to_what_was_is_the_object_that_was(program):
    updates(program, 1, 2)
    before = {name: it["metadata"]["uid"] for name, it in program.objects("configmaps").items()}
    updates(program, 1)
    after = {name: it["metadata"]["uid"] for name, it in program.objects("configmaps").items()}
    assert after == before
