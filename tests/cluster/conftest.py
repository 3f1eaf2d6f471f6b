"""Control planes for the tests: one a stack for the whole session, one a module for tests that change an estate."""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from settings.load import load
from tests.cluster.control_plane import programs as binaries
from tests.cluster.estate import ROOT, Estate, apply, moved, running
from tests.cluster.lab import Lab
from tests.program import STACKS

MINORS = "AKS_CLUSTER_KUBERNETES"
"""Environment variable: the Kubernetes minors to run on, `1.35,1.36`; without it that of the stacks."""

REQUIRED = "AKS_CLUSTER_REQUIRED"
"""Environment variable: set by `./aks test --cluster`, under which a control plane that cannot be had fails."""

_NUMBERS = itertools.count()


def minors() -> list[str]:
    asked = os.environ.get(MINORS) or load(ROOT, STACKS[0]).cluster.kubernetes_version
    return asked.split(",")


@pytest.fixture(scope="session", params=minors())
def kubernetes(request: pytest.FixtureRequest) -> str:
    """A Kubernetes minor."""
    return str(request.param)


@pytest.fixture(scope="session")
def programs(kubernetes: str):
    """The folder of the programs of that minor."""
    reason = binaries.hindrance(kubernetes)
    if reason and not os.environ.get(REQUIRED):
        pytest.skip(f"tests/cluster: no control plane: {reason}")
    return binaries.find(kubernetes, print)


@pytest.fixture(scope="session")
def estates(programs, tmp_path_factory) -> Iterator[Callable[[str], Estate]]:
    """Gives the estate of a stack, applied and available, on a control plane that the session shares."""
    with ExitStack() as ends:
        started: dict[str, Estate] = {}

        def estate(stack: str) -> Estate:
            if stack not in started:
                folder = tmp_path_factory.mktemp("render") / "out"
                started[stack] = ends.enter_context(running(programs, stack, folder))
                started[stack].apply()
                started[stack].wait()
            return started[stack]

        yield estate


@pytest.fixture(params=STACKS)
def estate(request, estates) -> Estate:
    """Each stack; a test leaves it as it found it."""
    return estates(request.param)


@pytest.fixture
def prod(estates) -> Estate:
    """The stack with replicas, zones and volumes."""
    return estates("prod")


@pytest.fixture(scope="module", params=STACKS)
def spare(request, programs, tmp_path_factory) -> Iterator[Estate]:
    """Each stack on a control plane of its module's own, with nothing applied yet."""
    folder = tmp_path_factory.mktemp("render") / "out"
    with running(programs, request.param, folder) as estate:
        yield estate


@pytest.fixture(scope="session")
def lab_estate(programs, tmp_path_factory) -> Iterator[Estate]:
    """A control plane with the nodes of `prod` and nothing on them, for every `lab` of the session."""
    folder = tmp_path_factory.mktemp("render") / "out"
    with running(programs, "prod", folder) as estate:
        yield estate


@pytest.fixture
def lab(lab_estate, namespace, tmp_path) -> Lab:
    """A namespace of the test's own for workloads of its own."""
    return Lab(lab_estate, namespace, tmp_path)


@pytest.fixture
def namespace(request) -> str:
    """A name for a namespace of the test's own; the one before may still be on its way out."""
    words = re.sub(r"[^a-z0-9]+", "-", request.node.originalname.lower())[:40].strip("-")
    return f"{words}-{next(_NUMBERS)}"


@pytest.fixture
def copied(prod, namespace):
    """Applies the tenant and some workloads of a namespace of prod into a new one; what was applied."""
    made = []

    def copied(old, *names, change=lambda _: None):
        wanted = []
        for it in moved(prod.manifests, old, namespace):
            labels = it["metadata"].get("labels", {})
            if labels.get("app.kubernetes.io/name") in names or it["kind"] in (
                "Namespace",
                "LimitRange",
                "Secret",
            ):
                wanted.append(it)
        for it in wanted:
            change(it)
            apply(prod.api, it)
        made.append(wanted[0])
        return wanted

    yield copied
    for it in made:
        prod.api.request("DELETE", prod.api.path(it))
