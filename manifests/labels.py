"""Labels of every object, and the two of them that select pods.

A selector cannot be changed: whatever varies with a release (version, chart, environment, labels of
the team) stays out of it, and a Deployment never has to be replaced for a label.
"""

import re
from functools import lru_cache

from manifests.names import instance, shortened
from settings.stack import Settings
from settings.values import DNS_LABEL_MAX_CHARACTERS
from settings.workload import Workload

NAME = "app.kubernetes.io/name"
INSTANCE = "app.kubernetes.io/instance"
COMPONENT = "app.kubernetes.io/component"
PART_OF = "app.kubernetes.io/part-of"
VERSION = "app.kubernetes.io/version"
MANAGED_BY = "app.kubernetes.io/managed-by"
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"""

APP = "app"
ENV = "env"
CHART = "chart"

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""Set by the API server on every namespace, so a policy can name one."""

MANAGER = "Pulumi"

PLATFORM_VERSION = "1.0.0"
"""Version of what tenants and the ingress consist of; raise it when their objects change shape."""

_FORBIDDEN = re.compile("[^A-Za-z0-9._-]+")


@lru_cache(maxsize=4096)
def value(text: str) -> str:
    """`text` as a label value: allowed characters only, alphanumeric at both ends, at most 63."""
    clean = _FORBIDDEN.sub("-", text).strip("-._")
    return shortened(clean, DNS_LABEL_MAX_CHARACTERS)


def selector(workload: Workload) -> dict[str, str]:
    """The two labels that pods of `workload` have and no other pods in the cluster; they never change."""
    return {NAME: workload.name, INSTANCE: instance(workload.namespace, workload.name)}


def of_workload(settings: Settings, workload: Workload) -> dict[str, str]:
    """Labels of every object of `workload`; the team's own cannot displace one of the platform's."""
    return {
        **workload.labels,
        NAME: workload.name,
        INSTANCE: instance(workload.namespace, workload.name),
        COMPONENT: "workload",
        PART_OF: settings.platform,
        VERSION: value(settings.images[workload.image_key].tag),
        MANAGED_BY: MANAGER,
        APP: workload.name,
        ENV: settings.environment,
        CHART: value(f"{workload.name}-{workload.version}"),
    }


def of_pods(labels: dict[str, str]) -> dict[str, str]:
    """Labels of the pods of an object with `labels`.

    Without `chart`: a new version of the description that changes nothing else must not restart pods.
    """
    return {key: text for key, text in labels.items() if key != CHART}


def of_platform(settings: Settings, component: str, name: str) -> dict[str, str]:
    """Labels of the platform's own objects: `component` is `tenant` or `ingress`, `name` which one."""
    return {
        NAME: component,
        INSTANCE: value(name),
        COMPONENT: component,
        PART_OF: settings.platform,
        VERSION: PLATFORM_VERSION,
        MANAGED_BY: MANAGER,
        APP: component,
        ENV: settings.environment,
        CHART: f"{component}-{PLATFORM_VERSION}",
    }


def ingress_controller() -> dict[str, str]:
    """What selects the ingress controller's pods, whatever its Helm release is called."""
    return {NAME: "nginx-ingress", INSTANCE: "nginx-ingress"}
