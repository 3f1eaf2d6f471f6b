"""Charts of other versions, contents or places, and the images that their values name."""

from collections.abc import Iterator
from typing import Final

from review.meaning.images import is_lower
from review.meaning.versions_side import Chart, Side
from review.meaning.versions_telling import fact, finding
from review.report import AreaFinding, Fact

CHARTS: Final = "https://helm.sh/docs/topics/registries/"


def charts(before: Side, after: Side) -> Iterator[Fact | AreaFinding]:
    """Releases that come, go, or take another chart."""
    for key in sorted({*before.charts, *after.charts}):
        old, new = before.charts.get(key), after.charts.get(key)
        if new is None and old is not None:
            yield fact(
                old.title, f"{old.title} is gone: {_chart_text(old)}", "lost", 30, old.urn, CHARTS
            )
        elif old is None and new is not None:
            yield fact(
                new.title, f"{new.title} is new: {_chart_text(new)}", "gained", 30, new.urn, CHARTS
            )
        elif old is not None and new is not None and old != new:
            yield from _changed_chart(old, new)


def _chart_text(it: Chart) -> str:
    digest = f"@{it.digest[:19]}" if it.digest else ""
    return f"chart {it.reference} {it.version or 'of no version'}{digest}"


def _changed_chart(old: Chart, new: Chart) -> Iterator[Fact | AreaFinding]:
    if (old.reference, old.version, old.digest) != (new.reference, new.version, new.digest):
        words = f"{new.title}: {_chart_text(old)} -> {_chart_text(new)}"
        yield fact(
            new.title, words, "changed", 20, new.urn, CHARTS, old=old.version, new=new.version
        )
    for path in sorted({*old.images} | {*new.images}):
        was, becomes = (
            old.images.get(path, "the chart's own"),
            new.images.get(path, "the chart's own"),
        )
        if was != becomes:
            words = f"{new.title}: {path} {was} -> {becomes}"
            yield fact(
                new.title, words, "changed", 25, new.urn, CHARTS, path=path, old=was, new=becomes
            )
    if old.reference != new.reference:
        yield finding(
            "chart-other",
            new.title,
            f"its chart comes from {new.reference or 'nowhere known'} in place of {old.reference or 'nowhere known'}",
            path="chart",
            why="another chart makes other objects under the same release, and another registry has another owner",
            remedy="compare what both make of these values (`helm template`) before",
            source=CHARTS,
            urn=new.urn,
        )
    elif is_lower(old.version, new.version):
        yield finding(
            "chart-downgrade",
            new.title,
            f"its chart goes back from {old.version} to {new.version}",
            path="version",
            why="Helm does not take back definitions of custom resources, nor what a later version migrated",
            remedy="see that the step back is meant, and that its notes allow it",
            source=CHARTS,
            urn=new.urn,
        )
    if old.digest and not new.digest:
        yield finding(
            "chart-digest-lost",
            new.title,
            f"its chart is taken by its version {new.version}; before it had a digest",
            path="chart",
            why="a version can be pushed again with other content",
            remedy="add the digest: `helm pull --version` prints it",
            source=CHARTS,
            urn=new.urn,
        )
    elif old.version == new.version and old.digest and old.digest != new.digest:
        yield finding(
            "chart-moved",
            new.title,
            f"its chart {new.version} has another content than before: {old.digest[:19]} -> {new.digest[:19]}",
            path="chart",
            why="a version that is pushed again hides what changed",
            remedy="ask who pushed it, or take a version of its own",
            source=CHARTS,
            urn=new.urn,
        )
