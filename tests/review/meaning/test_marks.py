"""Whatever a plan leaves open, wherever it stands, the meaning of a change is told, and no mark gets into it."""

import copy
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.meaning import connections, exposure, permissions
from tests.review.guard.plans import edited, plan
from tests.review.meaning.estates import SECRET, UNKNOWN
from tests.review.meaning.telling import findings

MEANINGS = (connections, exposure, permissions)
TYPES = (
    *("NetworkPolicy", "Ingress", "Service", "Role", "RoleBinding", "Deployment", "CronJob"),
    *("Namespace", "ServiceAccount", "StatefulSet", "Release", "RoleAssignment"),
    *("ManagedCluster", "FederatedIdentityCredential", "UserAssignedIdentity"),
    *("TrustedAccessRoleBinding", "StorageAccount"),
)
CANARY = "hunter2-canary"


@cache
def sides():
    return [it.of_plan(plan()) for it in MEANINGS]


@cache
def places():
    """Each row with the paths of all that stands in it."""
    found = []
    for row in plan().resources:
        if row.type.rpartition(":")[2] in TYPES:
            found += [
                (row.urn, path)
                for path in below(row.inputs)
                if path[0] not in ("kind", "apiVersion")
            ]
    return found


def below(value, at=()):
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, it in items:
        yield (*at, key)
        yield from below(it, (*at, key))


def with_mark(urn, path, mark):
    def change(row):
        inputs = copy.deepcopy(dict(row.inputs))
        at = inputs
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = dict(mark)
        return replace(row, inputs=inputs)

    rows = (change(it) if it.urn == urn else it for it in plan().resources)
    return replace(plan(), resources=tuple(rows))


@settings(max_examples=120)
@given(st.data(), st.sampled_from((UNKNOWN, SECRET)))
def test_a_mark_anywhere_is_no_error_and_stands_in_no_text(data, mark):
    head = with_mark(*data.draw(st.sampled_from(places())), mark)

    for meaning, base in zip(MEANINGS, sides(), strict=True):
        side = meaning.of_plan(head)
        told = [*meaning.compare(base, side), *meaning.compare(side, base)]
        texts = [*meaning.notes(side), *(f"{it.message}{it.resource}{it.path}" for it in told)]
        assert not any("$unknown" in it or "$secret" in it for it in texts)
        assert list(meaning.compare(side, side)) == []


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda it: it.__name__.rpartition(".")[2])
def test_no_value_of_a_secret_gets_into_a_side(meaning):
    head = edited(
        plan(),
        "course-web-deployment",
        lambda it: it["spec"]["template"]["spec"]["containers"][0].update(
            env=[{"name": "X", "value": CANARY}]
        ),
    )

    assert CANARY not in repr(meaning.of_plan(head))
    assert findings(meaning, head) == []
