"""`./aks explain access`: who may do what, and by which line of the settings."""

import json
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import click

from cli.environment import ROOT
from cli.errors import BAD_INPUT, UserError
from review import given
from review.analyses.access.findings import access_findings
from review.analyses.access.objects import KINDS as ACCESS_KINDS
from review.analyses.access.objects import AccessObjects
from review.analyses.permissions import (
    KINDS,
    Grant,
    Permissions,
    RoleName,
    Subject,
    effective,
    unknown,
)
from review.plan import PlanError
from settings.api_resources import minors, served_by
from settings.escalation import Path as Way
from settings.escalation import found_in
from settings.explain import source_of
from settings.faults import SettingsError, did_you_mean
from settings.load import Sources, check, load, read_sources, stacks
from settings.personas import RULES
from settings.rbac import Right
from settings.stack import Settings

_WIDTH = 110
"""Characters of a line; a list of resources goes on below itself."""

Origin = Callable[[Grant], tuple[str, str]]
"""What a grant is called in the settings, and where it stands."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """What one subject may do in one namespace."""

    subject: Subject
    namespace: str
    """Empty: everywhere."""

    rights: dict[Right, list[Grant]]
    ways: list[Way]
    unknown: list[Grant]


def write(stack: str, who: str | None, namespace: str | None, form: str) -> None:
    """Print the rights of everybody who is bound, or of `who`, in every namespace or in one; raises `UserError`.

    `stack` may be a folder or file of manifests, too.
    """
    tally = given.Tally()
    permissions, places = Permissions(), dict[RoleName, str]()
    try:
        for it in given.manifests(ROOT, stack, KINDS, tally):
            permissions.add(it.manifest)
            places[_name(it)] = it.place
        if stack in stacks(ROOT):
            sources = read_sources(ROOT, stack)
            settings = check(sources)
            origin, minor = _in_settings(settings, sources), settings.cluster.kubernetes_version
        else:
            origin, minor = _in_files(places), minors()[-1]
    except (given.GivenError, SettingsError, PlanError) as error:
        raise UserError(str(error)) from None
    blocks = list(_blocks(permissions, who, namespace, minor))
    if form == "json":
        click.echo(json.dumps([_as_json(it, origin) for it in blocks], indent=1))
    elif blocks:
        click.echo("\n\n".join("\n".join(_lines(it, origin)) for it in blocks))
    else:
        click.echo("nobody is bound to any role")
    for fault in tally.faults:
        click.echo(f"error: {fault}", err=True)


def write_findings(stack: str, form: str) -> int:
    """Print what is wrong with roles and bindings, and where each stands; 1 where something is mandatory.

    `stack` may be a folder or file of manifests, too. Raises `UserError`.
    """
    tally, objects, places = given.Tally(), AccessObjects(), dict[RoleName, str]()
    try:
        for it in given.manifests(ROOT, stack, ACCESS_KINDS, tally):
            objects.add(it.manifest)
            if it.manifest.get("kind") in KINDS:
                places[_name(it)] = it.place
        known = stack in stacks(ROOT)
        minor = load(ROOT, stack).cluster.kubernetes_version if known else minors()[-1]
    except (given.GivenError, SettingsError, PlanError) as error:
        raise UserError(str(error)) from None
    found = sorted(
        access_findings(objects, minor),
        key=lambda it: (it.severity != "mandatory", it.of, it.rule, it.what),
    )
    if form == "json":
        rows = [{**asdict(it), "of": str(it.of), "place": places.get(it.of, stack)} for it in found]
        click.echo(json.dumps([{"resource": it.pop("of"), **it} for it in rows], indent=1))
    else:
        for one in found:
            click.echo(f"{places.get(one.of, stack)}: {one.finding()}\n  {one.source}")
    mandatory = sum(it.severity == "mandatory" for it in found)
    click.echo(f"{tally.summary()}; {mandatory or 'nothing'} mandatory", err=form == "json")
    for fault in tally.faults:
        click.echo(f"error: {fault}", err=True)
    if tally.faults:
        return BAD_INPUT
    return 1 if mandatory else 0


def _name(it: given.Given) -> RoleName:
    metadata = it.manifest.get("metadata") or {}
    kind = str(it.manifest.get("kind"))
    inside = "" if kind.startswith("Cluster") else str(metadata.get("namespace") or "default")
    return RoleName(kind, str(metadata.get("name")), inside)


def _in_files(places: dict[RoleName, str]) -> Origin:
    return lambda grant: (str(grant.role), places[grant.binding])


def _in_settings(settings: Settings, sources: Sources) -> Origin:
    def origin(grant: Grant) -> tuple[str, str]:
        role, subject = grant.role, grant.subject
        tenant = settings.namespaces.get(role.namespace)
        path: tuple[str | int, ...]
        if subject.kind == "ServiceAccount" and role.name in settings.workloads:
            word, path = "rights of workload", ("workloads", role.name, "serviceAccount")
        elif role.name in RULES:
            word, path = "persona", ("namespaces", role.namespace, "access", role.name)
        else:
            word, path = "role", ("namespaces", role.namespace, "access", "roles", role.name)
        if tenant and subject.kind == "Group":
            access = tenant.access
            groups = getattr(access, role.name) if role.name in RULES else access.roles[role.name]
            path = (*path, groups.index(subject.name))
        return f"{word} {role.name}", source_of(path, sources)

    return origin


def _blocks(
    permissions: Permissions, who: str | None, namespace: str | None, minor: str
) -> Iterator[Block]:
    grants, table = list(permissions.grants()), served_by(minor)
    subjects = sorted({*permissions.accounts, *(it.subject for it in grants)})
    if who:
        subjects = [it for it in subjects if who in _names(it)]
        if not subjects:
            known = [name for it in permissions.subjects() for name in _names(it)]
            near = (
                did_you_mean(who, known) or "name a group, or a service account as namespace/name"
            )
            raise UserError(f"nobody is called {who!r} here; {near}")
    everywhere = {it.namespace for it in grants} | {it.namespace for it in permissions.accounts}
    if namespace and namespace not in everywhere:
        near = did_you_mean(namespace, everywhere) or f"known: {', '.join(sorted(everywhere))}"
        raise UserError(f"nobody may do anything in a namespace {namespace!r}; {near}")
    found = False
    for subject in subjects:
        for place in [namespace] if namespace else sorted(everywhere):
            rights = effective(grants, subject, place or "", table)
            missing = unknown(grants, subject, place or "")
            if not rights and not missing:
                continue
            found = True
            by = {id(it): it for several in rights.values() for it in several}
            ways = {
                way.name: way
                for grant in by.values()
                for rule in grant.rules or ()
                for way, opened in found_in(rule)
                # One of the whole cluster is none of a binding inside a namespace.
                if any(
                    it._replace(name=name) in rights
                    for it in opened
                    for name in rule.names or ("",)
                )
            }
            yield Block(
                subject=subject,
                namespace=place or "",
                rights=rights,
                ways=list(ways.values()),
                unknown=missing,
            )
    if who and not found:
        raise UserError(f"{who} may do nothing{f' in {namespace}' if namespace else ''}")


def _names(subject: Subject) -> tuple[str, ...]:
    if subject.kind != "ServiceAccount":
        return (subject.name,)
    whole = f"{subject.namespace}:{subject.name}"
    return (subject.name, whole.replace(":", "/"), f"system:serviceaccount:{whole}")


def _rows(block: Block) -> dict[tuple[Grant, ...], dict[tuple[str, ...], list[str]]]:
    """Resources by the grants that give them, and then by verbs."""
    verbs: dict[tuple[tuple[Grant, ...], tuple[str, str, str]], list[str]] = defaultdict(list)
    for right, grants in block.rights.items():
        verbs[_frozen(grants), (right.group, right.resource, right.name)].append(right.verb)
    found: dict[tuple[Grant, ...], dict[tuple[str, ...], list[str]]] = {}
    for (grants_, (group, resource, name)), several in verbs.items():
        shown = f"{resource}.{group}" if group else resource
        shown += f" {name!r}" if name else ""
        found.setdefault(grants_, {}).setdefault(tuple(sorted(several)), []).append(shown)
    return found


def _frozen(grants: list[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(grants, key=lambda it: (it.binding, it.role)))


def _lines(block: Block, origin: Origin) -> Iterator[str]:
    where = f"in {block.namespace}" if block.namespace else "everywhere"
    yield f"{block.subject} {where}"
    for grants, rows in _rows(block).items():
        yield "  by " + " and ".join(f"{name}, {place}" for name, place in map(origin, grants))
        for verbs, resources in sorted(rows.items()):
            head = f"    {', '.join(verbs)}: "
            yield from textwrap.wrap(
                ", ".join(sorted(resources)),
                _WIDTH,
                initial_indent=head,
                subsequent_indent=" " * 6,
                break_long_words=False,
                break_on_hyphens=False,
            )
    for way in block.ways:
        yield f"  leads further, {way.name}: {way.why}"
    for grant in block.unknown:
        yield f"  and the unknown rights of {grant.role}, which is not among the objects"


def _as_json(block: Block, origin: Origin) -> dict[str, Any]:
    rows: dict[tuple[str, str, str], dict[str, list[Grant]]] = defaultdict(dict)
    for right, grants in block.rights.items():
        rows[right.group, right.resource, right.name][right.verb] = grants
    return {
        "subject": {key: value for key, value in block.subject._asdict().items() if value},
        "namespace": block.namespace or None,
        "rights": [
            {
                "apiGroup": group,
                "resource": resource,
                **({"resourceName": name} if name else {}),
                "verbs": {
                    verb: [
                        {"role": str(it.role), "binding": str(it.binding), "source": origin(it)[1]}
                        for it in grants
                    ]
                    for verb, grants in sorted(verbs.items())
                },
            }
            for (group, resource, name), verbs in sorted(rows.items())
        ],
        "leadsTo": [{"path": it.name, "why": it.why} for it in block.ways],
        "unknownRoles": [str(it.role) for it in block.unknown],
    }
