"""Where charts are written: in the stack file, or, gone with it, where the base had them."""

import pytest

from manifests.charts import COMPONENT
from review.analyses.pods import RELEASE
from review.origins import _steps, places
from review.plan import Plan, Resource
from review.report import Place
from settings.load import read_sources

URN = "urn:pulumi:prod::aks-platform::{}::{}"
STACK = """config:
  aks-platform:settings:
    ingress:
      domain: a.example
    charts:
      exporter:
        namespace: course
        chart: exporter
        repository: https://charts.example
        version: 1.2.3
"""


def chart(name):
    above = Resource(urn=URN.format(COMPONENT, name), type=COMPONENT, name=name)
    release = Resource(
        urn=URN.format(f"{COMPONENT}${RELEASE}", f"{name}-release"),
        type=RELEASE,
        name=f"{name}-release",
        parent=above.urn,
        inputs={"name": "exporter", "namespace": "course"},
    )
    return above, release


def plan(*rows):
    return Plan(project="aks-platform", stack="prod", resources=rows)


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: aks-platform\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(STACK)
    (tmp_path / "workloads").mkdir()
    return read_sources(tmp_path, "prod")


def found(sources, row, head, base=None, described=dict):
    return dict(places([(row.urn, ""), (row.urn, "values.a")], head, sources, base, described))


def test_a_chart_and_its_release_are_where_the_stack_has_them(sources):
    head = plan(*chart("course-exporter"))

    for row in head.resources:
        [place] = found(sources, row, head).values()
        assert place.file == "Pulumi.prod.yaml"
        assert STACK.split("\n")[place.line - 1].strip() == "exporter:"


def test_a_chart_that_is_gone_is_told_where_the_base_described_it(sources):
    was = Place(file="workloads/other.yaml", line=2, gone=True)
    above, release = chart("course-other")

    for row in (above, release):
        places_ = found(sources, row, plan(), plan(above, release), lambda: {"course-other": was})
        assert places_ == {row.urn: was}
        assert found(sources, row, plan(), plan(above, release)) == {}


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a.b[0].c", ("a", "b", "0", "c")),
        (
            'metadata.labels["app.kubernetes.io/name"]',
            ("metadata", "labels", "app.kubernetes.io/name"),
        ),
        ('a["say \\"hi\\""].b', ("a", 'say "hi"', "b")),
        ("", ()),
    ],
)
def test_a_quoted_step_of_a_path_is_one_step(path, steps):
    assert _steps(path) == steps
