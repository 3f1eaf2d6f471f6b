"""Policies and pods of an estate, and the ends that tests of them share."""

from typing import Any

from manifests import estate
from settings.stack import Settings
from tests.manifests.reachability import Network, Pod
from tests.manifests.samples import stack, values, web

CONTROLLER = Pod(
    "nginx-ingress",
    {
        "app.kubernetes.io/name": "nginx-ingress",
        "app.kubernetes.io/instance": "nginx-ingress",
        "more": "labels",
    },
)
AGENT = Pod("kube-system", {"rsName": "ama-metrics", "more": "labels"})
MONITORING = {"namespace": "kube-system", "podLabels": {"rsName": "ama-metrics"}}
PUBLIC = "203.0.113.7"
PRIVATE = (
    "10.60.9.9",
    "172.16.0.9",
    "192.168.0.9",
    "100.64.0.9",
    "169.254.169.254",
    "168.63.129.16",
)
CLUSTER = {"pod": "10.200.1.1", "service": "10.210.0.1", "node": "10.40.0.4"}


def planned(given_settings: Settings) -> tuple[Network, dict[str, Pod]]:
    """Policies of an estate, and its pods as their controllers label them."""
    found = list(estate.groups(given_settings, values(given_settings)))
    manifests = [part.manifest for group in found for part in group.parts]
    pods = {}
    for manifest in manifests:
        spec = manifest.get("spec", {})
        template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get(
            "template"
        )
        if template:
            metadata = manifest["metadata"]
            pods[metadata["name"]] = Pod(metadata["namespace"], template["metadata"]["labels"])
    return Network(manifests), pods


def leaves(uses: list[str], address: str, port: int, **changes: Any) -> bool:
    network, pods = planned(stack(web(uses=uses), **changes))
    return network.leaves(pods["web"], address, port)
