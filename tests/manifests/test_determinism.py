"""Rendering is a function of what is said: twice the same, under any hash seed, whatever the order of keys.

The order of a map means something in two places: `env`, where a later variable may use an earlier one, and
`containers`, which start as typed where no `before` tells them apart. Workloads stand in the order of their files'
names, which the loader decides; the maps of a stack say in which order objects are made, never what is in one.
"""

import json
import os
import subprocess
import sys
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from settings import reference
from tests.manifests import rich
from tests.manifests.schema import faults
from tests.test_rooms import ROOT

AS_TYPED = ("env", "containers", "workloads")
"""Maps whose order is kept. `config.env` is a map in the object, too, and shuffled."""

SECTIONS = {it.model: it for it in reference.tables(reference.PAGES[0])}

PRINT = "from tests.manifests import test_determinism as it; print(it.text(it.rich.data()))"


def text(data: dict[str, Any]) -> str:
    """Every object as it is registered: JSON, keys sorted, in apply order."""
    return "\n".join(
        f"{group.name} {part.role} {json.dumps(part.manifest, sort_keys=True)}"
        for group in rich.groups(data)
        for part in group.parts
    )


def shuffled(value: Any, chance: Random, key: str = "", above: str = "") -> Any:
    if isinstance(value, list):
        return [shuffled(it, chance) for it in value]
    if not isinstance(value, dict):
        return value
    order = list(value)
    if key not in AS_TYPED or above == "config":
        chance.shuffle(order)
    return {it: shuffled(value[it], chance, it, key) for it in order}


def said(data: Any, path: list[str]) -> bool:
    """Whether `data` says something at `path`, with `<...>` for any key and `[]` for any item."""
    if not path:
        return True
    step, *rest = path
    if step.endswith("[]"):
        items = data.get(step[:-2], []) if isinstance(data, dict) else []
        return any(said(it, rest) for it in items)
    if not isinstance(data, dict):
        return False
    if step.startswith("<"):
        return any(said(it, rest) for it in data.values())
    return step in data and said(data[step], rest)


def unsaid(model: type[BaseModel]) -> list[str]:
    """Keys of a section that no workload of the estate says, at any of its places."""
    table = SECTIONS[model]
    workloads = rich.data()["workloads"].values()
    return [
        key
        for key in table.keys
        if not any(
            said(workload, [*filter(None, place.split(".")), key])
            for place in table.places
            for workload in workloads
        )
    ]


@pytest.mark.parametrize("model", SECTIONS, ids=lambda it: it.__name__)
def test_the_estate_says_every_key_of_a_workload(model):
    assert unsaid(model) == []


def test_every_object_of_the_estate_is_one_the_api_server_would_read():
    wrong = {
        f"{group.name} {part.role}": found
        for group in rich.groups(rich.data())
        for part in group.parts
        if (found := faults(part.manifest))
    }
    assert wrong == {}


def test_the_same_input_gives_the_same_bytes_twice():
    assert text(rich.data()) == text(rich.data())


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_the_order_of_keys_changes_no_byte_of_an_object(seed):
    before, after = text(rich.data()), text(shuffled(rich.data(), Random(seed)))
    assert set(after.splitlines()) == set(before.splitlines())


@pytest.mark.parametrize("key", ["env", "containers"])
def test_the_order_that_means_something_is_kept(key):
    data = rich.data()
    web = data["workloads"]["web"]
    web["containers"] = {name: {"args": [name]} for name in ("b", "a")}
    before = text(data)
    web[key] = dict(reversed(web[key].items()))
    assert text(data) != before


@pytest.mark.parametrize("seed", ["0", "1", "4294967295"])
def test_no_hash_seed_changes_a_byte(seed):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == text(rich.data()) + "\n"
