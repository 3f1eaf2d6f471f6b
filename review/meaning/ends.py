"""The ends of one plan's network: its workloads, those that charts make, and the cluster's DNS."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from manifests.third_party import NGINX_INGRESS
from review.analyses.pods import release_key, releases
from review.analyses.reachability.network import KINDS as NETWORK_KINDS
from review.analyses.reachability.network import Network, objects
from review.analyses.reachability.policies import Policy
from review.analyses.reachability.workloads import Key, Pods, Workload
from review.chart_pods import KIND as CHART
from review.chart_pods import WEB, declared, pod, pods_of_release
from review.given import Given
from review.meaning import reading
from review.meaning.reading import Undetermined
from review.plan import Plan, Resource
from settings.pod_fields import mapping
from settings.ports import Opened

DNS: Final = "kube-system/kube-dns"
"""Of every cluster and of no plan: whoever may not call it resolves no name."""

DNS_LABELS: Final = {"k8s-app": "kube-dns"}
"""https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/"""


class End(NamedTuple):
    """One workload."""

    title: str
    """`namespace/name`, with the kind behind it where two share that."""

    kind: str
    urn: str
    pods: tuple[Pods, ...]
    policies: tuple[tuple[int, ...], tuple[int, ...]]
    """Numbers of those that speak of its ingress and of its egress."""

    isolated: tuple[bool, bool]
    """Whether they shut its ingress and its egress, but for what rules open, to all of its pods."""

    @property
    def resource(self) -> str:
        """As a finding names it."""
        name = self.title.partition("[")[0]
        return f"{'Release' if self.kind == CHART else self.kind} {name}"

    @property
    def key(self) -> Key:
        """As the analyses name it."""
        namespace, _, name = self.title.partition("[")[0].partition("/")
        return Key(namespace, name, self.kind)


class Known(NamedTuple):
    """What connections of one plan follow from."""

    network: Network
    ends: tuple[End, ...]
    """In the order of the network's workloads: by title."""

    namespaces: dict[str, dict[str, str]]
    undetermined: tuple[Undetermined, ...]
    refused: tuple[tuple[str, str], ...]
    """URN and rule of what the API server would refuse."""

    silent: tuple[str, ...]
    """Releases whose pods nobody declared."""


_last: list[tuple[Plan, Known]] = []
"""Two analyses ask for the networks of the two plans of a review, and each is half of what they cost."""


def known(plan: Plan) -> Known:
    """The network of a plan, with the pods of charts as far as it tells them."""
    for of, found in _last:
        if of is plan:
            return found
    made = _known(plan)
    _last[:] = [*_last[-1:], (plan, made)]
    return made


def _known(plan: Plan) -> Known:
    open_: list[Undetermined] = []
    pods, silent = _of_charts(plan)
    given = [*reading.objects(plan, NETWORK_KINDS, open_), *pods]
    given.sort(
        key=lambda it: it.file
    )  # what two rows say of one object does not hang on their order
    found = objects([*given, _dns()])
    titles = _titles(found.workloads)
    found.workloads.sort(key=lambda it: titles[it.key])
    found.policies.sort(key=lambda it: (it.title, it.path))
    network = Network(found)
    return Known(
        network,
        tuple(_end(network, it, titles[it.key]) for it in found.workloads),
        found.namespaces,
        tuple(open_),
        tuple(sorted((it.file, it.rule) for it in found.faults)),
        silent,
    )


def _titles(workloads: Iterable[Workload]) -> dict[Key, str]:
    named: dict[str, list[Key]] = {}
    for it in workloads:
        named.setdefault(f"{it.key.namespace}/{it.key.name}", []).append(it.key)
    return {
        key: title if len(keys) == 1 else str(key) for title, keys in named.items() for key in keys
    }


def _end(network: Network, workload: Workload, title: str) -> End:
    units = network.units_of[network.number[workload.key]]
    speaking, isolated = [], []
    for direction in ("ingress", "egress"):
        classes = [network.isolating(it, direction) for it in units]
        speaking.append(
            tuple(sorted({number for of in classes for number in (of[0] if of else ())}))
        )
        isolated.append(all(network.isolated(direction, of) for of in classes))
    return End(
        title,
        workload.key.kind,
        workload.place,
        tuple(workload.pods),
        (speaking[0], speaking[1]),
        (isolated[0], isolated[1]),
    )


def _of_charts(plan: Plan) -> tuple[list[Given], tuple[str, ...]]:
    """Pods of releases, and the releases of which none is known."""
    said = declared(plan)
    found, silent = [], []
    for row in releases(plan):
        namespace, name = release_key(row)
        own = pods_of_release(namespace, name, said.get(row.parent, []))
        pods: list[Mapping[str, Any]] = [*own] or [*_of_controller(row, namespace, name)]
        found += [Given(it, row.urn, None) for it in pods]
        if not pods:
            silent.append(f"{namespace}/{name}")
    return found, tuple(sorted(silent))


def is_controller(row: Resource) -> bool:
    """Whether a release is of the ingress controller that this project knows."""
    chart = row.inputs.get("chart")
    return isinstance(chart, str) and chart.split("@")[0].rpartition("/")[2] == NGINX_INGRESS.name


def _of_controller(row: Resource, namespace: str, name: str) -> Iterator[Mapping[str, Any]]:
    if not is_controller(row):
        return
    values = mapping(mapping(mapping(row.inputs.get("values")).get("controller")))
    labels = {
        str(key): it
        for key, it in mapping(values.get("selectorLabels")).items()
        if isinstance(it, str)
    } or {"app.kubernetes.io/name": NGINX_INGRESS.name, "app.kubernetes.io/instance": name}
    yield pod(namespace, name, 0, labels, WEB)


def _dns() -> Given:
    namespace, _, name = DNS.partition("/")
    ports = {
        "dns": Opened(53, "UDP"),
        "dns-tcp": Opened(53),
    }
    return Given(pod(namespace, name, 0, DNS_LABELS, ports), "", None)


def policy_urn(policy: Policy) -> str:
    """Objects are read with their URN in place of a file."""
    return policy.file
