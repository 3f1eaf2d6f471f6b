"""What a run measured, as text."""

from collections.abc import Sequence

from bench.bounds import MEASURED, SDK_FLOOR, YAML_FLOOR, Costs, Figure

ROWS = (YAML_FLOOR, *MEASURED, SDK_FLOOR)


def costs_table(costs: Costs, objects: dict[int, int]) -> str:
    """CPU seconds with their ratio to the yaml floor, and peak MiB, for each number of workloads."""
    head = ["", *(f"{size:,} workloads" for size in costs)]
    under = ["", *(f"{objects[size]:,} objects" for size in costs)]
    rows = [head, under]
    for name in ROWS:
        row = [name]
        for at in costs.values():
            cost, floor = at[name], at[YAML_FLOOR]
            ratio = f"{cost.cpu_seconds / floor.cpu_seconds:.2f} x"
            row.append(f"{cost.cpu_seconds:.2f} s {ratio:>8} {cost.peak_mib:>5.0f} MiB")
        rows.append(row)
    return _aligned(rows)


def figures_table(figures: Sequence[Figure]) -> str:
    """Each figure beside its bound, with the verdict."""
    rows = [["", "measured", "bound", ""]]
    rows += [[it.name, f"{it.measured:.2f}", f"{it.bound:g}", it.verdict] for it in figures]
    return _aligned(rows, last_left=True)


def _aligned(rows: list[list[str]], *, last_left: bool = False) -> str:
    """Columns two spaces apart, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        for index, cell in enumerate(row[1:], 1):
            left = last_left and index == len(row) - 1
            cells.append(cell.ljust(widths[index]) if left else cell.rjust(widths[index]))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
