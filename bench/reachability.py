"""What `./aks reachability` costs on manifests of any size: shut up by policies, or all open.

1,000 workloads with their policies are held to 5 s and 1 GiB (issue 6). The open cluster has few policies and three
million connections: what it costs is their output.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.bounds import Figure
from bench.process import Cost

WORKLOADS: Final = 1_000
SECONDS: Final = 5.0
PEAK_MIB: Final = 1_024.0
SHUT, OPEN = "policies", "open"

_TEAM: Final = 20
"""Workloads a namespace."""

_PEERS: Final = 3
"""Workloads that one calls."""


def write(path: Path, count: int, kind: str) -> None:
    """Write a file of `count` workloads: `policies` has one for each and a default-deny a namespace, `open` none."""
    documents = _shut(count) if kind == SHUT else _workloads(count)
    path.write_text("---\n".join(documents), encoding="utf-8")


def figures(costs: dict[str, Cost]) -> Iterator[Figure]:
    """CPU time and memory of both kinds beside their bounds."""
    for kind, cost in costs.items():
        name = f"reachability of {WORKLOADS:,} workloads, {kind}"
        yield Figure(name=f"{name}, seconds", measured=cost.cpu_seconds, bound=SECONDS)
        yield Figure(name=f"{name}, peak MiB", measured=cost.peak_mib, bound=PEAK_MIB)


def _shut(count: int) -> Iterator[str]:
    yield from _workloads(count)
    for number in range(0, count, _TEAM):
        yield (
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            f"metadata: {{name: default-deny, namespace: {_team(number)}}}\n"
            "spec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n"
        )
    called = [
        [(number * 7 + step * 13 + 1) % count for step in range(_PEERS)] for number in range(count)
    ]
    calling: list[list[int]] = [[] for _ in range(count)]
    for number, others in enumerate(called):
        for other in others:
            calling[other].append(number)
    for number in range(count):
        yield _policy(number, called[number], calling[number])


def _policy(number: int, called: list[int], calling: list[int]) -> str:
    lines = [
        "apiVersion: networking.k8s.io/v1",
        "kind: NetworkPolicy",
        f"metadata: {{name: w{number}, namespace: {_team(number)}}}",
        "spec:",
        f"  podSelector: {{matchLabels: {{app: w{number}}}}}",
    ]
    for direction, key, peers in (("egress", "to", called), ("ingress", "from", calling)):
        if not peers:
            lines += [f"  {direction}: [{{ports: [{{port: 9}}]}}]"]
            continue
        lines += [f"  {direction}:", f"  - {key}:"]
        for it in peers:
            lines += [
                f"    - namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {_team(it)}}}}}",
                f"      podSelector: {{matchLabels: {{app: w{it}}}}}",
            ]
        if key == "from":
            lines += [f"    - ipBlock: {{cidr: 10.{number % 256}.0.0/16}}"]
        lines += ["    ports:", "    - port: 8080"]
    return "\n".join(lines) + "\n"


def _workloads(count: int) -> Iterator[str]:
    for number in range(count):
        yield (
            "apiVersion: apps/v1\nkind: Deployment\n"
            f"metadata:\n  name: w{number}\n  namespace: {_team(number)}\n"
            "spec:\n  template:\n    metadata:\n      labels:\n"
            f"        app: w{number}\n        tier: {'ab'[number % 2]}\n"
            "    spec:\n      containers:\n      - name: app\n        image: registry.example/app\n"
            "        ports:\n        - name: http\n          containerPort: 8080\n"
        )


def _team(number: int) -> str:
    return f"team-{number // _TEAM:03d}"
