"""A small estate of a test's own workloads, in a namespace of its own on a control plane that the session shares."""

import copy
import json
from pathlib import Path
from typing import Any

import yaml

from review.plan import Plan
from review.planner import plan_stacks
from review.rendering.stack import render
from settings.load import load
from settings.stack import Settings
from tests.cluster.control_plane.client import MERGE
from tests.cluster.estate import Estate, Manifest, apply
from tests.settings.estate import ROOT

KEY = "aks-platform:settings"
PLENTY = {
    "requests": {"cpu": "64", "memory": "64Gi"},
    "limits": {"cpu": "64", "memory": "64Gi"},
    "pods": 200,
}
COUNTED = {"persistentVolumeClaims": 50, "nodePorts": 50, "loadBalancers": 50}
WORKLOAD = {
    "kind": "deployment",
    "pool": "wg1",
    "resources": {
        "requests": {"cpu": "10m", "memory": "16Mi"},
        "limits": {"cpu": "100m", "memory": "64Mi"},
    },
}


class Lab:
    """A control plane with three workers in three zones, and what is rendered for it."""

    def __init__(self, estate: Estate, namespace: str, folder: Path) -> None:
        """`namespace` is the tenant of every workload; `folder` holds a project for each call of `render`."""
        self.estate, self.namespace, self._folder, self._count = estate, namespace, folder, 0
        self._applied: dict[str, Manifest] = {}

    @property
    def api(self):
        """The API server, as administrator."""
        return self.estate.api

    @property
    def plane(self):
        """The control plane, for `wait_for`."""
        return self.estate.plane

    def project(self, workloads: dict[str, dict[str, Any]], stack: dict[str, Any] | None = None, *,
                target: str = "aks") -> Path:  # fmt: skip
        """A folder with `workloads/` and `Pulumi.lab.yaml`.

        A workload needs nothing but what it is about: name, namespace, image, pool, resources and the image's version
        have values. `stack` is merged over the settings of the stack `prod`, or of `local` with target kubeconfig.
        """
        self._count += 1
        folder = self._folder / str(self._count)
        (folder / "workloads").mkdir(parents=True)
        name = "prod" if target == "aks" else "local"
        document = yaml.safe_load((ROOT / f"Pulumi.{name}.yaml").read_text())
        settings = document["config"][KEY]
        settings["namespaces"] = {self.namespace: {"quota": copy.deepcopy(PLENTY | COUNTED)}}
        settings["workloads"], settings["images"] = {}, {}
        if target != "aks":
            settings["nodeSelectors"], settings["disks"] = True, "claim"
        _merge(settings, copy.deepcopy(stack or {}))
        for key, given in workloads.items():
            full = {
                "name": key,
                "namespace": self.namespace,
                "image": f"registry.example/{key}",
                **WORKLOAD,
                **given,
            }
            if full["kind"] == "daemonset" and "pool" not in given:
                del full["pool"]
            for it in (full, *(full.get("containers") or {}).values()):
                if it.get("image"):
                    settings["images"].setdefault(it["image"].rpartition("/")[2], {"tag": "1.0.0"})
            (folder / "workloads" / f"{key}.yaml").write_text(yaml.safe_dump(full, sort_keys=False))
        document["config"][KEY] = settings
        (folder / "Pulumi.lab.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
        return folder

    def settings(self, workloads: dict[str, dict[str, Any]], stack: dict[str, Any] | None = None,
                 **more: Any) -> Settings:  # fmt: skip
        """The settings of such a project."""
        return load(self.project(workloads, stack, **more), "lab")

    def render(self, workloads: dict[str, dict[str, Any]], stack: dict[str, Any] | None = None,
               **more: Any) -> list[Manifest]:  # fmt: skip
        """The objects that `./aks render lab` writes, in apply order, without those of other namespaces."""
        project = self.project(workloads, stack, **more)
        render(project, "lab", project / "out", "json")
        files = sorted((project / "out").rglob("*.json"))
        found = [it for path in files for it in json.loads(path.read_text())["items"]]
        return [it for it in found if _belongs(it, self.namespace)]

    def apply(self, manifests: list[Manifest]) -> list[Manifest]:
        """Apply strictly, in order; the answers. A warning of the server is a failure."""
        answers = []
        for it in manifests:
            answers.append(apply(self.api, it))
            assert self.api.warnings == (), (it["kind"], it["metadata"]["name"], self.api.warnings)
            self._applied[self.api.path(it)] = it
            if it["kind"] == "Service" and it["spec"].get("type") == "LoadBalancer":
                status = {"status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.10"}]}}}
                self.api.request("PATCH", f"{self.api.path(it)}/status", status, MERGE)
        return answers

    def run(self, workloads: dict[str, dict[str, Any]], stack: dict[str, Any] | None = None,
            **more: Any) -> list[Manifest]:  # fmt: skip
        """Render and apply; the objects. Objects of an earlier call that are not there any more are deleted, as
        `pulumi up` would, after the new ones are there."""
        before = dict(self._applied)
        manifests = self.render(workloads, stack, **more)
        self._applied = {}
        self.apply(manifests)
        for path in [path for path in before if path not in self._applied]:
            self.api.request("DELETE", f"{path}?propagationPolicy=Background")
        return copy.deepcopy(manifests)

    def wait(self) -> None:
        """Until every controller of the namespace has what it wants."""
        self.plane.wait_for(f"{self.namespace} to be available", lambda: not self.unavailable(), 60)

    def unavailable(self) -> list[str]:
        """Deployments, StatefulSets and DaemonSets that do not have what they want."""
        found = []
        for kind in ("deployments", "statefulsets", "daemonsets"):
            for it in self.api.items(f"/apis/apps/v1/namespaces/{self.namespace}/{kind}"):
                spec, status = it["spec"], it.get("status", {})
                current = status.get("observedGeneration") == it["metadata"]["generation"]
                if kind == "daemonsets":
                    wanted = status.get("desiredNumberScheduled")
                    ready = bool(wanted) and status.get("numberAvailable") == wanted
                else:
                    wanted = spec["replicas"]
                    have = (
                        status.get("availableReplicas", 0),
                        status.get("updatedReplicas", 0),
                        status.get("replicas", 0),
                    )
                    ready = have == (wanted, wanted, wanted)
                if not (current and ready):
                    found.append(f"{kind} {it['metadata']['name']}: {status}")
        return found

    def pods(self, name: str = "") -> list[Manifest]:
        """Live pods that have not ended, of one workload or of all."""
        found = self.api.items(f"/api/v1/namespaces/{self.namespace}/pods")
        return [
            it
            for it in found
            if it["status"].get("phase") not in ("Succeeded", "Failed")
            and "deletionTimestamp" not in it["metadata"]
            and name in ("", it["metadata"]["labels"].get("app.kubernetes.io/name"))
        ]

    def endpoints(self, service: str) -> tuple[dict[str, int], set[str]]:
        """Ports by name and addresses of the ready endpoints of a Service, of all its slices. A slice that was just
        made has neither."""
        found = self.api.items(
            f"/apis/discovery.k8s.io/v1/namespaces/{self.namespace}/endpointslices"
            f"?labelSelector=kubernetes.io/service-name={service}"
        )
        ports = {it["name"]: it["port"] for row in found for it in row["ports"] or ()}
        ready = [it for row in found for it in row["endpoints"] or () if it["conditions"]["ready"]]
        return ports, {address for it in ready for address in it["addresses"]}

    def plan(self, workloads: dict[str, dict[str, Any]], stack: dict[str, Any] | None = None,
             **more: Any) -> Plan:  # fmt: skip
        """What the program registers for such a project."""
        project = self.project(workloads, stack, **more)
        (project / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
        (project / "__main__.py").write_text((ROOT / "__main__.py").read_text())
        planned = plan_stacks(project, ["lab"])["lab"]
        assert isinstance(planned, Plan), planned
        return planned


def _belongs(manifest: Manifest, namespace: str) -> bool:
    metadata = manifest["metadata"]
    if manifest["kind"] == "Namespace":
        return metadata["name"] == namespace
    return metadata.get("namespace", namespace) == namespace


def _merge(base: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value
