"""The quality of service class of a pod, and what is said of it."""

import pytest

from settings.bounds import Limits
from settings.explain import UnknownKeyError
from settings.qos import explained, qos_class, rows, wants
from tests.manifests.samples import QUOTA, stack, web

FULL = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
LIMITS = {"limits": {"cpu": "1", "memory": "1Gi"}}
NONE_FILLED = Limits.model_validate({"defaultRequest": {}, "default": {}})


def class_of(own, further=(), limits=NONE_FILLED):
    containers = {f"c{index}": {"resources": it} for index, it in enumerate(further)}
    return qos_class(rows(web(resources=own, containers=containers), limits))


@pytest.mark.parametrize(
    ("own", "further", "expected"),
    [
        ({}, [], "BestEffort"),
        ({}, [{}], "BestEffort"),
        ({"requests": {"cpu": "1"}}, [], "Burstable"),
        (FULL, [], "Guaranteed"),
        (LIMITS, [], "Guaranteed"),
        (FULL, [{}], "Burstable"),
        (FULL, [LIMITS], "Guaranteed"),
        ({"limits": {"cpu": "1"}}, [], "Burstable"),
        ({**FULL, "requests": {"cpu": "500m", "memory": "1Gi"}}, [], "Burstable"),
        ({**FULL, "requests": {"cpu": "1000m", "memory": "1024Mi"}}, [], "Guaranteed"),
        ({}, [FULL], "Burstable"),
    ],
)
def test_the_class_follows_from_every_container(own, further, expected):
    assert class_of(own, further) == expected


def test_a_container_that_ends_first_counts_as_well():
    subject = web(resources=FULL, containers={"migrate": {"before": "complete"}})
    assert qos_class(rows(subject, NONE_FILLED)) == "Burstable"


def test_a_namespaces_defaults_are_filled_in_first():
    assert class_of({}, limits=Limits()) == "Burstable"
    alike = {"cpu": "1", "memory": "1Gi"}
    even = Limits.model_validate({"defaultRequest": alike, "default": alike})
    assert class_of({}, [{}], even) == "Guaranteed"


def test_what_guaranteed_needs_is_nothing_exactly_where_it_is_the_class():
    for own in ({}, FULL, LIMITS, {"limits": {"cpu": "1"}}, {"requests": {"memory": "1Gi"}}):
        found = rows(web(resources=own), NONE_FILLED)
        assert (list(wants(found)) == []) == (qos_class(found) == "Guaranteed")


def test_a_reader_sees_each_container_where_it_has_an_amount_from_and_what_to_change():
    containers = {"migrate": {"before": "complete", "resources": LIMITS}, "log": {}}
    subject = web(containers=containers, resources={"requests": {"cpu": "100m"}})
    namespace = {"quota": QUOTA, "limits": {"default": {"cpu": "250m"}}}
    settings = stack(subject, namespaces={"shop": namespace, "back": {"quota": QUOTA}})
    assert explained(settings, "web") == [
        "qos.web = Burstable",
        "  container  cpu request  cpu limit  memory request  memory limit",
        "  migrate    1            1          1Gi             1Gi",
        "  web        100m         250m*      64Mi*           none",
        "  log        50m*         250m*      64Mi*           none",
        "  * default of namespace shop",
        "  for Guaranteed:",
        "    set 'resources.requests.cpu' to its limit, 250m; it is 100m",
        "    add 'resources.limits.memory'",
        "    set 'containers.log.resources.requests.cpu' to its limit, 250m; it is 50m",
        "    add 'containers.log.resources.limits.memory'",
    ]


def test_a_guaranteed_pod_needs_nothing_more():
    assert explained(stack(web(resources=FULL)), "web") == [
        "qos.web = Guaranteed",
        "  container  cpu request  cpu limit  memory request  memory limit",
        "  web        1            1          1Gi             1Gi",
    ]


def test_an_unknown_workload_is_named_with_the_near_one():
    with pytest.raises(UnknownKeyError, match="no workload 'wbe' in this stack; did you mean"):
        explained(stack(web()), "wbe")
