"""One stack as a person reads it: what it builds, whether it fits, what was found."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from review.analyses.capacity import Capacity, PoolFit, QuotaUse
from review.analyses.pods import RELEASE, Pods, pods_of
from review.findings import Finding
from review.plan import Plan, Resource
from settings.quantity import memory_text

Paint = Callable[[str, str], str]
"""Text and one of `heading`, `faint`, `good`, `warning`, `bad` to the text with its colour."""

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE = "pulumi:providers:"
FULL_PERCENT = 100
NAMED_LEAVES = 2
"""Resources beside components are named up to here and counted by kind beyond."""

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
) -> str:
    """The whole report of one stack; `every` names each resource instead of counting kinds."""
    lines = [_headline(plan, paint), *_tree(plan, paint, every), ""]
    lines += [*_pools(fit.pools, paint), *_quotas(fit.quotas, paint)]
    lines += _findings(findings, paint)
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
    if not pools:
        return []
    rows: list[tuple[str, ...]] = [
        ("node pool", "nodes", "CPU requested", "CPU limits", "memory requested", "memory limits")
    ]
    styles: list[tuple[str, ...]] = [("heading",) * 6]
    for it in pools:
        size = "smallest, at rest" if it.size == "min" else "largest, rollout peak"
        shares = [
            _share(it.demand.requests_cpu, it.cpu, _cores),
            _share(it.demand.limits_cpu, it.cpu, _cores),
            _share(it.demand.requests_memory, it.memory, _mebibytes),
            _share(it.demand.limits_memory, it.memory, _mebibytes),
        ]
        rows.append((f"{it.pool} {size}", str(it.nodes), *(text for text, _ in shares)))
        # Too few nodes at rest is what the autoscaler mends; only requests past the maximum stay Pending.
        soft = it.size == "min"
        marks = [
            _style(percent, soft or index % 2 == 1) for index, (_, percent) in enumerate(shares)
        ]
        styles.append(("", "", *marks))
    return [*_table(rows, styles, paint), ""]


def _quotas(quotas: Sequence[QuotaUse], paint: Paint) -> list[str]:
    if not quotas:
        return []
    columns = ("requests.cpu", "limits.cpu", "requests.memory", "limits.memory", "pods")
    rows: list[tuple[str, ...]] = [("quota: at rest > peak of hard", *columns)]
    styles: list[tuple[str, ...]] = [("heading",) * 6]
    for namespace in dict.fromkeys(it.namespace for it in quotas):
        used = {it.resource: it for it in quotas if it.namespace == namespace}
        cells, marks = [], []
        for column in columns:
            it = used.get(column)
            text = _mebibytes if "memory" in column else _cores
            cells.append(f"{text(it.rest)} > {text(it.peak)} of {text(it.hard)}" if it else "-")
            marks.append(_style(_percent(it.peak, it.hard), soft=False) if it else "")
        rows.append((namespace, *cells))
        styles.append(("", *marks))
    return [*_table(rows, styles, paint), ""]


def _findings(findings: Sequence[Finding], paint: Paint) -> list[str]:
    if not findings:
        return [paint("no findings", "good")]
    marks = {"mandatory": "bad", "advisory": "warning"}
    return [
        f"{paint(it.severity, marks[it.severity])}: {it.resource}: {it.message} [{it.rule}]"
        for it in findings
    ]


def _table(
    rows: Sequence[tuple[str, ...]], styles: Sequence[tuple[str, ...]], paint: Paint
) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row, marks in zip(rows, styles, strict=True):
        cells = [
            f"{cell:<{widths[0]}}" if not index else f"{cell:>{widths[index]}}"
            for index, cell in enumerate(row)
        ]
        yield "  " + "  ".join(
            paint(cell, mark) if mark else cell for cell, mark in zip(cells, marks, strict=True)
        )


def _share(part: Decimal, whole: Decimal, text: Callable[[Decimal], str]) -> tuple[str, int]:
    percent = _percent(part, whole)
    return f"{text(part)} of {text(whole)} {percent:>3}%", percent


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
