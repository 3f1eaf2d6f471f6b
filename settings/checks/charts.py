"""Charts: where they go, what Helm makes of their names, and whether their values are such that the chart takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.chart_values import UNKNOWN, SchemaError, read_schema, wrong_values
from settings.charts import Chart
from settings.checks.names import of_namespace
from settings.explain_errors import SEALED_REMEDY, SEALED_RULE, is_sealed
from settings.explain_errors import Path as KeyPath
from settings.faults import Fault, dotted, kind_of, may_be_secret, shown
from settings.sources import CHARTS, Sources
from settings.stack import Settings

MOST_RELEASE_CHARACTERS = 53
"""https://helm.sh/docs/chart_template_guide/getting_started/#adding-a-simple-template-call"""

INGRESS_RELEASE = "nginx-ingress"
"""Release of the ingress controller, in its own namespace."""


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Namespaces exist, no two releases meet, and values fit the schema where there is one."""
    releases: dict[tuple[str, str], str] = {}
    if settings.ingress.controller == "nginx":
        releases[settings.ingress.namespace, INGRESS_RELEASE] = "the ingress controller"
    for key, chart in settings.charts.items():
        at = (CHARTS, key)
        yield from of_namespace(chart.namespace, at, settings, sources)
        release = chart.release(key)
        other = releases.setdefault((chart.namespace, release), f"chart {key}")
        if other != f"chart {key}":
            yield sources.fault(
                (*at, "name"),
                f"is the release of {other} in namespace {chart.namespace}, too",
                repr(release),
                "give one of the two another 'name'",
            )
        if len(release) > MOST_RELEASE_CHARACTERS:
            yield sources.fault(
                (*at, "name"),
                f"must have at most {MOST_RELEASE_CHARACTERS} characters: charts add to it",
                repr(release),
                "give it a shorter 'name'",
            )
        if chart.skip_await and chart.atomic:
            yield sources.fault(
                (*at, "skipAwait"),
                "does nothing beside 'atomic', which waits to know whether it must take back",
                "true",
                "add 'atomic: false', or remove it",
            )
        yield from _sealed(chart.values, (*at, "values"), sources)
        if chart.values_schema:
            yield from _values(chart, at, settings, sources)


def _sealed(node: Any, at: KeyPath, sources: Sources) -> Iterator[Fault]:
    """Secrets in the values of a file: those of the stack are found as it is read."""
    if is_sealed(node):
        if at not in sources.sealed:
            yield sources.fault(at, SEALED_RULE, remedy=SEALED_REMEDY)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _sealed(value, (*at, key), sources)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _sealed(value, (*at, index), sources)


def _values(
    chart: Chart, at: tuple[str, ...], settings: Settings, sources: Sources
) -> Iterator[Fault]:
    name = chart.values_schema or ""
    key = (*at, "valuesSchema")
    try:
        schema = read_schema(sources.folder, name)
        found = wrong_values(schema, chart.values, settings.cluster.kubernetes_version)
    except SchemaError as error:
        yield sources.fault(key, error.rule, repr(name), error.remedy)
        return
    for path, rule, remedy in found:
        full = (*at, "values", *path)
        value = _at(chart.values, path)
        said = kind_of(value) if isinstance(value, dict | list) else shown(value, full)
        if rule == UNKNOWN:  # below a misspelt key anything may stand, a secret, too
            said = ""
        told = rule if not may_be_secret(full) else f"does not fit {name} at {dotted(path)}"
        yield sources.fault(full, told, said, remedy)


def _at(node: Any, path: KeyPath) -> Any:
    for step in path:
        node = node[step]
    return node
