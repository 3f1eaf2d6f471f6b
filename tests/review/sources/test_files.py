"""The files of a stack are parsed once: read again they are what they were, and an edited one is what it is."""

import shutil

import pytest

from review.sources import files
from review.sources.cache import Cache
from settings import yaml_source
from settings.load import check, read_sources
from tests.program import ROOT


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    shutil.copytree(ROOT / "workloads", folder / "workloads")
    for path in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(autouse=True)
def parsed(monkeypatch):
    """Names of the files that are parsed."""
    monkeypatch.setattr(yaml_source, "_remembered", {})
    found = []
    builder = yaml_source.UntaggedParser

    def noted(text):
        found.append(text)
        return builder(text)

    monkeypatch.setattr(yaml_source, "UntaggedParser", noted)
    return found


def another_run(monkeypatch, parsed):
    monkeypatch.setattr(yaml_source, "_remembered", {})
    parsed.clear()


def read(sources):
    return {name: (it.file, it.text, it.data) for name, it in sources.catalogue.items()}


def test_a_second_run_parses_the_stack_file_alone_and_reads_the_same(
    tree, tmp_path, monkeypatch, parsed
):
    cache = Cache(tmp_path / "cache")
    first = files.sources_of(tree, "prod", cache)
    assert len(parsed) == len(first.catalogue) + len(first.charts) + 1
    another_run(monkeypatch, parsed)

    second = files.sources_of(tree, "prod", cache)

    assert parsed == [first.document.text]
    assert read(second) == read(first) == read(read_sources(tree, "prod"))
    assert check(second) == check(read_sources(tree, "prod"))


def test_an_edited_file_is_parsed_and_no_other(tree, tmp_path, monkeypatch, parsed):
    cache = Cache(tmp_path / "cache")
    files.sources_of(tree, "prod", cache)
    web = tree / "workloads" / "web.yaml"
    web.write_text(web.read_text() + "priorityClass: other\n")
    another_run(monkeypatch, parsed)

    sources = files.sources_of(tree, "prod", cache)

    assert set(parsed) == {web.read_text(), sources.document.text}
    assert sources.catalogue["web"].data["priorityClass"] == "other"


def test_what_was_read_is_there_for_the_program(tree, parsed):
    sources = files.sources_of(tree, "prod", Cache(None))
    parsed.clear()

    check(read_sources(tree, "prod"))

    # The stack file is looked into for the lines of its keys.
    assert set(parsed) <= {sources.document.text}


def test_nothing_of_a_stack_file_is_kept(tree, tmp_path):
    path = tree / "Pulumi.prod.yaml"
    path.write_text(f"{path.read_text()}\n  aks-platform:token: {{secure: planted-canary}}\n")
    folder = tmp_path / "cache"

    files.sources_of(tree, "prod", Cache(folder))

    kept = [it.read_bytes() for it in folder.iterdir()]
    assert any(b"web" in it for it in kept)
    assert not any(b"planted-canary" in it for it in kept)
