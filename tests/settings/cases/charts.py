"""Cases of `settings/checks/charts.py`; those of values and schemas are in `test_charts.py`."""

from tests.settings.cases.common import case

CHART = {
    "namespace": "course",
    "chart": "oci://registry.example/charts/redis-exporter",
    "version": "6.1.0",
}
EXPORTER = ("dev", "charts.exporter", CHART)
FILE = ("exporter", "", {"kind": "chart", **CHART})
HELD = (
    "exporter",
    "",
    {"kind": "chart", **CHART, "valuesSchema": "charts/exporter.json", "values": {"image": {}}},
)
CASES = [
    case("dev", "charts.exporter", {**CHART, "namespace": "curse"}, "must be one of this stack's",
         at="charts.exporter.namespace"),
    case("dev", "charts.again", {**CHART, "name": "exporter"},
         "is the release of chart exporter in namespace course, too; got 'exporter'; give one of the two another "
         "'name'", at="charts.again.name", before=(EXPORTER,)),
    case("dev", f"charts.{'e' * 54}", CHART, "must have at most 53 characters: charts add to it; got 'eee",
         at=f"charts.{'e' * 54}.name"),
    case("dev", "charts.exporter.skipAwait", True, "does nothing beside 'atomic'", before=(EXPORTER,)),
    case("exporter", "values.auth", {"secure": "v1:hunter2"}, "is a secret, and settings hold none", before=(FILE,)),
    case("exporter", "values.image.tga", "1.2", "is no value of the chart; did you mean 'tag'?", before=(HELD,)),
    case("dev", "charts.exporter.values.replicaCount", 0, "the value is less than the minimum of 1; got 0; correct it",
         before=(HELD,)),
    case("dev", "charts.exporter.values", {"auth": {"password": 5}},
         "does not fit charts/exporter.json at auth.password; correct it", at="charts.exporter.values.auth.password",
         before=(HELD,)),
    case("exporter", "valuesSchema", "charts/exporter.jsn", "did you mean 'charts/exporter.json'?", before=(FILE,)),
]  # fmt: skip
