"""docs/cluster.md shows what the guard says and knows."""

import os
import re
from pathlib import Path

import pytest

from review.guard.changes import ROWS, guard
from review.guard.rows_cluster import CLUSTER
from review.guard.rows_pools import POOL
from review.guard.table import EVERY_OBJECT
from review.renderers.guard import as_text
from tests.review.guard.plans import edited, plan

PAGE = Path(__file__).parents[3] / "docs/cluster.md"
BLOCK = re.compile(
    r"(?P<mark><!-- guard: (?P<what>\w+) -->\n\n?)(?P<text>(?:```\n.*?```\n|(?:\|[^\n]*\n)+)?)",
    re.DOTALL,
)
EFFECTS = {"replaces": "replaced", "refused": "refused", "inPlace": "in place"}


def example():
    def larger(it):
        claim = it["spec"]["volumeClaimTemplates"][0]
        claim["spec"]["resources"]["requests"]["storage"] = "16Gi"

    head = edited(plan(), "aks-pool-wg1", lambda it: it.update(vmSize="Standard_D16ds_v5"))
    head = edited(head, "aks-pool-system", lambda it: it.update(maxPods=60))
    head = edited(head, "course-redis-statefulset", larger)
    return "```\n" + "\n".join(as_text(plan(), head, guard(plan(), head))) + "\n```\n"


def table(rows, *, named=False):
    head = (
        "| resource | field | happens | why | known |"
        if named
        else "| field | happens | why | known |"
    )
    lines = [head, re.sub(r"[^|]+", "---", head)]
    for it in rows:
        kind = f"| {it.type.rpartition(':')[2]} " if named else ""
        why = it.why.replace("|", "\\|").removesuffix(": everything that runs there goes")
        lines.append(f"{kind}| `{it.path}` | {EFFECTS[it.effect]} | {why} | {it.known} |")
    return "\n".join(lines) + "\n"


def shown(what):
    if what == "example":
        return example()
    if what == "cluster":
        return table(
            it for it in ROWS if it.type == CLUSTER and not it.path.startswith("agentPool")
        )
    if what == "pools":
        return table(it for it in ROWS if it.type == POOL)
    return table((it for it in ROWS if it.type not in (CLUSTER, POOL, EVERY_OBJECT)), named=True)


@pytest.mark.parametrize("what", ["example", "cluster", "pools", "others"])
def test_the_page_shows_it_as_it_is(what):
    text = PAGE.read_text(encoding="utf-8")
    [block] = [it for it in BLOCK.finditer(text) if it["what"] == what]
    wanted = shown(what)
    if os.environ.get("UPDATE_GOLDEN"):
        rest = text[block.end() :].lstrip("\n")
        text = f"{text[: block.start()]}<!-- guard: {what} -->\n\n{wanted}\n{rest}"
        PAGE.write_text(text, encoding="utf-8")
        [block] = [it for it in BLOCK.finditer(text) if it["what"] == what]

    assert block["text"] == wanted, (
        "docs/cluster.md tells of another guard; run UPDATE_GOLDEN=1 ./aks test tests/review/guard"
    )


def test_every_page_that_a_safe_path_names_is_there():
    headings = {
        re.sub(r"[^\w -]", "", it).strip().lower().replace(" ", "-")
        for it in re.findall(r"^#+ (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = {it for row in ROWS for it in re.findall(r"docs/cluster\.md#([\w-]+)", row.safe)}

    assert named <= headings
    assert len(named) >= 3
