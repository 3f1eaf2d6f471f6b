"""What the objects of a plan count against a quota: claims, storage, services, objects by kind.

The rules are those of kube-apiserver's own evaluators (`pkg/quota/v1/evaluator/core` of Kubernetes 1.35 and 1.36;
https://kubernetes.io/docs/concepts/policy/resource-quotas/): a load balancer opens a node port a port unless it says
otherwise, a claim counts for its class, too, and what the control plane puts into every namespace counts as well.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Any

from review.analyses.pods import (
    CONTROLLERS,
    Pods,
    kubernetes_objects,
    meta,
    release_key,
    releases,
    running,
)
from review.marks import Reader, is_mark, known, known_list, names, text
from review.plan import Plan
from settings.quantity import amount

Manifest = Mapping[str, Any]
Counts = dict[str, Decimal]
"""Names as in a ResourceQuota to how many, or how many bytes."""

CLASS = ".storageclass.storage.k8s.io/"
CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"

EVERYWHERE = ("configmaps", "count/configmaps", "count/serviceaccounts")
"""The ConfigMap `kube-root-ca.crt` and the ServiceAccount `default` are in every namespace."""

KNOWN = frozenset(
    {
        *EVERYWHERE,
        "persistentvolumeclaims",
        "replicationcontrollers",
        "requests.storage",
        "resourcequotas",
        "secrets",
        "services",
        "services.loadbalancers",
        "services.nodeports",
        "count/persistentvolumeclaims",
        "count/secrets",
        "count/services",
    }
)
"""Names that count nothing where no object says otherwise."""

BY_CONTROLLERS = frozenset(
    {
        "count/controllerrevisions.apps",
        "count/endpoints",
        "count/endpointslices.discovery.k8s.io",
        "count/jobs.batch",
        "count/pods",
        "count/replicasets.apps",
    }
)
"""What controllers make of other objects and keep for a while: ended pods, old revisions, past runs."""

_ALIASES = {
    f"count/{name}": name
    for name in ("configmaps", "replicationcontrollers", "resourcequotas", "secrets")
}


@dataclass
class Use:
    """What one namespace counts, names as in a ResourceQuota."""

    rest: Counts = field(default_factory=lambda: defaultdict(Decimal))
    """With every workload at its smallest and never scaled: a claim stays when its replica goes."""

    peak: Counts = field(default_factory=lambda: defaultdict(Decimal))
    """At the peak of a rollout, every workload at the top of its scale."""

    earlier: Counts = field(default_factory=lambda: defaultdict(Decimal))
    """How many of `peak` are earlier versions of configuration."""

    unclear: dict[str, str] = field(default_factory=dict)
    """Names whose count is not known before a deployment, with the reason."""

    def add(self, counts: Counts, rest: int = 1, peak: int = 1) -> None:
        """Count `counts` so many times."""
        for name, count in counts.items():
            self.rest[name] += count * rest
            self.peak[name] += count * peak


class Objects:
    """The counts of every namespace of a plan."""

    def __init__(self, plan: Plan, pods: Iterable[Pods], history: int | None = None) -> None:
        """Count the plan's objects; replicas and pods are those of `pods`. What names no namespace is the cluster's.

        Of what is named by its content `history` earlier versions are there, too, and at the peak of an update one
        more: the engine makes the new one before it deletes the oldest. None: there has been no update.
        """
        rows = {(it.kind, it.namespace, it.name): it for it in pods}
        pools = plan.outputs.get("nodePools", ())
        self._uses: dict[str, Use] = {}
        self._names: set[str] = set()
        self._astray: dict[str, str] = {}
        for resource, manifest in kubernetes_objects(plan):
            namespace = known(manifest.get("metadata")).get("namespace")
            if not isinstance(manifest.get("kind"), str):
                continue
            if is_mark(namespace) or is_mark(manifest.get("metadata")):
                where = f"the namespace of {manifest['kind']} {resource.name} must be known"
                self._astray |= dict.fromkeys(counts(manifest), where)
            if not isinstance(namespace, str):
                continue
            use = self.of(namespace)
            self._names.add(count_name(manifest))
            found = counts(manifest, use.unclear)
            use.add(found)
            if history is not None and _has_versions(manifest):
                use.add(found, history, history + 1)
                for name, count in found.items():
                    use.earlier[name] += count * (history + 1)
            if manifest["kind"] in CONTROLLERS:
                row = rows[manifest["kind"], *names(resource)]
                for claim, rest, peak in _claims(manifest, row, running(row, pools), use.unclear):
                    counted = _claim(claim, use.unclear)
                    use.add({**counted, "count/persistentvolumeclaims": Decimal(1)}, rest, peak)
        self._charts = {release_key(it)[0]: it.name for it in releases(plan)}

    def of(self, namespace: str) -> Use:
        """One namespace's counts, what is in every namespace included."""
        if namespace not in self._uses:
            self._uses[namespace] = Use()
            self._uses[namespace].add({name: Decimal(1) for name in EVERYWHERE})
        return self._uses[namespace]

    def unclear(self, namespace: str, name: str) -> str | None:
        """Why the plan does not tell what a namespace counts for `name`, or None where it does."""
        if name in BY_CONTROLLERS:
            return "controllers make and keep them"
        if name not in KNOWN | self._names and CLASS not in name:
            return "nothing here counts it"
        if chart := self._charts.get(namespace):
            return f"the chart of Release {chart} has objects of its own"
        if name in self._astray:
            return self._astray[name]
        found = self.of(namespace).unclear
        if CLASS in name:
            return found.get(CLASS) or found.get(name.rpartition("/")[2])
        return found.get(name)


def _has_versions(manifest: Manifest) -> bool:
    """Whether earlier versions of it stay, by `components.kubernetes.history`: what is named by its content."""
    return manifest["kind"] in ("ConfigMap", "Secret") and manifest.get("immutable") is True


def counts(manifest: Manifest, unclear: dict[str, str] | None = None) -> Counts:
    """What one object counts, but for pods; `unclear` gets the names that only a deployment tells, with the reason."""
    name = count_name(manifest)
    found = {key: Decimal(1) for key in (name, _ALIASES.get(name)) if key}
    evaluator = _EVALUATORS.get(manifest["kind"])
    return found | (evaluator(manifest, {} if unclear is None else unclear) if evaluator else {})


def count_name(manifest: Manifest) -> str:
    """`count/<plural>.<group>` of an object, `count/deployments.apps`; without a group for the core one."""
    return _count_name(manifest["kind"], text(manifest.get("apiVersion")) or "v1")


@lru_cache(maxsize=1024)
def _count_name(kind: str, version: str) -> str:
    name, group = kind.lower(), version.rpartition("/")[0]
    if name.endswith(("s", "x", "ch")):
        plural = f"{name}es"
    elif name.endswith("y") and name[-2] not in "aeiou":
        plural = f"{name[:-1]}ies"
    else:
        plural = f"{name}s"
    return f"count/{plural}.{group}" if group else f"count/{plural}"


def _service(manifest: Manifest, unclear: dict[str, str]) -> Counts:
    spec = known(manifest.get("spec"))
    kind, ports = spec.get("type", "ClusterIP"), spec.get("ports", ())
    title = f"Service {text(meta(manifest).get('name'))}".rstrip()
    if is_mark(manifest.get("spec")) or not isinstance(kind, str):
        reason = f"the type of {title} is known after deployment only"
        unclear |= dict.fromkeys(("services.loadbalancers", "services.nodeports"), reason)
    balanced = kind == "LoadBalancer"
    own = spec.get("allocateLoadBalancerNodePorts", True)
    if is_mark(ports) or (balanced and is_mark(own)):
        unclear["services.nodeports"] = f"the node ports of {title} are known after deployment only"
    ports = [] if is_mark(ports) else ports
    if balanced and own is False:
        ports = [it for it in known_list(ports) if it.get("nodePort")]
    return {
        "services": Decimal(1),
        "services.loadbalancers": Decimal(balanced),
        "services.nodeports": Decimal(len(ports) if balanced or kind == "NodePort" else 0),
    }


def _claim(manifest: Manifest, unclear: dict[str, str]) -> Counts:
    spec = known(manifest.get("spec"))
    annotations = known(meta(manifest).get("annotations"))
    size: Any = manifest.get("spec")
    for step in ("resources", "requests", "storage"):
        size = size if is_mark(size) else known(size).get(step)
    counts = {"persistentvolumeclaims": Decimal(1), "requests.storage": Decimal(0)}
    if is_mark(size):
        unclear["requests.storage"] = "a claim's size is known after deployment only"
    elif size is not None:
        counts["requests.storage"] = amount(str(size)).to_integral_value(ROUND_CEILING)
    storage_class = annotations.get(CLASS_ANNOTATION, spec.get("storageClassName"))
    if is_mark(storage_class) or is_mark(manifest.get("spec")):
        unclear[CLASS] = "a claim's class is known after deployment only"
        storage_class = None
    elif storage_class is None:
        unclear[CLASS] = "a claim takes the cluster's default class"
    if storage_class:
        counts |= {f"{storage_class}{CLASS}{name}": count for name, count in counts.items()}
    return counts


def _provider(manifest: Manifest, unclear: dict[str, str]) -> Counts:
    """The CSI driver makes a Secret of each entry while a pod mounts them."""
    made = known(manifest.get("spec")).get("secretObjects") or ()
    if is_mark(manifest.get("spec")) or is_mark(made):
        reason = "what the secrets store driver makes is known after deployment only"
        unclear |= dict.fromkeys(("secrets", "count/secrets"), reason)
        return {}
    count = Decimal(len(made))
    return {"secrets": count, "count/secrets": count}


_EVALUATORS: Mapping[str, Callable[[Manifest, dict[str, str]], Counts]] = {
    "PersistentVolumeClaim": _claim,
    "SecretProviderClass": _provider,
    "Service": _service,
}


def _claims(
    manifest: Manifest, row: Pods, count: tuple[int, int], unclear: dict[str, str]
) -> Iterator[tuple[Manifest, int, int]]:
    """Claims that controllers make, with how many at rest and at the peak: one a replica, or one a pod."""
    reader = Reader()
    spec = reader.map(manifest, "spec", "spec")
    for claim in reader.items(spec, "volumeClaimTemplates", "spec.volumeClaimTemplates"):
        yield claim, row.rest, row.full
    at, job = "spec", spec
    if row.kind == "CronJob":
        at = "spec.jobTemplate.spec"
        job = reader.map(reader.map(spec, "jobTemplate", "spec.jobTemplate"), "spec", at)
    template = reader.map(job, "template", f"{at}.template")
    pod, at = reader.map(template, "spec", f"{at}.template.spec"), f"{at}.template.spec.volumes"
    for volume in reader.items(pod, "volumes", at):
        ephemeral = reader.map(volume, "ephemeral", f"{at}[].ephemeral")
        if claim := reader.map(ephemeral, "volumeClaimTemplate", f"{at}[].ephemeral"):
            yield claim, *count
    if reader.unknown:
        reason = f"{reader.unknown[0]} of {row.title} must be known"
        unclear |= dict.fromkeys(
            ("persistentvolumeclaims", "count/persistentvolumeclaims", "requests.storage", CLASS),
            reason,
        )
