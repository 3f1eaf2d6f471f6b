"""What of Azure itself answers outside: the API server, and whatever has `publicNetworkAccess`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from review.guard.pairs import title
from review.meaning import words
from review.plan import SECRET, UNKNOWN, Plan
from review.report import AreaFinding, Fact
from settings.pod_fields import mapping, mappings

_API: Final = "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges"
_PUBLIC: Final = "https://learn.microsoft.com/azure/private-link/private-endpoint-overview"
_OPEN_UNSAID: Final = {
    "azure-native:containerregistry": ("Registry", ""),
    "azure-native:keyvault": ("Vault", "properties."),
    "azure-native:storage": ("StorageAccount", ""),
}
"""Modules and types that answer everybody where nothing is said, and where they say it: the service enables
`publicNetworkAccess` then, https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts ."""

_OPENED: Final = "exposure-azure-opened"
_SHUT: Final = ("nobody outside",)
_UNKNOWN: Final = ("unknown",)
_LATER: Final = "an address that only a deployment tells"


class Door(NamedTuple):
    """One resource that may be called from outside."""

    title: str
    path: str
    open_to: tuple[str, ...]
    """CIDRs; empty: every address; `_SHUT`, or `_UNKNOWN` where only a deployment tells."""

    urn: str
    said: bool = True
    """Whether the program says it; else it is what the service does by default."""


def of_plan(plan: Plan) -> tuple[Door, ...]:
    """Of one plan, sorted."""
    found = []
    for row in plan.resources:
        if not row.type.startswith("azure-native:"):
            continue
        if row.type.endswith(":ManagedCluster"):
            profile = row.inputs.get("apiServerAccessProfile")
            found.append(
                Door(title(row), "apiServerAccessProfile", _of_api_server(profile), row.urn)
            )
            continue
        unsaid = _unsaid(row.type)
        for at, inputs in (
            ("", row.inputs),
            ("properties.", mapping(row.inputs.get("properties"))),
            ("networkAcls.", mapping(row.inputs.get("networkAcls"))),
        ):
            if "publicNetworkAccess" in inputs:
                path = f"{at}publicNetworkAccess"
                found.append(Door(title(row), path, _of_resource(inputs), row.urn))
            elif at == unsaid:
                open_to = _of_resource({**inputs, "publicNetworkAccess": "Enabled"})
                path = f"{at}publicNetworkAccess"
                found.append(Door(title(row), path, open_to, row.urn, said=False))
    return tuple(sorted(found))


def _unsaid(kind: str) -> str | None:
    module, _, name = kind.rpartition(":")
    known, at = _OPEN_UNSAID.get(module.partition("/")[0], ("", ""))
    return at if known == name else None


def _of_api_server(profile: Any) -> tuple[str, ...]:
    if _mark(profile) or _mark(mapping(profile).get("enablePrivateCluster")):
        return _UNKNOWN
    if mapping(profile).get("enablePrivateCluster") is True:
        return _SHUT
    return _texts(mapping(profile).get("authorizedIPRanges"))


def _of_resource(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    rules: Any = next(
        (inputs[it] for it in ("networkAcls", "networkRuleSet") if it in inputs), None
    )
    if (
        _mark(inputs["publicNetworkAccess"])
        or _mark(rules)
        or _mark(mapping(rules).get("defaultAction"))
    ):
        return _UNKNOWN
    if str(inputs["publicNetworkAccess"]).lower() != "enabled":
        return _SHUT
    if mapping(rules).get("defaultAction") != "Deny":
        return ()
    if _mark(mapping(rules).get("ipRules")):
        return _UNKNOWN
    named = [
        it.get("value") or it.get("iPAddressOrRange")
        for _, it in mappings(mapping(rules).get("ipRules"))
    ]
    return _texts(named) or _SHUT


def _texts(value: Any) -> tuple[str, ...]:
    if _mark(value):
        return _UNKNOWN
    listed = value if isinstance(value, list) else []
    return tuple(
        sorted(_LATER if _mark(it) else it for it in listed if isinstance(it, str) or _mark(it))
    )


def _mark(value: Any) -> bool:
    return isinstance(value, Mapping) and value in (UNKNOWN, SECRET)


def compare(before: tuple[Door, ...], after: tuple[Door, ...]) -> Iterator[Fact | AreaFinding]:
    """Doors that are opened, shut, or opened wider."""
    old = {(it.title, it.path): it for it in before}
    for it in after:
        was = old.pop((it.title, it.path), None)
        if was is None and not it.said:
            continue
        before_ = was.open_to if was else _SHUT
        if before_ == it.open_to:
            continue
        if _UNKNOWN in (before_, it.open_to):
            yield _finding(it, before_, "exposure-azure-unknown", new=was is None)
            continue
        wider = it.open_to != _SHUT and (before_ == _SHUT or words.is_wider(before_, it.open_to))
        if wider:
            yield _finding(it, before_, _OPENED, new=was is None)
        yield Fact(
            area="exposure",
            sign="gained" if wider else "lost",
            resource=it.title,
            message=f"{it.title} can be called by {_said(it.open_to)}, before by {_said(before_)}",
            rank=1,
            path=it.path,
            old=_said(before_),
            new=_said(it.open_to),
            urn=it.urn,
            told=_OPENED if wider else "",
        )
    for it in old.values():
        if it.said and it.open_to not in (_SHUT, _UNKNOWN):
            yield Fact(
                area="exposure",
                sign="lost",
                resource=it.title,
                message=f"{it.title} can be called by {_said(_SHUT)}, before by {_said(it.open_to)}",
                rank=1,
                path=it.path,
                old=_said(it.open_to),
                new=_said(_SHUT),
                urn=it.urn,
            )


def _said(open_to: tuple[str, ...]) -> str:
    return words.listed(open_to) or "the whole Internet"


def _finding(it: Door, was: tuple[str, ...], rule: str, *, new: bool) -> AreaFinding:
    unknown = rule != _OPENED
    api = it.path == "apiServerAccessProfile"
    what = "the API server of " if api else ""
    return AreaFinding(
        rule=rule,
        severity="mandatory" if it.open_to == () and not unknown and not new else "advisory",
        resource=it.title,
        message=f"from where {what}{it.title} can be called cannot be told: {it.path} must be known"
        if unknown
        else f"{what}{it.title} can be called by {_said(it.open_to)}, before by {_said(was)}"
        + ("" if was == _SHUT else " alone"),
        path=it.path,
        why="a stolen token or key is then enough: no foothold in the network is asked for",
        remedy="name the ranges that call it, or keep it private",
        source=_API if api else _PUBLIC,
        urn=it.urn,
        verdict="unknown" if unknown else "fail",
        area="exposure",
    )
