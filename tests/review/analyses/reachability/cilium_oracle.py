"""A slow reading of Cilium's policies beside NetworkPolicy's, one question at a time.

https://docs.cilium.io/en/stable/security/policy/language/ and .../policy/deny/ : manifests in, it shares nothing
with the analysis.
"""

from ipaddress import ip_address

from tests.review.analyses.reachability.oracle import Cluster, inside, matches, types

SPACE = "io.kubernetes.pod.namespace"
SPACE_LABELS = "io.cilium.k8s.namespace.labels."
KINDS = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")


class CiliumCluster(Cluster):
    def __init__(self, manifests):
        super().__init__(manifests)
        self.cilium = [
            (it["metadata"].get("namespace", "default") if it["kind"] == KINDS[0] else "", spec)
            for it in manifests
            if it["kind"] in KINDS
            for spec in (it.get("spec"), *it.get("specs", []))
            if spec is not None
        ]

    def passes(self, direction, own, other, protocol, number, called):
        if isinstance(own, str) or own.host:
            return True
        key = direction.lower()
        isolated = any(
            it["metadata"].get("namespace", "default") == own.namespace
            and matches(it["spec"].get("podSelector", {}), own.labels)
            and direction in types(it["spec"])
            for it in self.policies
        )
        allowed = isolated and super().passes(direction, own, other, protocol, number, called)
        for home, spec in self.cilium:
            if (home and home != own.namespace) or not self.selects(spec["endpointSelector"], own):
                continue
            asked = (key, home, other, protocol, number, called)
            if any(self.fits(rule, *asked, True) for rule in spec.get(f"{key}Deny") or []):
                return False
            said = (spec.get("enableDefaultDeny") or {}).get(key)
            there = bool(spec.get(key)) or bool(spec.get(f"{key}Deny"))
            isolated = isolated or (there if said is None else said)
            allowed = allowed or any(self.fits(rule, *asked, False) for rule in spec.get(key) or [])
        return allowed or not isolated

    def labels(self, pod):
        spaces = {
            **self.namespaces.get(pod.namespace, {}),
            "kubernetes.io/metadata.name": pod.namespace,
        }
        return {
            **pod.labels,
            SPACE: pod.namespace,
            **{f"{SPACE_LABELS}{key}": value for key, value in spaces.items()},
        }

    def selects(self, selector, pod):
        return matches(plain(selector), self.labels(pod))

    def fits(self, rule, key, home, other, protocol, number, called, denies):
        to = "from" if key == "ingress" else "to"
        lists = {it: rule[it] for it in rule if it.startswith(to) and it != "toPorts"}
        if any(not it for it in lists.values()):
            return False
        groups = rule.get("toPorts") or []
        if not lists and not groups:
            return False
        if lists and not any(
            self.named(it.removeprefix(to), one, home, other, denies, items)
            for it, items in lists.items()
            for one in items
        ):
            return False
        return not groups or any(
            port(it, called, protocol, number) for group in groups for it in group["ports"]
        )

    def named(self, form, item, home, other, denies, items):
        if form == "Entities":
            return self.entity(item, other, denies, items)
        if isinstance(other, str):
            if form == "CIDR":
                return inside(other, item)
            return (
                form == "CIDRSet"
                and inside(other, item["cidr"])
                and not any(inside(other, it) for it in item.get("except", []))
            )
        if form != "Endpoints" or other.host:
            return False
        selector = plain(item)
        keys = [*(selector.get("matchLabels") or {})]
        keys += [it["key"] for it in selector.get("matchExpressions") or []]
        if home and not any(it == SPACE or it.startswith(SPACE_LABELS) for it in keys):
            return other.namespace == home and self.selects(item, other)
        return self.selects(item, other)

    def entity(self, item, other, denies, items):
        if isinstance(other, str):
            version = ip_address(other).version
            return item in ("all", "world", f"world-ipv{version}")
        if item in ("all", "cluster"):
            return True
        if not other.host or item not in ("host", "remote-node"):
            return False
        # On which of the two it runs nobody knows: it may be let in, and is surely shut out by both alone.
        return not denies or {"host", "remote-node"} <= set(items)


def plain(selector):
    def key(text):
        return text.removeprefix("k8s:").removeprefix("any:")

    return {
        "matchLabels": {
            key(it): value for it, value in (selector.get("matchLabels") or {}).items()
        },
        "matchExpressions": [
            {**it, "key": key(it["key"])} for it in selector.get("matchExpressions") or []
        ],
    }


def port(spec, called, protocol, number):
    if spec.get("protocol", "ANY") not in ("ANY", protocol):
        return False
    if not spec["port"].isdecimal():
        return not isinstance(called, str) and called.has_port(spec["port"], protocol, number)
    first = int(spec["port"])
    return first == 0 or first <= number <= (spec.get("endPort") or first)
