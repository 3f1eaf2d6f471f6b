"""The way in: the controller's namespace, its Helm values, and one master Ingress for each host in use."""

from typing import Any

from manifests import Part
from settings.stack import Settings


def parts(settings: Settings) -> tuple[Part, ...]:
    """Objects of the ingress, the Namespace (role `namespace`) first; empty where nothing is routed or installed."""
    raise NotImplementedError


def chart_values(settings: Settings) -> dict[str, Any]:
    """Helm values of the controller's chart (`third_party.NGINX_INGRESS`); only with controller nginx."""
    raise NotImplementedError
