"""One workload: its controller and everything that stands around it."""

from manifests import Part, Values
from manifests.connections import Graph
from settings.stack import Settings
from settings.workload import Workload


def parts(settings: Settings, workload: Workload, values: Values, graph: Graph) -> tuple[Part, ...]:
    """Objects of `workload` in apply order; `graph` is `connections.graph(settings)`, made once an estate."""
    raise NotImplementedError
