"""docs/promotion.md shows what the commands say of the shipped stacks."""

import difflib
import os
import re
from pathlib import Path

import pytest

from review.promotion.comparison import Comparison
from review.promotion.differences import differences
from review.promotion.record import name_of, text_of
from review.promotion.refusals import Rule
from review.renderers import comparison, promotion
from tests.review.promotion.stacks import project, proposed, replaced, stack, without_digests

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/promotion.md"
BLOCK = re.compile(
    r"<!-- promotion: (?P<what>[a-z ]+) -->\n\n```(?P<language>[a-z]+)\n(?P<text>.*?)```\n",
    re.DOTALL,
)
NAMED = ["web", "business-data-sync"]


def dry_run(folder):
    return "\n".join(promotion.as_text(proposed(folder)))


def by_name(folder):
    return "\n".join(promotion.as_text(proposed(folder, workloads=NAMED)))


def edit(folder):
    before = stack(folder, "prod").sources.document.text
    after = proposed(folder, workloads=NAMED).text
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(it for it in lines if not it.startswith(("---", "+++", "@@")))


def record(folder):
    found = proposed(folder, workloads=["web"])
    text = text_of(found, mandatory=0, advisory=0, allow_downgrade=False, commit="3f2c1ab0" * 5)
    return f"# {name_of(found)}\n{text}".rstrip()


def refused(folder):
    path = folder / "Pulumi.dev.yaml"
    path.write_text(without_digests(path.read_text()))
    return "\n".join(promotion.as_text(proposed(folder, workloads=["web", "webb"])))


def drift(folder):
    path = folder / "Pulumi.prod.yaml"
    path.write_text(replaced("className: nginx", "className: public")(path.read_text()))
    stacks = [stack(folder, name) for name in ("dev", "prod")]
    found = Comparison(one="dev", other="prod", settings=tuple(differences(*stacks)), rendered=())
    lines = list(comparison.as_text(found))
    return "\n".join(lines[: lines.index("", 2)])


REAL = {
    "dry run": dry_run,
    "by name": by_name,
    "edit": edit,
    "record": record,
    "refused": refused,
    "drift": drift,
}


@pytest.mark.parametrize("what", REAL)
def test_a_block_shows_what_the_command_says(what, tmp_path):
    text = PAGE.read_text()
    [block] = [it for it in BLOCK.finditer(text) if it["what"] == what]
    real = REAL[what](project(tmp_path)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(text[: block.start("text")] + real + text[block.end("text") :])
        return
    assert block["text"] == real


def test_every_reason_to_refuse_is_on_the_page():
    assert set(re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(), re.MULTILINE)) == set(
        Rule.__args__
    )
