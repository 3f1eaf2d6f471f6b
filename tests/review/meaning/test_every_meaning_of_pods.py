"""What holds for all meanings of pods, capacity and data, whatever changes."""

import base64
import copy
import json
import pickle
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.meaning import admission, capacity, data, images, restarts, versions
from review.plan import SECRET, UNKNOWN
from review.report import AREAS, AreaFinding, Fact
from tests.review.guard.plans import adding, edited, obj, plan, replacing, without
from tests.review.meaning.telling import WEB, container, pod, reloaded, shuffled, with_container

MEANINGS = [admission, capacity, data, images, restarts, versions]
TODAY = date(2026, 11, 21)
CANARY = "kanarienvogel-7f3a/+=&"
FORMS = {
    CANARY,
    base64.b64encode(CANARY.encode()).decode(),
    quote(CANARY, safe=""),
    json.dumps(CANARY)[1:-1],
}


def compared(meaning, before, after):
    dates = (TODAY,) if meaning is versions else ()
    return list(meaning.compare(before, after, *dates))


def told(meaning, base, head):
    return compared(meaning, meaning.of_plan(base), meaning.of_plan(head))


def leaves(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in sorted(value):
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for index, it in enumerate(value):
            yield from leaves(it, (*path, index))


PLACES = [
    (it.name, path)
    for it in plan().resources
    if not it.type.startswith(("pulumi:", "aks-platform:"))
    and it.inputs.get("kind") not in ("NetworkPolicy", "Role", "RoleBinding", "Ingress")
    for path in leaves(it.inputs)
    if path
]
VALUES = [
    UNKNOWN,
    SECRET,
    None,
    True,
    0,
    7,
    -1,
    "x",
    "1Gi",
    [],
    {},
    ["x"],
    {"x": "y"},
    [{"name": "x"}],
]


def put(base, name, path, value):
    def change(row):
        inputs = copy.deepcopy(dict(row.inputs))
        *above, last = path
        at = inputs
        for step in above:
            at = at[step]
        if value is ...:
            del at[last]
        else:
            at[last] = copy.deepcopy(value)
        return replace(row, inputs=inputs)

    return replacing(base, name, change)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES), st.sampled_from([..., *VALUES]), st.sampled_from(MEANINGS))
def test_any_value_in_any_place_is_compared_both_ways_without_a_traceback(place, value, meaning):
    head = put(plan(), *place, value)

    there, back = told(meaning, plan(), head), told(meaning, head, plan())
    assert told(meaning, head, reloaded(head)) == []
    for it in [*there, *back]:
        assert isinstance(it, Fact | AreaFinding)
        assert it.area in AREAS
        assert it.message
        assert "\n" not in it.message
        assert it.resource


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(PLACES), min_size=2, max_size=6, unique=True),
    st.sampled_from(VALUES),
    st.integers(),
)
def test_shuffled_rows_tell_the_same_in_the_same_order(places, value, seed):
    head = plan()
    for place in places:
        try:
            head = put(head, *place, value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier edit took the place away
    mixed = shuffled(reloaded(head), seed)

    for meaning in MEANINGS:
        one, other = meaning.of_plan(head), meaning.of_plan(mixed)
        base = meaning.of_plan(plan()), meaning.of_plan(shuffled(plan(), seed))
        assert one == other
        assert compared(meaning, base[0], one) == compared(meaning, base[1], other)


@pytest.mark.parametrize("meaning", MEANINGS)
def test_what_one_way_gains_the_other_way_loses(meaning):
    bare = without(plan(), WEB, "ingress-controller", "course-redis-statefulset", "aks-pool-wg1")
    signs = {"gained": "lost", "lost": "gained", "changed": "changed"}

    def by_resource(found):
        return {
            (it.resource, it.sign) for it in found if isinstance(it, Fact) and it.sign != "changed"
        }

    there, back = by_resource(told(meaning, plan(), bare)), by_resource(told(meaning, bare, plan()))
    of_sets = {it for it in there | back if "redis" in it[0] and meaning is data}
    assert {(name, signs[sign]) for name, sign in there - of_sets} == back - of_sets


@pytest.mark.parametrize("meaning", MEANINGS)
def test_a_side_is_plain_data_that_survives_a_pickle(meaning):
    side = meaning.of_plan(plan())

    assert pickle.loads(pickle.dumps(side)) == side
    assert meaning.of_plan(shuffled(reloaded(plan()))) == side


def with_canaries(mark):
    """Secrets and plain values in every place where people put them; `mark` makes each another one."""
    value = CANARY + mark

    def release(inputs):
        inputs["values"]["controller"]["password"] = value
        inputs["values"]["controller"]["env"] = [{"name": "TOKEN", "value": value}]

    def config(inputs):
        inputs["data"]["PASSWORD"] = value

    def annotated(inputs):
        inputs["metadata"]["annotations"] = {
            "kubectl.kubernetes.io/last-applied-configuration": value
        }
        inputs["spec"]["template"]["metadata"]["annotations"] = {"note": value}
        spec = pod(inputs)
        spec["containers"][0]["livenessProbe"] = {
            "httpGet": {"port": 1, "httpHeaders": [{"name": "Authorization", "value": value}]}
        }
        spec["containers"][0]["readinessProbe"] = {"exec": {"command": ["ask", value]}}
        spec["containers"][0]["startupProbe"] = {"httpGet": {"port": 1, "path": f"/?token={value}"}}
        spec["containers"][0]["lifecycle"] = {"preStop": {"exec": {"command": [value]}}}
        spec["hostAliases"] = [{"ip": "10.0.0.1", "hostnames": [value]}]
        container(inputs)["envFrom"] = [{"secretRef": {"name": "plain"}}]

    name = next(it.name for it in plan().resources if it.type.endswith(":ConfigMap"))
    head = edited(
        edited(edited(plan(), "ingress-controller", release), name, config), WEB, annotated
    )
    head = with_container(
        WEB, head, env=[{"name": "PASSWORD", "value": value}], args=[value], command=[value]
    )
    encoded = base64.b64encode(value.encode()).decode()
    return adding(
        head,
        obj("v1", "Secret", "plain", {"data": {"key": encoded}, "stringData": {"other": value}}),
        obj("v1", "Secret", f"web-{mark * 8}", {"stringData": {"key": value}, "immutable": True}),
    )


@pytest.mark.parametrize("meaning", MEANINGS)
def test_no_value_that_may_be_a_secret_is_ever_told(meaning):
    one, other = with_canaries("a"), with_canaries("b")

    for base, head in ((one, other), (plan(), one), (one, plan())):
        text = repr(told(meaning, base, head))
        assert not [it for it in FORMS if it.rstrip("=") in text]


def test_every_chapter_says_something_of_a_change_to_everything():
    base, head = plan("dev"), plan("prod")

    for meaning in MEANINGS:
        if meaning is not admission:
            assert told(meaning, base, head), meaning.__name__
