"""Our Pod Security against the API server's own: generated pods of every control, level and version, one by one."""

import copy
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from review.analyses.pod_security import pods_in as pod_security_of
from settings import pod_fields, pod_security
from settings import pod_security_baseline as baseline
from settings import pod_security_restricted as restricted
from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import apply
from tests.cluster.pods import CAPABILITIES, RESTRICTED, ephemeral_containers, pods, singles
from tests.cluster.refusals import said

PODS = 2800
"""Each is asked about at both levels, so there are twice as many verdicts."""

CONTROLLERS = 300
RUNNING = 200
MOST_INVALID = 0.03
LEVELS = ("baseline", "restricted")
OLD = (0, 7, 8, 18, 19, 21, 22, 23)
"""Minors beside those that are still run, at which a control changes."""

LABEL = "pod-security.kubernetes.io"
QUICK = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
}


@dataclass(frozen=True)
class Answer:
    """What the server said of one pod."""

    metadata: dict
    spec: dict
    level: str
    minor: int
    said: tuple
    """Reason, and containers and volumes named, of each control; in the server's order."""


class Server:
    """Asks for verdicts, and keeps the answers."""

    def __init__(self, api, minor):
        self.api, self.minor = api, minor
        self.minors = [*OLD, *range(24, minor + 1)]
        self.answers, self.invalid, self.failure = [], [], None
        self._threads = ThreadPoolExecutor(len(LEVELS))

    def namespace(self, level, minor):
        return f"level-{level}-{minor}"

    def verdicts(self, minor, path, body, pod, method="POST"):
        """Both levels at once; what is invalid is noted, and has no answer."""
        asked = [(level, minor, path, body, pod, method) for level in LEVELS]
        answers = [it for it in self._threads.map(lambda it: self._verdict(*it), asked) if it]
        self.answers += answers
        return answers

    def _verdict(self, level, minor, path, body, pod, method):
        namespace = self.namespace(level, minor)
        text = ""
        try:
            self.api.request(
                method,
                path.format(namespace=namespace) + "?dryRun=All",
                body | {"metadata": body["metadata"] | {"namespace": namespace}},
                "application/json" if method == "POST" else "application/strategic-merge-patch+json",
            )  # fmt: skip
        except ApiError as error:
            if error.code == 422:
                self.invalid.append(error.message)
                return None
            if error.code != 403 or "violates PodSecurity" not in error.message:
                raise
            text = error.message
        number = self.minor if minor == "latest" else minor
        return Answer(pod.get("metadata", {}), pod["spec"], level, number, said(text, pod["spec"]))


def ours(metadata, spec, level, minor):
    """The same of our own verdict."""
    reasons = {it.id: it.reason for it in pod_security.CONTROLS}
    found = {}
    for it in pod_security.violations(metadata, spec, level, minor):
        found.setdefault(it.control, []).append(it)
    return tuple(
        (
            reasons[control],
            frozenset()
            if any(it.path.startswith("metadata") for it in rows)
            else frozenset(it.who for it in rows if it.who),
        )
        for control, rows in found.items()
    )


def difference(answer):
    """Our verdict and the server's where they are not the same."""
    own = ours(answer.metadata, answer.spec, answer.level, answer.minor)
    return None if own == answer.said else (own, answer.said)


@pytest.fixture(scope="module")
def server(lab_estate, kubernetes):
    """A namespace for each level and version, with a pod that allows ephemeral containers and one that violates."""
    api, made = lab_estate.api, []
    found = Server(api, int(kubernetes.partition(".")[2]))
    for level in LEVELS:
        for minor in (*found.minors, "latest"):
            name = found.namespace(level, minor)
            made.append(name)
            apply(api, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    for name in made:
        account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
        lab_estate.plane.wait_for("the default service account", lambda path=account: api.get(path))
        for pod in STANDING.values():
            api.request("POST", f"/api/v1/namespaces/{name}/pods", pod)
    for level in LEVELS:
        for minor in (*found.minors, "latest"):
            version = minor if minor == "latest" else f"v1.{minor}"
            labels = {
                f"{LABEL}/enforce": level, f"{LABEL}/enforce-version": version,
                f"{LABEL}/warn": level, f"{LABEL}/warn-version": version,
            }  # fmt: skip
            name = found.namespace(level, minor)
            metadata = {"name": name, "labels": labels}
            apply(api, {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    bad = bare("probe", hostNetwork=True)
    for name in made:
        lab_estate.plane.wait_for("the level", lambda name=name: refused(api, name, bad))
    yield found
    for name in made:
        api.request("DELETE", f"/api/v1/namespaces/{name}")


def bare(name, **spec):
    container = {"name": "c-0", "image": "it", **spec.pop("container", {})}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "containers": [container],
            "schedulingGates": [{"name": "example.org/never"}],
            "terminationGracePeriodSeconds": 0,
            **spec,
        },
    }


STANDING = {
    "good": bare("good", container={"securityContext": RESTRICTED}),
    "bad": bare("bad", hostPID=True),
}
"""Pods that are there before their namespace has a level."""


def refused(api, namespace, pod):
    try:
        api.request("POST", f"/api/v1/namespaces/{namespace}/pods?dryRun=All", pod)
    except ApiError as error:
        return error.code == 403
    return False


def asked(server, strategy, count, ask):
    """Ask of `count` generated things until a verdict is another than ours; raises what hypothesis makes of it."""

    @hypothesis(max_examples=count, **QUICK)
    @given(strategy, st.sampled_from((*server.minors, server.minor, "latest")))
    def run(thing, minor):
        for answer in ask(thing, minor):
            assert difference(answer) is None, (answer.level, minor)

    run()


@pytest.fixture(scope="module")
def answers(server):
    """Every answer about generated pods, and how the comparison ended."""

    def ask(pod, minor):
        return server.verdicts(minor, "/api/v1/namespaces/{namespace}/pods", pod, pod)

    try:
        for pod, minors in singles():
            for minor in minors:
                for answer in ask(pod, minor):
                    assert difference(answer) is None, (answer, difference(answer))
        asked(server, pods(), PODS, ask)
    except BaseException as error:
        server.failure = error
    return [*server.answers]


def test_every_generated_pod_gets_the_verdict_of_the_api_server(server, answers, record_property):
    if server.failure:
        raise server.failure

    refused = sum(bool(it.said) for it in answers)
    invalid = len(server.invalid)
    record_property("verdicts on pods", f"{len(answers)}, {refused} refused; {invalid} invalid")
    assert len(answers) >= 2 * PODS * (1 - MOST_INVALID)
    assert 0.2 < refused / len(answers) < 0.9
    assert invalid <= MOST_INVALID * len(answers), set(server.invalid)


def steps(controls):
    """Every control, and every minor at which its rule changes."""
    return [(it.id, since) for it in controls for since, _ in it.since]


@contextmanager
def without(control, since):
    """Our rules without what `control` is from `since` on, as if nobody had written it."""
    kept = []
    for it in pod_security.CONTROLS:
        rest = tuple(row for row in it.since if (it.id, row[0]) != (control, since))
        if rest:
            kept.append(replace(it, since=rest))
    pod_security._rules.cache_clear()
    try:
        with patch.object(pod_security, "CONTROLS", tuple(kept)):
            yield
    finally:
        pod_security._rules.cache_clear()


@pytest.mark.parametrize(("control", "since"), steps(pod_security.CONTROLS))
def test_a_rule_that_is_missing_is_noticed(server, answers, control, since):
    if (
        since > server.minor
    ):  # no server of this minor knows it, and its rules are those of the newest it knows
        with without(control, since):
            assert all(difference(it) is None for it in answers)
        return

    with without(control, since):
        assert any(difference_without_reason(it) for it in answers)


def difference_without_reason(answer):
    """As `difference`; a control that is left out has no reason to compare, and that is one, too."""
    try:
        return difference(answer)
    except KeyError:
        return True


def weakened():
    """Rules of ours that each let one thing pass, by what they let pass."""
    for place, name, words in (
        (baseline, "CAPABILITIES", sorted(baseline.CAPABILITIES)),
        (restricted, "VOLUMES", restricted.VOLUMES),
        (baseline, "_PROBES", baseline._PROBES),
        (pod_fields, "LISTS", pod_fields.LISTS[:2]),
    ):
        whole = getattr(place, name)
        for word in words:
            others = type(whole)(it for it in whole if it != word)
            yield f"without {word if isinstance(word, str) else word[-1]}", place, name, others
    for name in ("NET_RAW", "SYS_TIME"):
        yield f"with {name}", baseline, "CAPABILITIES", baseline.CAPABILITIES | {name}
    yield "with Unconfined", baseline, "PROFILES", baseline.PROFILES | {"Unconfined"}


DRAWN = {f"without {it}" for it in baseline.CAPABILITIES - set(CAPABILITIES)}


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [pytest.param(*row, id=key) for key, *row in weakened() if key not in DRAWN],
)
def test_a_word_more_or_less_in_our_rules_is_noticed(answers, place, name, value):
    with patch.object(place, name, value):
        assert any(difference(it) for it in answers)


KINDS = {
    "PodTemplate": ("v1", "podtemplates"),
    "ReplicationController": ("v1", "replicationcontrollers"),
    "ReplicaSet": ("apps/v1", "replicasets"),
    "Deployment": ("apps/v1", "deployments"),
    "StatefulSet": ("apps/v1", "statefulsets"),
    "DaemonSet": ("apps/v1", "daemonsets"),
    "Job": ("batch/v1", "jobs"),
    "CronJob": ("batch/v1", "cronjobs"),
}


def controller(kind, pod):
    """An object of `kind` for such pods."""
    template = {
        "metadata": {**pod["metadata"], "labels": {"it": "it"}},
        "spec": copy.deepcopy(pod["spec"]),
    }
    if kind in ("Job", "CronJob"):
        template["spec"]["restartPolicy"] = "Never"
    spec = {"template": template}
    if kind == "ReplicationController":
        spec["selector"] = {"it": "it"}
    elif kind not in ("Job", "CronJob"):
        spec["selector"] = {"matchLabels": {"it": "it"}}
    if kind == "StatefulSet":
        spec["serviceName"] = "it"
    if kind == "CronJob":
        spec = {"schedule": "0 0 * * *", "jobTemplate": {"spec": spec}}
    body = {"template": template} if kind == "PodTemplate" else {"spec": spec}
    version = KINDS[kind][0]
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "it"}, **body}


def test_every_kind_of_workload_is_warned_of_as_we_say(server, record_property):
    count = 0

    @hypothesis(max_examples=CONTROLLERS, **QUICK)
    @given(pods(), st.sampled_from([*KINDS]), st.sampled_from(LEVELS), st.sampled_from(server.minors))  # fmt: skip
    def run(pod, kind, level, minor):
        nonlocal count
        if pod["spec"].get("hostNetwork"):
            # Of templates alone the server leaves out the host ports that their pods get.
            for it in (*pod["spec"]["containers"], *pod["spec"].get("initContainers", ())):
                it.pop("ports", None)
        version, plural = KINDS[kind]
        base = "/api/v1" if version == "v1" else f"/apis/{version}"
        body = controller(kind, pod)
        path = f"{base}/namespaces/{server.namespace(level, minor)}/{plural}?dryRun=All"
        try:
            server.api.request("POST", path, body)
        except ApiError as error:
            if error.code != 422:
                raise
            return
        [*heard] = [it for it in server.api.warnings if "would violate PodSecurity" in it]
        text = heard[0].partition(" ")[2].partition(" ")[2].strip('"') if heard else ""
        [(metadata, spec, _)] = pod_security_of(body)
        own = ours(metadata, spec, level, minor)
        assert own == said(text.replace('\\"', '"'), spec), (kind, level, minor)
        count += 1

    run()
    record_property("warnings of controllers", str(count))
    assert count >= CONTROLLERS * (1 - 2 * MOST_INVALID)


def test_every_ephemeral_container_gets_the_verdict_of_the_api_server(server, record_property):
    count = 0

    def ask(drawn, minor):
        nonlocal count
        name, containers = drawn
        pod = copy.deepcopy(STANDING[name])
        pod["spec"]["ephemeralContainers"] = containers
        path = f"/api/v1/namespaces/{{namespace}}/pods/{name}/ephemeralcontainers"
        body = {"metadata": {"name": name}, "spec": {"ephemeralContainers": containers}}
        found = server.verdicts(minor, path, body, pod, "PATCH")
        count += len(found)
        return found

    asked(server, st.tuples(st.sampled_from([*STANDING]), ephemeral_containers()), RUNNING, ask)
    record_property("verdicts on ephemeral containers", str(count))
    assert count >= 2 * RUNNING * (1 - MOST_INVALID)
