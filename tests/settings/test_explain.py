"""Every value of a stack can be traced to the line that sets it, or to its default."""

from pathlib import Path

import pytest

from settings.explain import UnknownKeyError, explain, steps_of
from settings.load import check, read_sources

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def prod():
    sources = read_sources(ROOT, "prod")
    return check(sources), sources


def line_of(file, text):
    return next(
        number
        for number, line in enumerate((ROOT / file).read_text().splitlines(), 1)
        if text in line
    )


@pytest.mark.parametrize(
    ("key", "value", "file", "text"),
    [
        ("cluster.tier", "Standard", "Pulumi.prod.yaml", "tier: Standard"),
        ("workloads.blob-service.autoscale.cpu", 70, "workloads/blob-service.yaml", "cpu: 70"),
        ("workloads.blob-service.autoscale.max", 8, "Pulumi.prod.yaml", "{min: 3, max: 8}"),
        (
            "workloads.blob-service.routes[0].host",
            "public",
            "workloads/blob-service.yaml",
            "host: public",
        ),
        ("aks-platform:settings.nodePools.wg1.max", 6, "Pulumi.prod.yaml", "max: 6"),
    ],
)
def test_a_value_is_traced_to_the_file_and_line_that_won(prod, key, value, file, text):
    [found] = explain(*prod, key)
    assert (found.value, found.source) == (value, f"{file}:{line_of(file, text)}")
    assert found.reason


def test_a_value_nobody_wrote_is_a_default_with_its_reason(prod):
    [found] = explain(*prod, "nodePools.wg1.maxPods")
    assert (found.value, found.source, found.reason) == (
        110,
        "default",
        "Pods a node; fixed at creation.",
    )


def test_a_null_that_removes_what_the_catalogue_says_is_named(prod):
    [found] = explain(*prod, "workloads.authentication.replicas")
    line = line_of("Pulumi.prod.yaml", "replicas: null")
    assert (found.value, found.source) == (
        None,
        f"Pulumi.prod.yaml:{line} (null removes it), default",
    )


def test_a_key_with_keys_below_it_explains_each(prod):
    found = explain(*prod, "nodePools.wg1")
    assert {it.key: it.value for it in found}["nodePools.wg1.vmSize"] == "Standard_D8ds_v5"
    assert len(found) > 10


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("nodePool.wg1", "did you mean 'nodePools'?"),
        ("nodePools.wg2", "did you mean 'wg1'?"),
        ("cluster.tier.x", "has nothing below it"),
        ("workloads.blob-service.routes[7]", "known: [0]"),
        ("cluster..tier", "not a key path"),
    ],
)
def test_an_unknown_key_is_answered_with_what_is_there(prod, key, answer):
    with pytest.raises(UnknownKeyError) as caught:
        explain(*prod, key)
    assert answer in str(caught.value)


def test_a_key_path_has_names_indexes_and_quoted_names():
    assert steps_of('a.b[0]["x.y"].c') == ("a", "b", 0, "x.y", "c")
