"""Our LimitRange and ResourceQuota admission against the API server's own, on generated namespaces."""

import itertools
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis

from review.analyses import admission, pod_amounts, quotas
from review.analyses.admission import Bounds
from settings.quantity import amount
from tests.cluster.bounded import EDGES, OVERHEAD, PRIORITIES, cases
from tests.cluster.control_plane.client import MERGE, ApiError

NAMESPACES = 220
CHARGED = 20
MOST_INVALID = 0.15
_LIMIT = re.compile(
    r"(minimum|maximum) (\S+) usage per (\w+) is|([^\s[]+) max limit to request ratio per (\w+) is"
)
_EXCEEDED = re.compile(r"exceeded quota: (\S+), requested: (\S+), used: (\S+), limited: (\S+)")
_LACKING = re.compile(r"failed quota: (\S+): must specify (.+)$")


@dataclass(frozen=True)
class Case:
    """One namespace and what the server said of each object that asked to come in."""

    limit_ranges: list
    quotas: list
    used: dict
    answers: list
    """The object, and the one the server would store or how it refuses."""


def generated(count):
    found = []

    @hypothesis(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def collect(case):
        found.append(case)

    collect()
    return found


@pytest.fixture(scope="module")
def api(lab_estate):
    """With what pods refer to."""
    for value, name in enumerate(PRIORITIES):
        it = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": value}
        lab_estate.api.apply({**it, "metadata": {"name": name}})
    heavy = {
        "apiVersion": "node.k8s.io/v1",
        "kind": "RuntimeClass",
        "metadata": {"name": "heavy"},
        "handler": "heavy",
        "overhead": {"podFixed": OVERHEAD},
    }
    lab_estate.api.apply(heavy)
    yield lab_estate.api
    for path in ("scheduling.k8s.io/v1/priorityclasses/gold", "scheduling.k8s.io/v1/priorityclasses/silver",
                 "node.k8s.io/v1/runtimeclasses/heavy"):  # fmt: skip
        lab_estate.api.request("DELETE", f"/apis/{path}")


_NUMBERS = itertools.count()


class Spaces:
    """Namespaces with bounds, made many at a time: each waits for controllers."""

    def __init__(self, estate):
        self.estate, self.made = estate, []
        self.invalid = []

    def make(self, drawn):
        """A namespace for each case with what is valid of its bounds; its name, LimitRanges and quotas."""
        with ThreadPoolExecutor(4) as threads:
            found = [*threads.map(self._make, drawn)]
            [*threads.map(self._wait, found)]
            [*threads.map(self._use, found, drawn)]
        time.sleep(1)  # until the caches of the server have it all
        return found

    def _make(self, case):
        name = f"bounded-{next(_NUMBERS)}"
        api = self.estate.api
        api.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        self.made.append(name)
        kept = []
        limits, given, _ = case
        for it in (*limits, *(quota for quota, _ in given)):
            plural = "limitranges" if it["kind"] == "LimitRange" else "resourcequotas"
            try:
                api.request("POST", f"/api/v1/namespaces/{name}/{plural}", it)
                kept.append(it)
            except ApiError as error:
                if error.code != 422:
                    raise
                self.invalid.append(error.message)
        return (
            name,
            [it for it in kept if it["kind"] == "LimitRange"],
            [it for it in kept if it["kind"] == "ResourceQuota"],
        )

    def _wait(self, space):
        name, _, given = space
        api, wait = self.estate.api, self.estate.plane.wait_for
        inside = f"/api/v1/namespaces/{name}"
        wait("the account", lambda: api.get(f"{inside}/serviceaccounts/default"))
        for it in given:
            path = f"{inside}/resourcequotas/{it['metadata']['name']}"
            wait("the quota", lambda path=path, it=it: _counts(api.get(path), it))

    def _use(self, space, case):
        name, _, given = space
        kept = {it["metadata"]["name"] for it in given}
        for it, used in case[1]:
            quota = it["metadata"]["name"]
            if quota in kept:
                path = f"/api/v1/namespaces/{name}/resourcequotas/{quota}/status"
                body = {"status": {"used": used}}
                self.estate.api.request("PATCH", path, body, MERGE)

    def close(self):
        for name in self.made:
            self.estate.api.request("DELETE", f"/api/v1/namespaces/{name}")


def _counts(live, quota):
    """Whether the controller has counted: its own objects of every namespace are there by then."""
    status = live.get("status", {})
    return {*quota["spec"]["hard"]} == {*status.get("used", {})} == {*status.get("hard", {})}


@pytest.fixture(scope="module")
def spaces(lab_estate, api):  # noqa: ARG001
    found = Spaces(lab_estate)
    yield found
    found.close()


PLURALS = {
    "Pod": "pods",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "Service": "services",
    "ConfigMap": "configmaps",
    "Deployment": "deployments",
}


def create(api, namespace, manifest, query="?dryRun=All"):
    """The stored object, or how it is refused."""
    base = "/apis/apps/v1" if manifest["kind"] == "Deployment" else "/api/v1"
    path = f"{base}/namespaces/{namespace}/{PLURALS[manifest['kind']]}{query}"
    try:
        return api.request("POST", path, manifest)
    except ApiError as error:
        if error.code not in (403, 422):
            raise
        return refusal(error)


def refusal(error):
    """Who refuses, and what of the words can be compared."""
    if error.code == 422:
        return ("validation",)
    if found := _EXCEEDED.search(error.message):
        return ("ResourceQuota", found[1], *(_row(it) for it in found.groups()[1:]))
    if found := _LACKING.search(error.message):
        keys = frozenset(it.partition(" for: ")[0].strip() for it in found[2].split(";"))
        return ("ResourceQuota", found[1], keys)
    limits = frozenset(
        (it[0], it[1], it[2]) if it[0] else ("ratio", it[3], it[4])
        for it in _LIMIT.findall(error.message)
    )
    assert limits, error.message
    return ("LimitRange", limits)


def _row(text):
    pairs = (it.rpartition("=") for it in text.split(","))
    return {name: amount(value) for name, _, value in pairs}


@pytest.fixture(scope="module")
def recorded(spaces, api):
    """Every namespace with its answers."""
    drawn = [*EDGES, *generated(NAMESPACES)]
    made = spaces.make(drawn)

    def ask(space, case):
        name, limits, given = space
        used = {
            quota["metadata"]["name"]: {key: amount(it) for key, it in of.items()}
            for quota, of in case[1]
        }
        answers = [(it, create(api, name, with_overhead(it))) for it in case[2]]
        return Case(limits, given, used, answers)

    with ThreadPoolExecutor(2) as threads:
        return [*threads.map(ask, made, drawn)]


def with_overhead(manifest):
    """As the server makes a pod of a runtime class."""
    if manifest["kind"] == "Pod" and manifest["spec"].get("runtimeClassName"):
        return {**manifest, "spec": {**manifest["spec"], "overhead": OVERHEAD}}
    return manifest


def differences(case):
    bounds = Bounds(case.limit_ranges, case.quotas, case.used)
    for manifest, said in case.answers:
        ours = bounds.admit(with_overhead(manifest))
        if difference(ours, said):
            yield manifest, said, ours.refusals, ours.object


def told(case, manifest, said, refusals, made):
    """A difference in full, for whoever has to find its reason."""
    rows = {
        "limit ranges": [it["spec"] for it in case.limit_ranges],
        "quotas": [it["spec"] for it in case.quotas],
        "used": case.used,
        "asked": manifest["spec"],
        "server": said if isinstance(said, tuple) else resources(said),
        "ours": refusals or resources(made),
    }
    return "\n".join(f"{name}: {it}" for name, it in rows.items())


def difference(ours, said):
    """Whether our answer is another than the server's."""
    if not isinstance(said, tuple):
        return not ours.allowed or resources(ours.object) != resources(said)
    own = [it for it in ours.refusals if it.by == said[0]]
    if not own or own[0].by != ours.refusals[0].by:
        return True
    if said[0] == "LimitRange":
        names = {it.name for it in own}
        return said[1] not in [
            frozenset((it.bound, it.resource, it.type) for it in own if it.name == name)
            for name in names
        ]
    if said[0] == "ResourceQuota":
        [found] = [it.exceeded for it in own if it.name == said[1]] or [None]
        if found is None:
            return True
        if len(said) == 3:
            return found.missing != said[2]
        return (found.requested, found.used, found.hard) != said[2:]
    return False


def resources(manifest):
    """Requests and limits of every container and of the pod, as amounts."""
    spec = manifest.get("spec", {})
    rows = [
        it
        for key in ("containers", "initContainers")
        for it in (spec.get(key, ()) if manifest["kind"] == "Pod" else ())
    ]
    holders = [*rows, {"resources": spec.get("resources") or {}}]
    return [
        {
            (side, key): amount(str(value)).quantize(Decimal("0.001"))
            for side in ("requests", "limits")
            for key, value in it.get("resources", {}).get(side, {}).items()
        }
        for it in holders
    ]


def test_every_generated_namespace_lets_in_what_the_api_server_does(
    recorded, spaces, record_property
):
    found = [told(case, *it) for case in recorded for it in differences(case)]

    answers = [said for case in recorded for _, said in case.answers]
    refused = {
        by: sum(isinstance(it, tuple) and it[0] == by for it in answers)
        for by in ("validation", "LimitRange", "ResourceQuota")
    }
    record_property(
        "verdicts of quotas and limit ranges",
        f"{len(answers)} in {len(recorded)} namespaces, {sum(refused.values())} refused {refused}",
    )
    assert not found, "\n\n".join(found[:3])
    assert min(refused["LimitRange"], refused["ResourceQuota"]) > len(answers) / 20
    assert refused["validation"] < MOST_INVALID * len(answers)
    assert len(spaces.invalid) < NAMESPACES / 20, set(spaces.invalid)


def _never(*_, **__):
    return iter(())


MUTATIONS = {
    "no default of a LimitRange": (admission, "_defaults", lambda _: {}),
    "no validation": (admission, "_invalid", _never),
    "no bounds": (admission, "_bounded", _never),
    "no bounds of claims": (admission, "_of_claim", _never),
    "no minimum": (admission, "_below", lambda *_: False),
    "no maximum": (admission, "_above", lambda *_: False),
    "every scope": (quotas, "_in_scope", lambda *_: True),
    "no affinity": (quotas, "_reaches_out", lambda _: False),
    "no best effort": (quotas, "is_best_effort", lambda _: False),
    "no resources of the pod": (pod_amounts, "OF_PODS", ()),
    "nothing of the pod filled in": (pod_amounts, "_fill_pod", lambda _: None),
    "a pod says nothing itself": (quotas, "has_own_resources", lambda _: False),
    "init containers for nothing": (pod_amounts, "_raise", lambda *_: None),
    "no compute": (quotas, "COMPUTE", ("cpu", "memory")),
    "no claims": (quotas, "_of_claims", lambda _: False),
    **{f"{it} may be missing": (quotas, "REQUIRED", quotas.REQUIRED - {it}) for it in sorted(quotas.REQUIRED)},
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_arithmetic_that_is_wrong_is_noticed(recorded, name):
    with patch.object(*MUTATIONS[name]):
        assert any(True for case in recorded for _ in differences(case))


@pytest.mark.parametrize("side", ["requests", "limits"])
def test_overhead_that_is_forgotten_is_noticed(recorded, side):
    whole = pod_amounts.pod_amounts

    def without(pod, *, overhead):
        requests, limits = whole(pod, overhead=overhead)
        bare = whole(pod, overhead=False)
        return (bare[0], limits) if side == "requests" else (requests, bare[1])

    with patch.object(quotas, "pod_amounts", without):
        assert any(True for case in recorded for _ in differences(case))


def test_what_is_let_in_is_charged_as_the_api_server_does(spaces, api, record_property):
    drawn = [case for case in generated(4 * CHARGED) if case[1]][:CHARGED]
    fresh = [(limits, [(it, {}) for it, _ in rows], asked) for limits, rows, asked in drawn]
    count = 0
    for (name, limits, rows), (_, _, asked) in zip(spaces.make(fresh), fresh, strict=True):
        inside = f"/api/v1/namespaces/{name}/resourcequotas"
        used = {it["metadata"]["name"]: counted(it) for it in api.items(inside)}
        bounds = Bounds(limits, rows, used)
        for index, it in enumerate(asked):
            wanted = with_overhead({**it, "metadata": {"name": f"it-{index}"}})
            if it["kind"] in ("Deployment", "Service"):
                continue  # their controllers, and the ports of the cluster, are not asked about here
            if it["kind"] == "Pod":
                gate = [{"name": "example.org/never"}]
                wanted = {**wanted, "spec": {**wanted["spec"], "schedulingGates": gate}}
            said = create(api, name, wanted, "")
            ours = bounds.admit(wanted)
            assert not difference(ours, said), told(
                Case(limits, rows, used, []), wanted, said, ours.refusals, ours.object
            )
            if ours.allowed:
                bounds.charge(ours)
                count += 1
        for it in api.items(inside):
            [quota] = [own for own in bounds._quotas if own.name == it["metadata"]["name"]]
            assert quota.used == counted(it), (it["spec"], asked)
    record_property("objects charged to quotas", str(count))
    assert count > CHARGED


def counted(quota):
    return {key: amount(value) for key, value in quota["status"].get("used", {}).items()}
