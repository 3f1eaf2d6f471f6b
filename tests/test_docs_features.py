"""docs/features.md: every feature has a row, and every row leads to its explanation and to tests that are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.doc_blocks import without_code

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
ROW = re.compile(r"^\| (?P<cells>(?!feature )[^-].*) \|$", re.MULTILINE)
LINK = re.compile(r"\[(?P<words>[^\]]+)\]\((?!https?:)(?P<file>[^)#]*)(#(?P<heading>[^)]+))?\)")

FEATURES = {
    *("Deployment", "StatefulSet", "DaemonSet", "CronJob"),
    *("Job, indexed", "Job, parallel", "Job, per-index retry"),
    *("init container", "native sidecar", "start order: complete, started, healthy"),
    *("several containers", "ephemeral debug container"),
    *(
        f"{check} by {action}"
        for check in ("liveness", "readiness", "startup")
        for action in ("exec", "grpc", "httpGet", "tcpSocket")
    ),
    *("emptyDir on disk", "emptyDir in memory", "hostPath, reasoned", "ConfigMap", "Secret"),
    *("PersistentVolumeClaim and StorageClass", "CSI secrets at a path", "projected"),
    *("downward API", "values", "configuration", "secrets", "fields"),
    *("resources", "QoS class, shown", "node pool and nodeSelector", "node affinity"),
    *("pod affinity and anti-affinity", "topology spread", "tolerations", "priority class"),
    "rolling: surge, unavailable, minReadySeconds, progress deadline, history limit",
    *("recreate", "canary", "blue-green", "gray, stepwise", "rollback as a field"),
    "a config change rolls its readers alone",
    *("HPA v2: cpu, memory", "HPA behaviour", "HPA custom metrics", "PDB"),
    *("both checked against replicas", "ClusterIP", "headless", "NodePort"),
    *("LoadBalancer, internal or public", "sessionAffinity", "named targetPort"),
    *("externalTrafficPolicy", "imagePullSecrets", "dnsPolicy", "terminationGracePeriod"),
    *("preStop", "restartPolicy", "hostAliases", "service account per workload, token off"),
}
"""What a workload has to be able to say."""

TENANCY = {
    "namespace with a Pod Security level, version pinned",
    "computed level",
    "exception with reason and expiry",
    "pods that a level refuses, before they are deployed",
    "ResourceQuota: compute",
    "ResourceQuota: counts",
    "ResourceQuota: storage by class",
    "ResourceQuota: pods of a priority",
    "LimitRange: defaults",
    "LimitRange: min, max, ratio",
    "LimitRange: disk claims",
    "owner and cost annotations",
    "persona: viewer",
    "persona: deployer",
    "persona: debugger",
    "persona: operator",
    "personas bound to Entra groups",
    "custom role",
    "custom role, held to what the API serves",
    "a workload's own rights",
    "workload identity",
    "workload identity, shared",
    "workload identity, made elsewhere",
    "at most 20 federations an identity",
    "permissions computed and shown",
    "default-deny",
    "NetworkPolicies from declared connections, both sides",
    "addresses outside",
    "DNS",
    "LocalDNS",
    "traps of the network plugin",
    "hosts by name (FQDN)",
    "monitoring let in",
    "reachability computed and shown",
    "reachability held to a slow reading of the documentation",
    "quota and LimitRange admission, foretold",
    "quota at the peak of a rollout",
    "node pools at the peak of a rollout",
    "the cluster's own pods taken off each node",
    "bin packing",
}
"""What a tenant has to be able to say and what is computed of it."""


def rows():
    text = (ROOT / "docs/features.md").read_text()
    return [re.split(r"(?<!\\) \| ", it["cells"]) for it in ROW.finditer(text)]


@cache
def headings(page):
    """Anchors of a page as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", without_code(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in titles}


@cache
def functions(path):
    tree = ast.parse(path.read_text())
    return {it.name for it in tree.body if isinstance(it, ast.FunctionDef)}


def test_every_feature_has_a_row():
    assert (FEATURES | TENANCY) - {name for name, *_ in rows()} == set()


@pytest.mark.parametrize("row", rows(), ids=lambda it: it[0])
def test_a_row_leads_to_its_explanation_and_to_tests_that_are_there(row):
    _, written, explained, tests = row
    assert written
    assert LINK.search(explained), "nothing explains it"
    found = list(LINK.finditer(tests))
    assert found, "no test holds it"
    for link in found:
        name = link["words"].rpartition(": ")[2]
        path = (ROOT / "docs" / link["file"]).resolve()
        assert name.startswith("test_")
        assert name in functions(path), f"{link['file']} has no {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_every_link_to_a_heading_finds_it(page):
    missing = [
        f"{it['file']}#{it['heading']}"
        for it in LINK.finditer(without_code(page.read_text()))
        if it["heading"] and it["heading"] not in headings(target(page, it["file"]))
    ]
    assert missing == []


def target(page, file):
    return (page.parent / file).resolve() if file else page
