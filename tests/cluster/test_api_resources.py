"""The table of resources that roles are held against is what the API server serves.

`UPDATE_GOLDEN=1 ./aks test --cluster --kubernetes 1.35,1.36 tests/cluster/test_api_resources.py` writes it anew.
"""

import json
import os

import pytest

from settings import api_resources
from settings.api_resources import FILE, served_by
from tests.cluster.api_resources import served


def written(rows):
    lines = ",\n".join(json.dumps(it) for it in rows)
    return f"[\n{lines}\n]\n"


def updated(rows, minor):
    """The rows of the file with those of `minor` in place of what it says of that minor."""
    kept = json.loads(FILE.read_text()) if FILE.exists() else []
    found = {}
    for it in kept:
        minors = [known for known in it.pop("minors") if known != minor]
        if minors:
            found[json.dumps(it, sort_keys=True)] = (it, minors)
    for it in rows.values():
        _, minors = found.setdefault(json.dumps(it, sort_keys=True), (it, []))
        minors.append(minor)
    every = [{**it, "minors": sorted(minors)} for it, minors in found.values()]
    return sorted(every, key=lambda it: (it["group"], it["name"], it["minors"]))


@pytest.fixture(scope="module")
def rows(lab_estate):
    """What the server serves."""
    return served(lab_estate.api)


def test_the_table_of_resources_is_what_the_api_server_serves(rows, kubernetes):
    if os.environ.get("UPDATE_GOLDEN"):
        FILE.write_text(written(updated(rows, kubernetes)))
        for kept in (api_resources.rows, api_resources.minors, served_by):
            kept.cache_clear()

    assert written(updated(rows, kubernetes)) == FILE.read_text()


def test_the_table_reads_as_the_server_answers(rows, kubernetes):
    known = served_by(kubernetes)

    for key, row in rows.items():
        assert {*known[key].verbs} >= {*row["verbs"]}, key
        assert (known[key].kind, known[key].namespaced) == (row["kind"], row["namespaced"]), key


@pytest.mark.parametrize("change", [{"verbs": ["get"]}, {"namespaced": False}, {"kind": "Pot"}])
def test_a_resource_that_changed_is_noticed(rows, kubernetes, change):
    other = {**rows, ("", "pods"): {**rows["", "pods"], **change}}

    assert written(updated(other, kubernetes)) != FILE.read_text()


def test_a_resource_that_is_gone_is_noticed(rows, kubernetes):
    other = {key: row for key, row in rows.items() if key != ("", "pods")}

    assert written(updated(other, kubernetes)) != FILE.read_text()
