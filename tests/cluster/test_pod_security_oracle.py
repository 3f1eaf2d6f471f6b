"""Our Pod Security against the API server's own: generated pods of every control, level and version, one by one."""

import copy
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from settings import pod_security
from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import apply
from tests.cluster.pods import RESTRICTED, ephemeral_containers, pods

PODS = 1600
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


def said(text, spec):
    """Reasons in a refusal or warning, each with the containers and volumes that its detail names."""
    if not text:
        return ()
    _, _, rest = text.partition("PodSecurity ")
    rest = re.sub(r'^\\?"[^"]*": ', "", rest).replace('\\"', '"')
    found, depth, quoted, word = [], 0, False, ""
    for sign in rest:
        quoted ^= sign == '"'
        if not quoted:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign == "," and not depth:
                found.append(word)
                word = ""
                continue
        word += sign
    return tuple(_clause(it.strip(), names(spec)) for it in [*found, word])


def _clause(words, known):
    reason, _, detail = words.partition(" (")
    named = frozenset(re.findall(r'"([^"]*)"', detail)) & known
    reason = reason.replace("profiles", "profile")
    return reason, frozenset() if "annotation" in detail else named


def names(spec):
    return frozenset(
        it["name"]
        for key in ("containers", "initContainers", "ephemeralContainers", "volumes")
        for it in spec.get(key) or ()
    )


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
            namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}  # fmt: skip
            apply(api, namespace)
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
        asked(server, pods(), PODS, ask)
    except BaseException as error:
        server.failure = error
    return [*server.answers]


def test_every_generated_pod_gets_the_verdict_of_the_api_server(server, answers, capsys):
    if server.failure:
        raise server.failure

    refused = sum(bool(it.said) for it in answers)
    with capsys.disabled():
        print(
            f"\n{len(answers)} verdicts on pods: {refused} refused, {len(server.invalid)} invalid"
        )
    assert len(answers) >= 3000
    assert 0.2 < refused / len(answers) < 0.9
    assert len(server.invalid) <= MOST_INVALID * len(answers), set(server.invalid)
