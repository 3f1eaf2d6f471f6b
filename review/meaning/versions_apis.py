"""APIs by which objects go: those of Kubernetes that a version serves no longer, those of Azure that are asked for."""

from collections.abc import Iterator
from typing import Final

from review.findings import Verdict
from review.meaning.controllers import shortened_list, stable
from review.meaning.removed_apis import GUIDE, REMOVED, instead
from review.meaning.versions_side import Side, cluster_minor
from review.meaning.versions_telling import fact, finding
from review.report import AreaFinding, Fact

Group = tuple[str, str, Verdict]
"""apiVersion, kind, and whether it is sure."""

APIS: Final = "https://learn.microsoft.com/rest/api/azure/"


def kubernetes_apis(before: Side, after: Side) -> Iterator[AreaFinding]:
    """Objects of an API that the cluster's version serves no longer."""
    was, becomes = cluster_minor(before), cluster_minor(after)
    old = {(it[0], it[1], stable(it[3])) for it in before.apis}
    together: dict[Group, list[tuple[str, str]]] = {}
    for api_version, kind, titled, urn in after.apis:
        gone = REMOVED[api_version, kind]
        known_before = (api_version, kind, stable(urn)) in old
        if becomes is None:
            if not known_before:
                together.setdefault((api_version, kind, "unknown"), []).append((titled, urn))
        elif becomes >= gone and not (known_before and was is not None and was >= gone):
            together.setdefault((api_version, kind, "fail"), []).append((titled, urn))
    for (api_version, kind, verdict), those in together.items():
        gone = REMOVED[api_version, kind]
        titles = shortened_list(it for it, _ in those)
        on = (
            f"1.{becomes}"
            if becomes is not None
            else "the cluster's version, which this plan does not tell"
        )
        yield finding(
            "api-removed",
            those[0][0] if len(those) == 1 else f"{len(those)} objects of {api_version} {kind}",
            f"{api_version} {kind} is served no longer from Kubernetes 1.{gone} on, and this is {on}: {titles}",
            severity="mandatory" if verdict == "fail" else "advisory",
            path="apiVersion",
            why="the API server does not know the kind: `pulumi up` fails, and what is there cannot be changed",
            remedy=instead(api_version, kind),
            source=GUIDE,
            urn=those[0][1],
            verdict=verdict,
        )


def azure_apis(before: Side, after: Side) -> Iterator[Fact]:
    """API versions that the program asks for by itself, and versions of its providers."""
    for type_ in sorted({*before.azure} & {*after.azure}):
        was, becomes = before.azure[type_], after.azure[type_]
        if was != becomes:
            words = f"{type_}: version {was} -> {becomes}: defaults and checks of the service may differ"
            yield fact(type_, words, "changed", 40, "", APIS, old=was, new=becomes)
    for type_ in sorted({*after.azure} - {*before.azure}):
        words = f"{type_} goes by version {after.azure[type_]} from now on"
        yield fact(type_, words, "gained", 45, "", APIS, new=after.azure[type_])
    for type_ in sorted({*before.azure} - {*after.azure}):
        words = f"{type_} no longer asks for version {before.azure[type_]}"
        yield fact(type_, words, "lost", 45, "", APIS, old=before.azure[type_])
