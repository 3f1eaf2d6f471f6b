"""A Helm chart of the estate: named in the stack's `charts`, or a file of kind `chart` in `workloads/`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from settings.ports import ContainerPortOrNumber
from settings.section import BY_KEY, Section
from settings.values import (
    ChartReference,
    ChartVersion,
    DnsLabel,
    ImageDigest,
    LabelKey,
    LabelValue,
    Namespace,
    PortName,
    Positive,
    ProjectedPath,
)


class ChartPods(Section):
    """Pods that a chart makes, as far as network policies see them. No plan knows them: it is believed."""

    labels: dict[LabelKey, LabelValue] = Field(min_length=1)
    """Labels of the pods: what the chart selects them by."""

    ports: Annotated[dict[PortName, ContainerPortOrNumber], BY_KEY] = {}
    """Container ports by name: a number, or that with a `protocol`."""


class Chart(Section):
    """One Helm release, as one resource of the plan with its values."""

    kind: Literal["chart"] = "chart"
    """Said in a file of `workloads/`, not needed in the stack."""

    name: DnsLabel | None = None
    """Release name; omitted: the key in `charts`, or the name of the file."""

    namespace: Namespace
    """Namespace of the stack it is installed in."""

    chart: ChartReference
    """OCI reference without version, for example `oci://registry.example/charts/redis-exporter`."""

    version: ChartVersion
    """Version of the chart, in full."""

    digest: ImageDigest | None = None
    """Digest of the chart: what `helm pull` prints. Helm pulls that content alone, and refuses it where the version
    is another's by now."""

    values: dict[str, Any] = {}
    """The chart's values; the stack's are merged over the file's. A null in the file, or of a chart that the stack
    alone has, takes back what the chart says. Never a secret: all of it stands in the plan and in the release."""

    values_schema: ProjectedPath | None = None
    """JSON Schema file of the values, below the project, such as the chart's own `values.schema.json`; omitted: they
    are taken as they are."""

    atomic: bool = True
    """Whether a failed install or upgrade is taken back."""

    timeout_seconds: Positive = 300
    """How long `pulumi up` waits for what the chart makes."""

    skip_crds: bool = False
    """Whether the chart's own custom resource definitions are left out. Helm never updates them."""

    skip_await: bool = False
    """Whether `pulumi up` does not wait for what the chart makes."""

    description: str | None = Field(default=None, min_length=1)
    """What it is there for."""

    pods: list[ChartPods] = []
    """Which pods the release makes: with them it is an end of `./aks reachability`, without them it is left out."""

    def release(self, key: str) -> str:
        """Name of the release of the chart that stands under `key`."""
        return self.name or key
