"""A stack on a control plane: rendered as `./aks render` does, applied in order, with what a cloud would add."""

import copy
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from review.plan import Plan
from review.rendering.stack import render
from settings.load import load
from settings.stack import Settings
from tests.cluster.control_plane.client import MERGE, Api, ApiError
from tests.cluster.control_plane.nodes import Node, pool
from tests.cluster.control_plane.plane import ControlPlane
from tests.cluster.crds import ALL as CRDS
from tests.program import planned

ROOT = Path(__file__).parents[2]
HOLD = {"aks-platform-tests/hold": "true"}
"""Annotation of a pod that the fake kubelet never starts, as if its image could not be pulled."""

TIMES = "AKS_CLUSTER_TIMES"
"""Environment variable: the file that hears how long each control plane took to start."""

Manifest = dict[str, Any]
_KINDS = {"deployments": "apps", "statefulsets": "apps", "daemonsets": "apps", "jobs": "batch"}
_APPLY_TRIES = 40


class Estate:
    """The objects of a stack on a running control plane."""

    def __init__(self, plane: ControlPlane, stack: str, manifests: list[Manifest]) -> None:
        """Keep what was rendered of `stack`, in apply order."""
        self.plane, self.stack, self.manifests = plane, stack, manifests

    @property
    def api(self) -> Api:
        """The API server, as administrator."""
        return self.plane.api

    @cached_property
    def settings(self) -> Settings:
        """The stack's settings."""
        return load(ROOT, self.stack)

    @cached_property
    def plan(self) -> Plan:
        """What the program registers for the stack."""
        return planned(self.stack)

    def of_kind(self, *kinds: str) -> list[Manifest]:
        """Rendered objects of some kinds."""
        return [it for it in self.manifests if it["kind"] in kinds]

    def apply(self) -> list[Manifest]:
        """Apply everything in order, strictly; the answers. Raise ApiError at the first refusal."""
        answers = [apply(self.api, it) for it in self.manifests]
        self._play_the_cloud()
        return answers

    def controllers(self, kind: str, namespace: str = "") -> list[Manifest]:
        """Live `deployments`, `statefulsets`, `daemonsets` or `jobs` of one namespace or of all of the stack."""
        spaces = [namespace] if namespace else [*self.settings.namespaces]
        return [
            it
            for space in spaces
            for it in self.api.items(f"/apis/{_KINDS[kind]}/v1/namespaces/{space}/{kind}")
        ]

    def pods(self, namespace: str = "") -> list[Manifest]:
        """Live pods that have not ended."""
        spaces = [namespace] if namespace else [*self.settings.namespaces]
        found = [
            it for space in spaces for it in self.api.items(f"/api/v1/namespaces/{space}/pods")
        ]
        return [it for it in found if it["status"].get("phase") not in ("Succeeded", "Failed")]

    def wait(self) -> None:
        """Until every controller has what it wants."""
        self.plane.wait_for(f"{self.stack} to be available", lambda: not self.unavailable(), 90)

    def unavailable(self) -> list[str]:
        """Controllers that are not there yet, with what they have."""
        found = []
        scaled = {
            (it["metadata"]["namespace"], it["spec"]["scaleTargetRef"]["name"]): it["spec"][
                "minReplicas"
            ]
            for it in self.of_kind("HorizontalPodAutoscaler")
        }
        for kind in _KINDS:
            for it in self.controllers(kind):
                metadata, spec, status = it["metadata"], it["spec"], it.get("status", {})
                least = scaled.get((metadata["namespace"], metadata["name"]), 0)
                if not _is_available(kind, metadata, spec, status, least):
                    found.append(f"{kind} {metadata['name']}: {status}")
        return found

    def _play_the_cloud(self) -> None:
        """Give a volume to each claim and an address to each load balancer."""
        for claim in self.of_kind("StatefulSet"):
            for template in claim["spec"].get("volumeClaimTemplates", ()):
                self._volume(claim, template)
        for claim in self.of_kind("PersistentVolumeClaim"):
            self._volume(None, claim)
        for service in self.of_kind("Service"):
            if service["spec"].get("type") == "LoadBalancer":
                status = {"loadBalancer": {"ingress": [{"ip": "203.0.113.10"}]}}
                self.api.request(
                    "PATCH", f"{self.api.path(service)}/status", {"status": status}, MERGE
                )

    def _volume(self, owner: Manifest | None, claim: Manifest) -> None:
        name = claim["metadata"]["name"]
        namespace = (owner or claim)["metadata"]["namespace"]
        if owner:
            name = f"{name}-{owner['metadata']['name']}-0"
        spec = claim["spec"]
        volume = {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": f"{namespace}-{name}"},
            "spec": {
                "capacity": spec["resources"]["requests"],
                "accessModes": spec["accessModes"],
                "storageClassName": spec.get("storageClassName", ""),
                "claimRef": {"namespace": namespace, "name": name},
                "hostPath": {"path": "/none"},
            },
        }
        self.api.apply(volume)


def _is_available(
    kind: str, metadata: Manifest, spec: Manifest, status: Manifest, least: int
) -> bool:
    if kind == "jobs":
        return any(
            it["type"] == "Complete" and it["status"] == "True"
            for it in status.get("conditions", ())
        )
    if status.get("observedGeneration") != metadata["generation"]:
        return False
    if kind == "daemonsets":
        wanted = status["desiredNumberScheduled"]
        return wanted > 0 and status.get("numberAvailable") == wanted
    wanted = spec.get("replicas", 1)
    return (
        wanted >= least
        and status.get("availableReplicas", 0) == wanted
        and status.get("updatedReplicas", 0) == wanted
        and status.get("replicas") == wanted
    )


def apply(api: Api, manifest: Manifest) -> Manifest:
    """Apply one object; a kind whose CRD was made a moment ago, or a namespace without its default account, may
    need a second."""
    for left in range(_APPLY_TRIES, 0, -1):
        try:
            answer: Manifest = api.apply(manifest)
            return answer
        except ApiError as error:
            if error.code != 404 or left == 1:
                raise
            time.sleep(0.1)
    raise AssertionError


def rendered(stack: str, folder: Path) -> list[Manifest]:
    """The objects that `./aks render` writes for `stack`, in the order of its files."""
    render(ROOT, stack, folder, "json")
    files = sorted(folder.rglob("*.json"))
    return [it for path in files for it in json.loads(path.read_text())["items"]]


def nodes_of(stack: str, size: str) -> list[Node]:
    """All nodes of the stack's pools, each pool at its `min` or `max`."""
    settings, found = load(ROOT, stack), []
    for row in planned(stack).outputs["nodePools"]:
        given = settings.node_pools.get(row["name"])
        zones = given.zones if given else settings.cluster.bootstrap_pool.zones
        found += pool(
            row["name"],
            int(row[size]),
            system=row["mode"] == "System",
            zones=zones,
            cpu=row["cpu"],
            memory=row["memory"],
        )
    return found


@contextmanager
def running(programs: Path, stack: str, folder: Path, size: str = "min") -> Iterator[Estate]:
    """A control plane of its own with the nodes and the CRDs that `stack` needs, and nothing applied yet."""
    manifests = rendered(stack, folder)
    with ControlPlane(programs, nodes_of(stack, size)) as plane:
        if path := os.environ.get(TIMES):
            with Path(path).open("a") as file:
                file.write(f"{plane.start_seconds:.1f}\n")
        for crd in CRDS:
            plane.api.apply(crd)
        for name in sorted(_storage_classes(manifests)):
            storage = {
                "apiVersion": "storage.k8s.io/v1",
                "kind": "StorageClass",
                "metadata": {"name": name},
                "provisioner": "disk.csi.azure.com",
                "volumeBindingMode": "WaitForFirstConsumer",
            }
            plane.api.apply(storage)
        for crd in CRDS:
            plane.wait_for(crd["metadata"]["name"], _established(plane.api, crd))
        yield Estate(plane, stack, manifests)


def _storage_classes(manifests: list[Manifest]) -> set[str]:
    claims = [it for it in manifests if it["kind"] == "PersistentVolumeClaim"]
    for it in manifests:
        claims += it["spec"].get("volumeClaimTemplates", []) if it["kind"] == "StatefulSet" else []
    return {it["spec"]["storageClassName"] for it in claims if "storageClassName" in it["spec"]}


def _established(api: Api, crd: Manifest) -> Callable[[], bool]:
    def holds() -> bool:
        version = f"{crd['spec']['group']}/{crd['spec']['versions'][0]['name']}"
        return api.get(f"/apis/{version}/{crd['spec']['names']['plural']}")["items"] == []

    return holds


def moved(manifests: list[Manifest], old: str, new: str) -> list[Manifest]:
    """Copies of the objects of namespace `old` for a namespace `new`; node ports, which a cluster has once, go."""
    found = []
    for it in copy.deepcopy(manifests):
        metadata = it["metadata"]
        if it["kind"] == "Namespace" and metadata["name"] == old:
            metadata["name"] = new
        elif metadata.get("namespace") == old:
            metadata["namespace"] = new
        else:
            continue
        if it["kind"] == "Service":
            for port in it["spec"].get("ports", ()):
                port.pop("nodePort", None)
        found.append(it)
    return found


def one(manifests: list[Manifest], kind: str, name: str = "") -> Manifest:
    """The first object of a kind, of that name if one is given; raise StopIteration where there is none."""
    return next(
        it for it in manifests if it["kind"] == kind and name in ("", it["metadata"]["name"])
    )
