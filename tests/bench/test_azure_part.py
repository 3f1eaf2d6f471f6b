"""The floor of the cluster part registers what the components register."""

import json
import sys
from collections import Counter

import pytest

from bench.process import run
from tests.engine import ROOT
from tests.program import planned

MODULE = (sys.executable, "-m", "bench.azure_part")


@pytest.fixture
def calls(tmp_path):
    """The file with what the components of the stack prod ask for."""
    path = tmp_path / "calls.json"
    run([*MODULE, "record", str(path), "prod"], ROOT)
    return path


def test_the_recorded_calls_are_the_azure_resources_of_the_stack(calls):
    found = json.loads(calls.read_text())
    plan = [it.type for it in planned("prod").resources if it.type.startswith("azure-native:")]
    assert Counter(it["class"] for it in found) == Counter(it.rpartition(":")[2] for it in plan)
    assert all(it["arguments"] for it in found)
    assert "known later" in calls.read_text()


def test_both_sides_run_to_the_end(calls):
    run([*MODULE, "ours", "1", "prod"], ROOT)
    run([*MODULE, "sdk", "1", str(calls)], ROOT)
