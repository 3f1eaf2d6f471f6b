"""What docs/releases.md says that commands answer is what they answer, for the blocks that stand before it."""

import os
import re
from pathlib import Path

import pytest

from review.analyses.releases import release_findings
from review.plan import Plan, Resource
from settings.explain_release import explained
from settings.load import check, read_sources
from tests.doc_blocks import blocks, load_with, rendered

PAGE = Path(__file__).parents[1] / "docs/releases.md"
MARK = re.compile(
    r"(?P<mark><!-- (?P<kind>explains|finds): [a-z]+ -->\n)(\n```text\n.*?```\n)?", re.DOTALL
)
LINE = re.compile(r"Pulumi\.dev\.yaml:[0-9]+")


def answer(kind, block, root):
    settings = load_with(block, root)
    if kind == "explains":
        sources = read_sources(root, block.stack)
        # The block stands on the shipped file, written anew: lines are not those of a reader.
        told = explained(check(sources), sources, "quiz")
        return "\n".join(LINE.sub("Pulumi.dev.yaml", it) for it in told)
    rows = [
        Resource(urn=f"{group.name}-{it.role}", type="kubernetes:any:Any", name=it.role, inputs=it.manifest)
        for group in rendered(settings)
        for it in group.parts
    ]  # fmt: skip
    plan = Plan(project="aks-platform", stack="dev", resources=tuple(rows), outputs={})
    return "\n".join(str(it) for it in release_findings(plan))


def test_the_page_shows_what_is_said_of_the_block_before(tmp_path):
    text, number = PAGE.read_text(), 0

    def fresh(match):
        nonlocal number
        number += 1
        line = text.count("\n", 0, match.start())
        block = [it for it in blocks(PAGE) if it.line < line and it.of_stack][-1]
        said = answer(match["kind"], block, tmp_path / str(number))
        return f"{match['mark']}\n```text\n{said}\n```\n"

    written = MARK.sub(fresh, text)
    assert number == 4
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(written)
        return
    assert text == written, "if meant, run UPDATE_GOLDEN=1 ./aks test tests/test_docs_releases.py"


@pytest.mark.parametrize("name", ["canary", "blueGreen", "gray", "rollback"])
def test_the_page_has_a_block_for_each_way_of_releasing(name):
    assert any(name in it.text for it in blocks(PAGE) if not it.refused)
