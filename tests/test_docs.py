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
import yaml

from manifests import Values
from manifests.connections import graph
from manifests.workload import parts
from settings.faults import SettingsError
from settings.load import load
from tests.doc_blocks import blocks, load_with, rendered
from tests.manifests.pod_security import violations
from tests.manifests.schema import faults as schema_faults
from tests.program import planned

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCKS = [it for page in PAGES for it in blocks(page) if it.of_yaml]
PRODUCTION_SHAPED = [
    it
    for it in BLOCKS
    if it.page.name == "workloads.md" and it.name in ("grading", "gallery") and it.whole
]
MOST_LINES = 10
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


def becomes(rest, tmp_path):
    """Kind and name of the objects of a workload that a page shows; with a kind behind, that object whole."""
    page, name, *kind = rest.split()
    [block] = [it for it in blocks(ROOT / "docs" / page) if it.name == name and it.whole]
    made = objects_of(block, load_with(block, tmp_path / "-".join(rest.split())))
    if kind:
        [found] = [it.manifest for it in made if it.manifest["kind"] == kind[0]]
        return yaml.safe_dump(found, sort_keys=False, width=120)
    return "".join(f"{it.manifest['kind']:<24}{it.manifest['metadata']['name']}\n" for it in made)


def objects_of(block, settings):
    """What a workload's block becomes; of a stack's block all that the estate becomes."""
    return [
        part
        for group in rendered(settings)
        if not block.name or group.name == f"{group.namespace}-{block.data.get('name', block.name)}"
        for part in group.parts
    ]


def real(what, tmp_path):
    kind, _, rest = what.partition(" ")
    if kind == "file":
        return (ROOT / rest).read_text()
    if kind == "run":
        return f"$ {rest}\n{command(rest)}"
    if kind == "draws":
        return command(rest)
    if kind == "becomes":
        return becomes(rest, tmp_path)
    return {"faults": lambda: faults(tmp_path), "objects": objects, "plan-line": line_of_plan}[
        kind
    ]()


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_a_block_shows_what_the_command_prints(page, tmp_path):
    text = page.read_text()

    def fresh(match):
        words = match["what"].split()
        whole = words[0] == "file" or (words[0] == "becomes" and len(words) == 4)
        language = "mermaid" if words[0] == "draws" else "yaml" if whole else "text"
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


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_file_that_a_page_shows_does_what_the_page_says(block, tmp_path):
    if block.refused:
        with pytest.raises(SettingsError) as caught:
            load_with(block, tmp_path)
        for text in block.refused:
            assert text in str(caught.value)
        return
    settings = load_with(block, tmp_path)
    if block.data.get("kind") == "chart":
        assert block.data.get("name", block.name) in settings.charts
        return
    made = objects_of(block, settings)
    assert made, "no object comes of it"
    wrong = {part.role: found for part in made if (found := schema_faults(part.manifest))}
    assert wrong == {}


@pytest.mark.parametrize("block", PRODUCTION_SHAPED, ids=lambda it: it.name)
def test_ten_lines_give_a_production_shaped_deployment(block, tmp_path):
    assert len(block.text.splitlines()) <= MOST_LINES
    made = {
        it.manifest["kind"]: it.manifest for it in objects_of(block, load_with(block, tmp_path))
    }
    assert {kind: schema_faults(it) for kind, it in made.items() if schema_faults(it)} == {}
    deployment = made["Deployment"]["spec"]
    pod = deployment["template"]["spec"]
    [container] = pod["containers"]
    assert list(violations(pod)) == []
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["automountServiceAccountToken"] is False
    assert {"requests", "limits"} <= container["resources"].keys()
    assert {"readinessProbe", "lifecycle"} <= container.keys()
    assert {it["topologyKey"] for it in pod["topologySpreadConstraints"]} == {
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    }
    fewest = made.get("HorizontalPodAutoscaler", {}).get("spec", {}).get("minReplicas")
    assert (fewest or deployment["replicas"]) >= 2
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert made["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
    assert made["ServiceAccount"]["automountServiceAccountToken"] is False
    assert "Service" in made
