"""One stack as a person reads it: what it builds, whether it fits, what was found."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from math import ceil

from review.analyses.capacity import POD_RESOURCES, Capacity, PoolFit, QuotaUse
from review.analyses.pods import RELEASE, Pods, pods_of
from review.findings import Finding
from review.plan import Plan, Resource
from review.renderers.cluster import cluster_lines
from review.report import AreaFinding, Exempted
from settings.quantity import memory_text

Paint = Callable[[str, str], str]
"""Text and one of `heading`, `faint`, `good`, `warning`, `bad` to the text with its colour."""

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE = "pulumi:providers:"
FULL_PERCENT = 100
FOLDED = 4
"""So many findings of one rule share a line; `./aks lint STACK` has each."""

NAMED_LEAVES = 2
"""Resources beside components are named up to here and counted by kind beyond."""

BAR_CHARACTERS = 8
"""Of a bar: the tables of two pools or of long names stay within 100 columns."""

NEARLY_FULL_PERCENT = 85
"""From here on a share is shown as a warning: the next workload or surge may not fit."""


def plain(text: str, _style: str) -> str:
    """The `Paint` that paints nothing."""
    return text


def preview(
    plan: Plan,
    fit: Capacity,
    findings: Sequence[Finding],
    paint: Paint = plain,
    *,
    every: bool = False,
    exempted: Sequence[Exempted] = (),
) -> str:
    """The whole report of one stack; `every` names each resource instead of counting kinds.

    What is exempted is told with its reason, and counts for nothing.
    """
    lines = [_headline(plan, paint), *_tree(plan, paint, every), ""]
    lines += cluster_lines(plan, paint)
    lines += [*_pools(fit.pools, paint), *_quotas(fit.quotas, paint)]
    lines += _findings(findings, paint)
    lines += _exempted(exempted, paint)
    return "\n".join(lines) + "\n"


def summary(plan: Plan) -> dict[str, int]:
    """How many resources of each sort: `azure`, `kubernetes`, `components`, `providers`."""
    counts = Counter(_sort(row) for row in plan.resources if row.type != STACK_TYPE)
    return {
        sort: counts[sort]
        for sort in ("azure", "kubernetes", "components", "providers")
        if counts[sort]
    }


def _sort(row: Resource) -> str:
    if row.type.startswith(PROVIDER_TYPE):
        return "providers"
    package = row.type.partition(":")[0]
    return {"azure-native": "azure", "kubernetes": "kubernetes"}.get(package, "components")


def _headline(plan: Plan, paint: Paint) -> str:
    counts = summary(plan)
    parts = ", ".join(
        f"{count} {sort.removesuffix('s') if count == 1 and sort in ('components', 'providers') else sort}"
        for sort, count in counts.items()
    )
    protected = sum(1 for row in plan.resources if row.options.get("protect"))
    tail = f"; {protected} protected" if protected else ""
    return f"{paint(plan.stack, 'heading')}: {sum(counts.values())} resources ({parts}){tail}"


def _tree(plan: Plan, paint: Paint, every: bool) -> list[str]:
    children: dict[str, list[Resource]] = {}
    for row in plan.resources:
        children.setdefault(row.parent, []).append(row)
    pods = {f"{it.namespace}-{it.name}": it for it in pods_of(plan)}
    [stack] = [row.urn for row in plan.resources if row.type == STACK_TYPE] or [""]
    return list(_branch(stack, children, pods, "  ", paint, every))


def _branch(
    urn: str,
    children: dict[str, list[Resource]],
    pods: dict[str, Pods],
    indent: str,
    paint: Paint,
    every: bool,
) -> Iterator[str]:
    rows = children.get(urn, [])
    inner = [row for row in rows if row.urn in children or _sort(row) == "components"]
    leaves = [row for row in rows if row not in inner]
    if every:
        for index, row in enumerate(rows):
            last = index == len(rows) - 1
            yield f"{indent}{'└─' if last else '├─'} {_title(row)}{paint(_note(row, pods), 'faint')}"
            yield from _branch(
                row.urn, children, pods, indent + ("   " if last else "│  "), paint, every
            )
        return
    shown: list[tuple[str, Resource | None]] = [(_title(row), row) for row in inner]
    if len(leaves) <= NAMED_LEAVES:
        shown += [(_title(row), None) for row in leaves]
    else:
        shown.append((_kinds(leaves), None))
    for index, (title, node) in enumerate(shown):
        last = index == len(shown) - 1
        mark = "└─" if last else "├─"
        if node is None:
            yield f"{indent}{mark} {title}"
            continue
        below = children.get(node.urn, [])
        flat = below and not any(row.urn in children for row in below)
        note = paint(_note(node, pods), "faint")
        yield f"{indent}{mark} {title}{note}{'  ' + paint(_leaves(below, pods), 'faint') if flat else ''}"
        if not flat:
            yield from _branch(
                node.urn, children, pods, indent + ("   " if last else "│  "), paint, every
            )


def _title(row: Resource) -> str:
    return f"{_kind(row)} {row.name}"


def _kind(row: Resource) -> str:
    return "Provider" if row.type.startswith(PROVIDER_TYPE) else row.type.rpartition(":")[2]


def _note(row: Resource, pods: dict[str, Pods]) -> str:
    """How many pods of what size, for a workload; which chart, for a release."""
    if row.type == RELEASE:
        chart = str(row.inputs.get("chart", "")).partition("@")[0].rpartition("/")[2]
        return f"  {chart} {row.inputs.get('version', '')}"
    found = pods.get(row.name) if row.type.endswith(":Workload") else None
    if not found:
        return ""
    count = (
        "one a node"
        if found.per_node
        else f"{found.rest}..{found.full}"
        if found.rest != found.full
        else f"{found.full}"
    )
    size = f"{_cores(found.one.requests_cpu)}/{memory_text(found.one.requests_memory)}"
    return f"  {count} x {size}{f' on {found.pool}' if found.pool else ''}"


def _leaves(rows: Sequence[Resource], pods: dict[str, Pods]) -> str:
    """Kinds of what a component is made of; of a chart, which."""
    return _kinds(rows) + (_note(rows[0], pods) if len(rows) == 1 else "")


def _kinds(rows: Iterable[Resource]) -> str:
    counts = Counter(_kind(row) for row in rows)
    return ", ".join(kind if count == 1 else f"{count} {kind}" for kind, count in counts.items())


def _pools(pools: Sequence[PoolFit], paint: Paint) -> list[str]:
    """Two columns a pool, for its smallest and its largest size; a bar each."""
    lines: list[str] = []
    for name in dict.fromkeys(it.pool for it in pools):
        sizes = [it for it in pools if it.pool == name]
        heads = [
            f"{it.nodes} node{'' if it.nodes == 1 else 's'}, "
            f"{'at rest' if it.size == 'min' else 'rollout peak'}"
            for it in sizes
        ]
        rows: list[tuple[str, ...]] = [(f"node pool {name}", *heads)]
        styles: list[tuple[str, ...]] = [("heading",) * (1 + len(sizes))]
        for title, advisory, share in _POOL_ROWS:
            if title == "pods" and any(it.most_pods is None for it in sizes):
                continue
            cells, marks = [title], [""]
            for it in sizes:
                part, whole, text = share(it)
                percent = _percent(part, whole)
                # Too few nodes at rest is what the autoscaler mends; only requests past the maximum stay Pending.
                soft = it.size == "min" or advisory
                cells.append(f"{text(part)} of {text(whole)} {percent:>3}% {_bar(percent, paint)}")
                marks.append(_style(percent, soft))
            rows.append(tuple(cells))
            styles.append(tuple(marks))
        lines += [*_table(rows, styles, paint), ""]
    return lines


def _needed(row: PoolFit) -> tuple[Decimal, Decimal, Callable[[Decimal], str]]:
    if row.needed is not None:
        return Decimal(row.needed), Decimal(row.nodes), _cores
    more = Decimal(row.nodes + 1)
    return more, Decimal(row.nodes), lambda it: f"> {row.nodes}" if it == more else _cores(it)


_Share = Callable[[PoolFit], tuple[Decimal, Decimal, Callable[[Decimal], str]]]
_POOL_ROWS: Sequence[tuple[str, bool, _Share]] = (
    ("CPU requests", False, lambda it: (it.demand.requests_cpu, it.cpu, _cores)),
    ("CPU limits", True, lambda it: (it.demand.limits_cpu, it.cpu, _cores)),
    ("memory requests", False, lambda it: (it.demand.requests_memory, it.memory, _mebibytes)),
    ("memory limits", True, lambda it: (it.demand.limits_memory, it.memory, _mebibytes)),
    ("pods", False, lambda it: (Decimal(it.demand.pods), Decimal(it.most_pods or 0), _cores)),
    ("nodes, estimated", True, _needed),
)
"""Title, whether it is advisory, and part and whole of one size."""


def _quotas(quotas: Sequence[QuotaUse], paint: Paint) -> list[str]:
    """A row a resource of pods or disks, and what is over: a count that is used up is what somebody meant."""
    if not quotas:
        return []
    rows: list[tuple[str, ...]] = [("quota", "resource", "at rest", "peak", "hard", "")]
    styles: list[tuple[str, ...]] = [("heading",) * 6]
    shown = ""
    for it in quotas:
        title = f"{it.namespace}/{it.only}" if it.only else it.namespace
        percent = _percent(it.peak, it.hard)
        sized = it.resource in POD_RESOURCES or it.resource.endswith("storage")
        if not sized and percent <= FULL_PERCENT:
            continue
        text = _mebibytes if it.resource.rpartition(".")[2] in ("memory", "storage") else _cores
        amounts = (text(it.rest), text(it.peak), text(it.hard))
        bar = f"{percent:>3}% {_bar(percent, paint)}"
        rows.append(("" if title == shown else title, it.resource, *amounts, bar))
        styles.append(("", "", "", "", "", _style(percent, soft=False)))
        shown = title
    return [*_table(rows, styles, paint, left=2), ""]


def _findings(findings: Sequence[Finding], paint: Paint) -> list[str]:
    """A line each; advisory ones of one rule of `policy/` share a line where they are `FOLDED` or more."""
    if not findings:
        return [paint("no findings", "good")]
    marks = {"mandatory": "bad", "advisory": "warning"}
    times = Counter(it.rule for it in findings if _folds(it))
    told: set[str] = set()
    lines = []
    for it in findings:
        who = it.resource
        if _folds(it) and times[it.rule] >= FOLDED:
            if it.rule in told:
                continue
            told.add(it.rule)
            who = f"{it.resource} and {times[it.rule] - 1} more"
        lines.append(f"{paint(it.severity, marks[it.severity])}: {who}: {_said(it)} [{it.rule}]")
    return lines


def _exempted(exempted: Sequence[Exempted], paint: Paint) -> Iterator[str]:
    """A line for all that one reason exempts of one resource."""
    rules: dict[tuple[str, str], list[str]] = {}
    for it in exempted:
        why = f"{it.reason}; {it.owner}, until {it.expires}"
        rules.setdefault((it.finding.resource, why), []).append(it.finding.rule)
    for (resource, why), those in sorted(rules.items()):
        yield f"{paint('exempted', 'faint')}: {resource}: {why} [{', '.join(sorted({*those}))}]"


def _folds(it: Finding) -> bool:
    return it.severity == "advisory" and isinstance(it, AreaFinding)


def _said(it: Finding) -> str:
    if not isinstance(it, AreaFinding):
        return it.message
    place = f"{it.path}: " if it.path and it.path not in it.message else ""
    return f"{place}{it.message}; {it.remedy}"


def _table(
    rows: Sequence[tuple[str, ...]],
    styles: Sequence[tuple[str, ...]],
    paint: Paint,
    left: int = 1,
) -> Iterator[str]:
    """Lines of a table whose first `left` columns are words."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row, marks in zip(rows, styles, strict=True):
        cells = [
            f"{cell:<{widths[index]}}" if index < left else f"{cell:>{widths[index]}}"
            for index, cell in enumerate(row)
        ]
        painted = (
            paint(cell, mark) if mark else cell for cell, mark in zip(cells, marks, strict=True)
        )
        yield f"  {'  '.join(painted)}".rstrip()


def _bar(percent: int, paint: Paint) -> str:
    """How full, in `BAR_CHARACTERS`; plain characters where nothing is painted. What is over is all full."""
    full = BAR_CHARACTERS
    if percent < FULL_PERCENT:
        full = min(ceil(percent * BAR_CHARACTERS / FULL_PERCENT), BAR_CHARACTERS - 1)
    used, left = ("#", ".") if paint is plain else ("█", "░")
    return used * full + left * (BAR_CHARACTERS - full)


def _percent(part: Decimal, whole: Decimal) -> int:
    return (
        int((part * 100 / whole).to_integral_value(rounding="ROUND_CEILING"))
        if whole
        else 100 * bool(part)
    )


def _style(percent: int, soft: bool) -> str:
    if percent > FULL_PERCENT:
        return "warning" if soft else "bad"
    return "warning" if percent > NEARLY_FULL_PERCENT and not soft else ""


def _cores(cores: Decimal) -> str:
    """Cores with up to two decimals: `0.25`, `7.72`, `12`."""
    return f"{cores.quantize(Decimal('0.01')).normalize():f}"


def _mebibytes(size: Decimal) -> str:
    """`1.5Gi` or `512Mi`, rounded to one decimal: for people, not for a manifest."""
    mebibytes = size / 2**20
    if not size:
        return "0"
    if mebibytes >= 1024:
        return f"{(mebibytes / 1024).quantize(Decimal('0.1')).normalize():f}Gi"
    return f"{mebibytes.quantize(Decimal(1)):f}Mi"
