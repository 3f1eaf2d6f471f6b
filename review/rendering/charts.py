"""Charts of a stack: Helm alone makes objects of them, so what is rendered is their values and the command for it."""

from collections.abc import Iterator
from shlex import quote
from typing import NamedTuple

from manifests import Manifest, charts, ingress
from manifests.third_party import NGINX_INGRESS
from review.rendering.layout import File, values_file
from settings.stack import Settings


class Install(NamedTuple):
    """One chart that is to be installed beside the objects."""

    title: str
    """What the reader knows it as."""

    release: str
    reference: str
    version: str
    namespace: str
    skip_crds: bool
    values: Manifest

    @property
    def file(self) -> File:
        """Its values, in the folder of its namespace."""
        return values_file(self.namespace, self.release, self.values)

    def command(self, folder: str) -> str:
        """What installs it with the values in `folder`, where everything was rendered to."""
        words = ["helm", "install", self.release, self.reference, "--version", self.version]
        words += ["--namespace", self.namespace, *(["--skip-crds"] if self.skip_crds else [])]
        return f"{' '.join(words)} --values {quote(f'{folder}/{self.file.path}')}"


def installs(settings: Settings) -> Iterator[Install]:
    """The ingress controller's chart, and those of the stack in its order."""
    if settings.ingress.controller == "nginx":
        yield Install(
            "the ingress controller",
            NGINX_INGRESS.name,
            NGINX_INGRESS.reference,
            NGINX_INGRESS.version,
            settings.ingress.namespace,
            settings.ingress.routing == "Ingress",
            ingress.chart_values(settings),
        )
    for key, chart in settings.charts.items():
        yield Install(
            f"chart {key}",
            chart.release(key),
            charts.reference(chart.chart, chart.digest),
            chart.version,
            chart.namespace,
            chart.skip_crds,
            chart.values,
        )
