"""Helm releases of the estate's own charts: the inputs of one resource each, in wire form.

The engine hands them to Helm as they are; what Helm makes of them is in no plan:
docs/decisions/0004-helm-release-not-chart.md
"""

from typing import Any, Final

from manifests import Manifest
from settings.charts import Chart
from settings.stack import Settings

DIGEST_MARK: Final = "@"

COMPONENT: Final = "aks-platform:kubernetes:Chart"
"""Type token of what is above a release; its input `pods` is of the form of `declared_pods`."""


def release(settings: Settings, key: str, chart: Chart) -> Manifest:
    """Inputs of the `helm.v3.Release` of the chart under `key` in `charts`.

    Where the stack does not wait for pods, neither does Helm: atomic would wait, and take back what nobody starts.
    """
    waits = not (settings.skip_await or chart.skip_await)
    given: dict[str, Any] = {
        "name": chart.release(key),
        "chart": reference(chart.chart, chart.digest),
        "version": chart.version,
        "namespace": chart.namespace,
        "values": chart.values,
        "skipCrds": chart.skip_crds,
        "atomic": chart.atomic and waits,
        "timeout": chart.timeout_seconds,
        "compat": "true",
    }
    if not waits:
        given["skipAwait"] = True
    if chart.description:
        given["description"] = chart.description
    if _has_null(chart.values):
        # Without it the provider drops a null, and with it what it takes back of the chart's own values.
        given["allowNullValues"] = True
    return given


def declared_pods(chart: Chart) -> list[dict[str, Any]]:
    """What `pods` of a chart says, for whoever reads a plan: labels, and ports by name with number and protocol."""
    return [
        {
            "labels": dict(it.labels),
            "ports": {
                name: {"port": port.port, "protocol": port.protocol}
                for name, port in it.ports.items()
            },
        }
        for it in chart.pods
    ]


def reference(url: str, digest: str | None) -> str:
    """What Helm is to pull: of a digest it takes that content alone, and refuses a version that is another's.

    Helm 3.18 and later (https://github.com/helm/helm/pull/12690); an older one refuses the reference.
    """
    return f"{url}{DIGEST_MARK}{digest}" if digest else url


def _has_null(node: object) -> bool:
    if isinstance(node, dict):
        return any(it is None or _has_null(it) for it in node.values())
    return isinstance(node, list) and any(map(_has_null, node))
