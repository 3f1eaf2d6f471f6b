"""Compiled templates are kept: a page that finds them is the same, and what is not theirs is not run."""

import shutil

import pytest
from jinja2 import Environment

from review.renderers.html import page
from review.sources.cache import Cache
from tests.review.renderers.reviews import rich


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def compiled(monkeypatch):
    """Names of templates that are compiled from now on."""
    names = []
    real = Environment.compile

    def compile_(self, source, name=None, filename=None, **more):
        names.append(name)
        return real(self, source, name, filename, **more)

    monkeypatch.setattr(Environment, "compile", compile_)
    return names


def test_a_page_that_finds_its_templates_compiles_none_and_is_the_same(folder, compiled):
    first = page.as_html(rich(), Cache(folder))
    assert "page.html" in compiled
    compiled.clear()

    assert page.as_html(rich(), Cache(folder)) == first
    assert compiled == []
    assert page.as_html(rich()) == first


def test_a_template_of_another_text_is_compiled_anew(folder, compiled, tmp_path, monkeypatch):
    page.as_html(rich(), Cache(folder))
    templates = tmp_path / "templates"
    shutil.copytree(page.FOLDER, templates)
    text = (templates / "page.html").read_text()
    (templates / "page.html").write_text(text.replace("<footer>", "<footer>another"))
    monkeypatch.setattr(page, "FOLDER", templates)
    compiled.clear()

    assert "<footer>another" in page.as_html(rich(), Cache(folder))
    assert "page.html" in compiled


def test_an_entry_that_is_not_whole_is_not_run(folder, compiled):
    page.as_html(rich(), Cache(folder))
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    compiled.clear()
    page.as_html(rich(), Cache(folder))

    assert "page.html" in compiled
