"""What rules across the stack ask again and again, found once for each stack."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from policy.kinds import OPERATED, RELEASE, TEMPLATES
from policy.objects import Object, Pod, dig, items, mapping
from policy.stack import GIVEN, Stack, chooses
from policy.unknown import Undecided

T = TypeVar("T")
Key = tuple[str, str, str]
"""Kind, namespace and name."""

CLUSTERS_OWN = ("kube-system", "kube-public", "kube-node-lease")
"""Namespaces in which a cluster comes with objects."""

CLUSTER = "azure-native:containerservice:ManagedCluster"


def once(find: Callable[[Stack], T]) -> Callable[[Stack], T]:
    """`find`, asked once for each stack."""
    found: WeakKeyDictionary[Stack, T] = WeakKeyDictionary()

    def asked(stack: Stack) -> T:
        if stack not in found:
            found[stack] = find(stack)
        return found[stack]

    return asked


def key_of(it: Object) -> Key:
    """What names it among all objects."""
    return it.kind, it.namespace, it.name


def is_same(one: Object, other: Object) -> bool:
    """Whether two are one object of the cluster: a folder may hold it twice, in variants of one application."""
    return one is other or (bool(one.name) and key_of(one) == key_of(other))


@once
def _by_namespace(stack: Stack) -> Mapping[tuple[str, str], list[Object]]:
    found: dict[tuple[str, str], list[Object]] = defaultdict(list)
    for it in stack.objects:
        found[it.kind, it.namespace].append(it)
    return found


def in_namespace(stack: Stack, kind: str, namespace: str) -> list[Object]:
    """Every object of a kind in one namespace."""
    return _by_namespace(stack).get((kind, namespace), [])


@once
def _releases(stack: Stack) -> Mapping[tuple[str, str], Object]:
    found = {}
    for it in stack.of(RELEASE):
        try:
            found[
                str(dig(it.manifest, "namespace") or "default"), str(dig(it.manifest, "name"))
            ] = it
        except Undecided:
            continue
    return found


def chart_of(stack: Stack, namespace: str, selector: Mapping[str, Any]) -> Object | None:
    """The chart in a namespace whose pods a selector means, by the label with a release's name that Helm's charts
    give all they make (https://helm.sh/docs/chart_best_practices/labels/)."""
    labels = mapping(selector, "matchLabels")
    for key in ("app.kubernetes.io/instance", "release"):
        if key in labels and (found := _releases(stack).get((namespace, str(labels[key])))):
            return found
    return None


def perhaps_of_chart(stack: Stack, namespace: str, what: str) -> None:
    """Raise `Undecided` where a chart in the namespace may make what is not in the stack."""
    if charts := stack.charts(namespace):
        raise Undecided(f"{what} is not in the stack, and {charts[0]} may make it")


def perhaps_of_cluster(namespace: str, what: str) -> None:
    """Raise `Undecided` for a namespace in which the cluster itself has objects."""
    if namespace in CLUSTERS_OWN:
        raise Undecided(f"{what} is not here, and the cluster itself has objects in {namespace}")


def perhaps_of_operator(stack: Stack, namespace: str) -> None:
    """Raise `Undecided` where pods of a namespace may be made of what is there: by an operator, or by the cluster."""
    perhaps_of_cluster(namespace, "a pod of these labels")
    for kind in OPERATED:
        for it in in_namespace(stack, kind, namespace):
            raise Undecided(f"the operator of {it.title} may make the pods that it selects")


def owns_cluster(stack: Stack) -> bool:
    """Whether the stack makes the cluster and all that is in it, but for what charts make."""
    return stack.complete and bool(stack.of(CLUSTER))


def selects_elsewhere(stack: Stack, namespace: str, selector: Mapping[str, Any]) -> None:
    """Raise `Undecided` where pods that are not here may be what a selector means: a chart's, or, of manifests alone,
    those of a namespace that has none here, unless another has them: then it is the namespace that is wrong."""
    perhaps_of_chart(stack, namespace, "a pod of these labels")
    perhaps_of_operator(stack, namespace)
    if stack.complete or stack.pods(namespace):
        return
    others = {it.namespace for it in stack.of(*TEMPLATES)} - {namespace}
    if not any(stack.selected(name, selector) for name in sorted(others)):
        raise Undecided(f"no pod of namespace {namespace} is here")


def is_missing(stack: Stack, kind: str, namespace: str, name: str) -> bool:
    """Whether no such object is there for certain; raises `Undecided` where a chart may make it, where one has a name
    that only a deployment tells, and for what is in no namespace where others may have made it. Of manifests alone
    a kind of which a namespace has nothing here is elsewhere, unless it is the namespace that is wrong."""
    if stack.get(kind, namespace, name):
        return False
    what = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
    perhaps_of_cluster(namespace, what)
    none_here = namespace and not in_namespace(stack, kind, namespace)
    if none_here and not stack.complete and all(it.name != name for it in stack.of(kind)):
        raise Undecided(f"{what} is not here, nor is any other {kind} of that namespace")
    if nameless := stack.nameless(kind, namespace):
        raise Undecided(
            f"{what} may be {nameless[0].title}, whose name is known after a deployment only"
        )
    if namespace:
        perhaps_of_chart(stack, namespace, what)
    elif charts := stack.of(RELEASE):
        raise Undecided(f"{what} is not in the stack, and {charts[0].title} may make it")
    elif not owns_cluster(stack):
        raise Undecided(f"{what} is not here, and the cluster may have it")
    return True


class _Autoscalers:
    def __init__(self, stack: Stack) -> None:
        self.of: dict[Key, list[Object]] = defaultdict(list)
        self.hidden: dict[str, Undecided] = {}
        for it in stack.of("HorizontalPodAutoscaler"):
            try:
                target = mapping(it.manifest, "spec", "scaleTargetRef")
                self.of[str(target.get("kind")), it.namespace, str(target.get("name"))].append(it)
            except Undecided as undecided:
                self.hidden.setdefault(it.namespace, undecided)


_autoscalers = once(_Autoscalers)


def autoscalers(stack: Stack, it: Object) -> list[Object]:
    """Every HorizontalPodAutoscaler of a workload; raises `Undecided` where none is and one might be."""
    held = _autoscalers(stack)
    found = held.of.get(key_of(it), [])
    if not found and it.namespace in held.hidden:
        raise held.hidden[it.namespace]
    return found


def fewest(stack: Stack, it: Object) -> int:
    """How many replicas a Deployment or StatefulSet has at the least: 1 where nobody says."""
    for scaler in autoscalers(stack, it):
        return _number(dig(scaler.manifest, "spec", "minReplicas"), 1)
    return _number(dig(it.manifest, "spec", "replicas"), 1)


def most(stack: Stack, it: Object) -> int:
    """How many it has at the most."""
    for scaler in autoscalers(stack, it):
        return _number(dig(scaler.manifest, "spec", "maxReplicas"), 1)
    return _number(dig(it.manifest, "spec", "replicas"), 1)


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


class Selection:
    """Which pods the selectors of one kind of object choose, seen from the pods; hidden selectors by namespace."""

    def __init__(self) -> None:
        self.of: dict[Key, list[Object]] = defaultdict(list)
        self.hidden: dict[str, Undecided] = {}

    def choosing(self, pod: Pod) -> list[Object]:
        """Objects that choose the pod; raises `Undecided` where none does and one might."""
        found = self.of.get(key_of(pod.object), [])
        if not found and pod.object.namespace in self.hidden:
            raise self.hidden[pod.object.namespace]
        return found


def _selection(
    stack: Stack, kind: str, selector: Callable[[Object], Mapping[str, Any] | None]
) -> Selection:
    found = Selection()
    for it in stack.of(kind):
        try:
            wanted = selector(it)
            for pod in stack.selected(it.namespace, wanted) if wanted is not None else ():
                found.of[key_of(pod.object)].append(it)
        except Undecided as undecided:
            found.hidden.setdefault(it.namespace, undecided)
    return found


def service_selector(it: Object) -> Mapping[str, Any] | None:
    """What a Service selects by, as a LabelSelector; None where it selects nothing by itself."""
    labels = mapping(it.manifest, "spec", "selector")
    if not labels or dig(it.manifest, "spec", "type") == "ExternalName":
        return None
    return {"matchLabels": labels}


def budget_selector(it: Object) -> Mapping[str, Any] | None:
    """What a PodDisruptionBudget selects by; None where it has no selector, which selects nothing."""
    found = dig(it.manifest, "spec", "selector")
    return found if isinstance(found, dict) else None


@once
def services(stack: Stack) -> Selection:
    """Which Services choose which pods."""
    return _selection(stack, "Service", service_selector)


@once
def budgets(stack: Stack) -> Selection:
    """Which PodDisruptionBudgets choose which pods."""
    return _selection(stack, "PodDisruptionBudget", budget_selector)


class _Policies:
    """The NetworkPolicies of one namespace, found by a label of the pods that they choose."""

    def __init__(self) -> None:
        self.of_all: list[Object] = []
        self.of_label: dict[tuple[str, str], list[Object]] = defaultdict(list)
        self.others: list[Object] = []
        self.hidden: Undecided | None = None

    def add(self, it: Object) -> None:
        try:
            selector = mapping(it.manifest, "spec", "podSelector")
            held = mapping(selector, "matchLabels")
            pairs = [(key, str(value)) for key, value in held.items() if key not in GIVEN]
            if pairs:
                self.of_label[max(pairs)].append(it)
            elif held or any(True for _ in items(selector, "matchExpressions")):
                self.others.append(it)
            else:
                self.of_all.append(it)
        except Undecided as undecided:
            self.hidden = self.hidden or undecided


@once
def _policies(stack: Stack) -> Mapping[str, _Policies]:
    found: dict[str, _Policies] = defaultdict(_Policies)
    for it in stack.of("NetworkPolicy"):
        found[it.namespace].add(it)
    return found


def policies_of(stack: Stack, pod: Pod) -> tuple[list[Object], Undecided | None]:
    """The NetworkPolicies that choose a pod for certain, and why there may be more."""
    held = _policies(stack).get(pod.object.namespace)
    if held is None:
        return [], None
    found, hidden = [*held.of_all], held.hidden
    try:
        for key, value in pod.labels.items():
            for it in held.of_label.get((key, str(value)), ()):
                if chooses(mapping(it.manifest, "spec", "podSelector"), pod):
                    found.append(it)
        found += [
            it for it in held.others if chooses(mapping(it.manifest, "spec", "podSelector"), pod)
        ]
    except Undecided as undecided:
        hidden = hidden or undecided
    return found, hidden


def policies_of_all(stack: Stack, namespace: str) -> tuple[list[Object], Undecided | None]:
    """The NetworkPolicies that choose every pod of a namespace, and why there may be more."""
    held = _policies(stack).get(namespace)
    return ([], None) if held is None else (held.of_all, held.hidden)


def directions(policy: Object) -> tuple[str, ...]:
    """In which directions a NetworkPolicy isolates the pods that it chooses: `Ingress`, `Egress`
    (https://kubernetes.io/docs/concepts/services-networking/network-policies/)."""
    types = dig(policy.manifest, "spec", "policyTypes")
    if isinstance(types, list) and types:
        return tuple(str(it) for it in types)
    return ("Ingress", "Egress") if dig(policy.manifest, "spec", "egress") else ("Ingress",)
