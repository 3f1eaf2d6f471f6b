"""The files that pages show: YAML blocks whose first line names the file, each tried in a copy of the shipped estate.

`# workloads/<name>.yaml` with a `kind` is a whole file; without one it is laid on the whole file of that name that
stands before it on the page, else on the shipped one. `# Pulumi.<stack>.yaml` is laid on the shipped stack, its
settings with or without the two keys around them. A block also stands on what the page shows before it under the same
heading, a stack's fragment on the workloads that it names wherever the page shows them, and images without a version
get one. `# refused: <text>` in a block is a part of what its reader is told instead of getting objects.
"""

import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from manifests import Group, estate
from settings.forms import form_of
from settings.load import load
from settings.merge import merge
from settings.stack import Settings
from settings.workload import Workload, key_of
from tests.manifests import samples

ROOT = Path(__file__).parents[1]
SETTINGS = "aks-platform:settings"
USUAL_STACK = "dev"
_BLOCK = re.compile(
    r"^```(?P<language>[a-z]*)\n# (?P<file>(workloads/|Pulumi\.)\S+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_REFUSED = re.compile(r"# refused: (.+)")


class Block(NamedTuple):
    """A file, or a part of one, as a page shows it."""

    page: Path
    line: int
    file: str
    """Below the project, for example `workloads/grading.yaml`."""

    text: str
    heading: int
    """Offset of the heading above it, which bounds what the block stands on."""

    @property
    def data(self) -> Any:
        """What its YAML says."""
        return yaml.safe_load(self.text)

    @property
    def refused(self) -> list[str]:
        """Parts of the message that its reader gets; none where it is taken."""
        return _REFUSED.findall(self.text)

    @property
    def stack(self) -> str:
        """The stack it is loaded in."""
        return self.file.split(".")[1] if self.of_stack else USUAL_STACK

    @property
    def whole(self) -> bool:
        """Whether nothing lies below it."""
        return not self.of_stack and (not self.of_yaml or "kind" in self.data)

    @property
    def of_yaml(self) -> bool:
        """Whether it is a stack's or a workload's, and not a list of cases."""
        return self.file.endswith(".yaml")

    @property
    def of_stack(self) -> bool:
        """Whether it is laid on a stack file."""
        return self.file.startswith("Pulumi.")

    @property
    def name(self) -> str:
        """Name of its workload; empty for a stack's."""
        return "" if self.of_stack else Path(self.file).stem

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The files that `page` shows, in order."""
    text = page.read_text()
    headings = [it.start() for it in re.finditer(r"^#+ ", without_code(text), re.MULTILINE)]
    return [
        Block(
            page=page,
            line=text.count("\n", 0, it.start()) + 2,
            file=it["file"],
            text=it["text"],
            heading=max((at for at in headings if at < it.start()), default=0),
        )
        for it in _BLOCK.finditer(text)
    ]


def without_code(text: str) -> str:
    """`text` with every line of a fenced block blanked: a comment there is no heading."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    return re.sub(r"^```.*?^```$", blank, text, flags=re.DOTALL | re.MULTILINE)


def load_with(block: Block, root: Path) -> Settings:
    """The settings of the shipped estate, copied to `root`, with `block`; raises `SettingsError` as `load` does."""
    shutil.copytree(ROOT / "workloads", root / "workloads")
    stack_file = f"Pulumi.{block.stack}.yaml"
    stack = yaml.safe_load((ROOT / stack_file).read_text())
    page = blocks(block.page)
    before = [it for it in page[: page.index(block)] if not it.refused]
    for it in [*(it for it in before if _stands_under(it, block)), block]:
        if it.of_stack:
            stack = merge(stack, _settings(it.data), None)
        else:
            _put(it, root, before)
    _name_images(stack, root)
    (root / stack_file).write_text(yaml.safe_dump(stack, sort_keys=False))
    return load(root, block.stack)


def _stands_under(it: Block, block: Block) -> bool:
    if it.of_stack:
        return it.stack == block.stack and it.heading == block.heading
    if not it.whole or it.file == block.file:
        return False
    named = block.of_stack and it.name in (
        _settings(block.data)["config"][SETTINGS].get("workloads") or {}
    )
    return named or it.heading == block.heading


def _settings(data: Any) -> dict[str, Any]:
    if "config" in data:
        return dict(data)
    return {"config": data if SETTINGS in data else {SETTINGS: data}}


def _put(block: Block, root: Path, before: list[Block]) -> None:
    path = root / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if block.whole:
        path.write_text(block.text)
        return
    under = [it.data for it in before if it.file == block.file and it.whole]
    base = under[-1] if under else yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump(merge(base, block.data, form_of(Workload)), sort_keys=False))


def _name_images(stack: dict[str, Any], root: Path) -> None:
    """A version for every image that a page's workload brings and the stack does not name."""
    images = stack["config"][SETTINGS]["images"]
    for path in sorted((root / "workloads").glob("*.yaml")):
        data = yaml.safe_load(path.read_text())
        for given in (data, *(data.get("containers") or {}).values()):
            if isinstance(given, dict) and isinstance(given.get("image"), str):
                images.setdefault(key_of(given["image"]), {"tag": "1.0.0"})


def rendered(settings: Settings) -> list[Group]:
    """Every object of the estate."""
    return list(estate.groups(settings, samples.values(settings)))
