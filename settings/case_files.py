"""Files of cases, one a line: read while the settings are loaded, for the jobs that name them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from settings.faults import Fault, did_you_mean, shown
from settings.sources import WORKLOADS, Sources
from settings.workload import Workload

MOST_CASES = 10_000
"""Each is a key of one ConfigMap, whose keys the API server lists a second time for whoever applied it."""

MOST_BYTES = 900 * 1024
"""Of all cases together. A ConfigMap holds 1 MiB: https://kubernetes.io/docs/concepts/configuration/configmap/"""

_COMMENT = "#"


def read(name: str, workload: Workload, sources: Sources) -> list[Fault]:
    """Hand the job of `workload` the cases of the file it names; what is wrong with the file, and then it has none."""
    cases = workload.job.cases if workload.job else None
    if cases is None or cases.file is None:
        return []
    file = f"{WORKLOADS}/{cases.file}"
    at = (WORKLOADS, name, "job", "cases", "file")
    content = _content(sources.folder / WORKLOADS, cases.file)
    if not isinstance(content, bytes):
        rule, remedy = content
        return [sources.fault(at, rule, repr(cases.file), remedy)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return [Fault(file, line, "", "is no UTF-8 text", "", "save it as UTF-8")]
    rows = [(line, row.strip()) for line, row in enumerate(text.split("\n"), 1)]
    rows = [(line, row) for line, row in rows if row and not row.startswith(_COMMENT)]
    if not rows:
        return [Fault(file, 1, "", "holds no case", "", "write one a line")]
    if len(rows) > MOST_CASES:
        return [Fault(file, rows[MOST_CASES][0], "", *too_many(len(rows)))]
    faults = [
        Fault(file, rows[later][0], "", f"is the case of line {rows[first][0]} again", *_said(row))
        for first, later, row in twice(row for _, row in rows)
    ]
    if not faults:
        cases.hold(row for _, row in rows)
    return faults


def too_many(count: int) -> tuple[str, str, str]:
    """Rule, value and remedy of more cases than one job may have."""
    return f"must be at most {MOST_CASES:,} cases", f"{count:,}", "run them in several jobs"


def too_large(count: int) -> tuple[str, str, str]:
    """Rule, value and remedy of more text than one ConfigMap holds; `count` is in bytes."""
    rule = f"must hold at most {MOST_BYTES:,} bytes (900 KiB): a ConfigMap holds 1 MiB"
    return rule, f"{count:,}", "run them in several jobs, or keep what is large in the image"


def twice(rows: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Every case that was there before: where it was first, where it is again, and itself."""
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        if first.setdefault(row, index) != index:
            yield first[row], index, row


def _said(row: str) -> tuple[str, str]:
    """Value and remedy of a case that is there already."""
    return shown(row), "remove one: an index has a case of its own"


def _content(folder: Path, name: str) -> bytes | tuple[str, str]:
    """The file `name` below `folder`, or rule and remedy of what is wrong with it."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"must lie below {WORKLOADS}/, and a link leads out of it", "copy the file there"
        if not path.is_file():
            known = [it for it in _files(folder) if it != name]
            remedy = did_you_mean(name, known) or f"add {f'{WORKLOADS}/{name}'!r}"
            return f"must be a file below {WORKLOADS}/", remedy
        size = path.stat().st_size
        if size > MOST_BYTES:
            rule, value, remedy = too_large(size)
            return f"{rule}; it has {value}", remedy
        return path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}", "correct the path, or the file's rights"


def _files(folder: Path) -> list[str]:
    """Files that may be cases, as a setting names them."""
    found = (it for it in folder.rglob("*") if it.suffix.lower() not in (".yaml", ".yml"))
    return sorted(it.relative_to(folder).as_posix() for it in found if it.is_file())
