"""A slow reading of NetworkPolicy, pair by pair and port by port, straight from the documentation.

https://kubernetes.io/docs/concepts/services-networking/network-policies/ and the field descriptions of
networking.k8s.io/v1. It shares nothing with the analysis: manifests in, one question at a time.
"""

from ipaddress import ip_address, ip_network

TEMPLATES = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        (
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
            "DaemonSet",
            "Job",
            "ReplicationController",
        ),
        ("spec", "template"),
    ),
}


class Pod:
    """One pod, as its workload makes it."""

    def __init__(self, manifest):
        self.namespace = manifest["metadata"].get("namespace", "default")
        self.title = f"{self.namespace}/{manifest['metadata']['name']}[{manifest['kind']}]"
        template = manifest
        for step in TEMPLATES[manifest["kind"]]:
            template = template[step]
        self.labels = template.get("metadata", {}).get("labels") or {}
        spec = template["spec"]
        self.host = spec.get("hostNetwork", False)
        self.containers = list(spec["containers"])
        for container in spec.get("initContainers", []):
            if container.get("restartPolicy") == "Always":
                self.containers.append(container)

    def has_port(self, name, protocol, number):
        return any(
            port.get("name") == name
            and port.get("protocol", "TCP") == protocol
            and port["containerPort"] == number
            for container in self.containers
            for port in container.get("ports", [])
        )


class Cluster:
    def __init__(self, manifests):
        self.pods = [Pod(it) for it in manifests if it["kind"] in TEMPLATES]
        self.policies = [it for it in manifests if it["kind"] == "NetworkPolicy"]
        self.namespaces = {
            it["metadata"]["name"]: it["metadata"].get("labels") or {}
            for it in manifests
            if it["kind"] == "Namespace"
        }

    def open(self, source, target, protocol, number):
        """Whether a connection from a pod or address to a pod or address comes to be."""
        return self.passes("Egress", source, target, protocol, number, target) and self.passes(
            "Ingress", target, source, protocol, number, target
        )

    def passes(self, direction, own, other, protocol, number, called):
        if isinstance(own, str) or own.host:
            return True
        policies = [
            it
            for it in self.policies
            if it["metadata"].get("namespace", "default") == own.namespace
            and matches(it["spec"].get("podSelector", {}), own.labels)
            and direction in types(it["spec"])
        ]
        if not policies:
            return True
        for policy in policies:
            for rule in policy["spec"].get(direction.lower()) or []:
                rule = rule or {}
                peers = rule.get("from" if direction == "Ingress" else "to") or []
                home = policy["metadata"].get("namespace", "default")
                if peers and not any(self.peer(it, other, home) for it in peers):
                    continue
                ports = rule.get("ports") or []
                if not ports or any(port(it, called, protocol, number) for it in ports):
                    return True
        return False

    def peer(self, peer, other, home):
        if "ipBlock" in peer:
            block = peer["ipBlock"]
            if isinstance(other, str):
                return inside(other, block["cidr"]) and not any(
                    inside(other, it) for it in block.get("except", [])
                )
            # A pod in its node's network has the node's address, which nobody knows.
            everything = block["cidr"] in ("0.0.0.0/0", "::/0") and not block.get("except")
            return other.host and everything
        if isinstance(other, str) or other.host:
            return False
        if "namespaceSelector" in peer:
            labels = {
                **self.namespaces.get(other.namespace, {}),
                "kubernetes.io/metadata.name": other.namespace,
            }
            if not matches(peer["namespaceSelector"], labels):
                return False
        elif other.namespace != home:
            return False
        return matches(peer.get("podSelector", {}), other.labels)


def types(spec):
    if spec.get("policyTypes"):
        return spec["policyTypes"]
    return ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]


def matches(selector, labels):
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for it in selector.get("matchExpressions") or []:
        key, operator = it["key"], it["operator"]
        fits = {
            "In": key in labels and labels[key] in it.get("values", []),
            "NotIn": key not in labels or labels[key] not in it.get("values", []),
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }[operator]
        if not fits:
            return False
    return True


def port(spec, called, protocol, number):
    if spec.get("protocol", "TCP") != protocol:
        return False
    if "port" not in spec:
        return True
    if isinstance(spec["port"], str):
        return not isinstance(called, str) and called.has_port(spec["port"], protocol, number)
    return spec["port"] <= number <= spec.get("endPort", spec["port"])


def inside(address, cidr):
    address, network = ip_address(address), ip_network(cidr)
    return address.version == network.version and address in network
