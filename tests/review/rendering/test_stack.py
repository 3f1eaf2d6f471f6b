"""A stack from its files to a folder."""

import gc
from dataclasses import replace
from pathlib import Path

import pytest

from review.rendering.stack import render
from settings.faults import SettingsError
from tests.program import ROOT


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(tmp_path, enabled):
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        render(ROOT, "local", tmp_path / "out", "yaml")
        after_success = gc.isenabled()
        with pytest.raises(SettingsError):
            render(ROOT, "nowhere", tmp_path / "out", "yaml")
        after_failure = gc.isenabled()
    finally:
        (gc.enable if before else gc.disable)()

    assert (after_success, after_failure) == (enabled, enabled)


def test_one_of_something_is_not_called_several(tmp_path):
    done = render(ROOT, "local", tmp_path / "out", "yaml")

    assert replace(done, objects=1, namespaces=2, files=1000).summary(Path("out")) == (
        "out: 1 object, 2 namespaces, 1,000 files"
    )
