"""Plain configuration as immutable ConfigMaps named by their content.

A change makes a new ConfigMap and so a new pod template: exactly the pods that read it roll, and the old ones keep
what they started with. Environment and files are apart, so that each lists only what it is.
"""

from collections.abc import Mapping

from manifests import Manifest, Part
from manifests.names import DNS_SUBDOMAIN_MAX_CHARACTERS, content_hash, shortened
from settings.workload import Workload

ENV = "config-env"
FILES = "config-files"
"""Roles, and the second also the name of the pod's volume."""


def parts(workload: Workload, labels: dict[str, str]) -> list[Part]:
    """The ConfigMaps of `workload`, roles `config-env` and `config-files`; none for what is empty."""
    if workload.config is None:
        return []
    given = ((ENV, "env", workload.config.env), (FILES, "files", workload.config.files))
    return [
        Part(role, _config_map(workload, labels, kind, data)) for role, kind, data in given if data
    ]


def _config_map(
    workload: Workload, labels: dict[str, str], kind: str, data: Mapping[str, str]
) -> Manifest:
    name = shortened(f"{workload.name}-{kind}-{content_hash(data)}", DNS_SUBDOMAIN_MAX_CHARACTERS)
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": workload.namespace, "labels": {**labels}},
        "data": {**data},
        "immutable": True,
    }
