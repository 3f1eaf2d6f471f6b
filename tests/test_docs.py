"""What the documentation shows is what the commands print.

A block behind `<!-- shows: ... -->` is compared with the real thing; `UPDATE_GOLDEN=1 ./aks test tests/test_docs.py`
writes it anew.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from manifests import Values
from manifests.connections import graph
from manifests.workload import parts
from settings.faults import SettingsError
from settings.load import load
from tests.program import planned

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
BLOCK = re.compile(
    r"(?P<mark><!-- shows: (?P<what>[^\n]+) -->\n\n?)(```[a-z]*\n(?P<text>.*?)```\n)?", re.DOTALL
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
SECONDS = re.compile(r"\b[0-9]+\.[0-9]+ s\b")
MISTAKES = {
    "pool: wg1": "pool: system",
    "targetPort: http": "targetport: http",
    "uses: [redis": "uses: [reddis",
}


def command(line, root=ROOT):
    """What `./aks ...` prints on stdout, without colour; seconds differ from run to run."""
    arguments = line.removeprefix("./aks").split()
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def faults(tmp_path):
    """What three slips in one workload file give."""
    for name in ("Pulumi.prod.yaml", "workloads"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    path = tmp_path / "workloads/blob-service.yaml"
    text = path.read_text()
    for right, wrong in MISTAKES.items():
        assert right in text
        text = text.replace(right, wrong)
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, "prod")
    return f"error: {caught.value}\n"


def objects():
    """Role, kind and name of every object of blob-service."""
    settings = load(ROOT, "dev")
    values = Values(client_ids={"blob-service": "?"})
    made = parts(settings, settings.workloads["blob-service"], values, graph(settings))
    rows = [(it.role, it.manifest["kind"], it.manifest["metadata"]["name"]) for it in made]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return "".join(
        f"{role:<{widths[0]}}  {kind:<{widths[1]}}  {name}\n" for role, kind, name in rows
    )


def line_of_plan():
    """The registration of blob-service's Service."""
    [line] = [
        it for it in planned("dev").to_json().splitlines() if '"course-blob-service-service"' in it
    ]
    return line.rstrip(",") + "\n"


def real(what, tmp_path):
    kind, _, rest = what.partition(" ")
    if kind == "file":
        return (ROOT / rest).read_text()
    if kind == "run":
        return f"$ {rest}\n{command(rest)}"
    return {"faults": lambda: faults(tmp_path), "objects": objects, "plan-line": line_of_plan}[
        kind
    ]()


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_a_block_shows_what_the_command_prints(page, tmp_path):
    text = page.read_text()

    def fresh(match):
        language = "yaml" if match["what"].startswith("file") else "text"
        after = "" if match["text"] is not None else "\n"
        return f"{match['mark'].rstrip()}\n\n```{language}\n{real(match['what'], tmp_path)}```\n{after}"

    written = BLOCK.sub(fresh, text)
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(written)
        text = written
    assert SECONDS.sub("? s", text) == SECONDS.sub("? s", written), (
        "if meant, run UPDATE_GOLDEN=1 ./aks test tests/test_docs.py and read the diff"
    )


def test_the_readme_and_the_tour_show_real_output():
    for name in ("README.md", "docs/tour.md"):
        assert BLOCK.search((ROOT / name).read_text()), f"{name} shows nothing"


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_every_link_leads_to_a_file(page):
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert broken == []
