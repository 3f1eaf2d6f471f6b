"""One cause, found by several: a review tells it once, where it says most.

A mandatory finding never gives way to an advisory one, nor a sure one to one that is undecided.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from review.findings import Finding
from review.report import Area, area_of

About = Callable[[Finding], object]
"""What two findings must have in common to be one cause; None: nothing has it in common."""

_HOST: Final = re.compile(r"^host (\S+) (?:has no TLS|is new)|no TLS for (\S+)$")


def _resource(it: Finding) -> object:
    return it.resource


def _place(it: Finding) -> object:
    return it.resource, it.path


def _host(it: Finding) -> object:
    found = _HOST.search(it.message)
    return found and (found[1] or found[2])


class Told(NamedTuple):
    """A rule that says what another says."""

    area: Area
    rule: str
    by: tuple[Area, str]
    about: About


TOLD_BY: Final = (
    Told("admission", "pod-security-refused", ("admission", "admission-pod-security"), _resource),
    Told("admission", "pod-security", ("policy", "namespace-pod-security"), _resource),
    Told("exposure", "exposure-no-tls", ("policy", "ingress-tls"), _host),
    Told("images", "image-unpinned", ("policy", "image-digest"), _place),
    Told("images", "image-registry", ("policy", "image-registry"), _place),
    Told("policy", "image-digest", ("images", "image-digest-lost"), _place),
    Told("policy", "ingress-tls", ("exposure", "exposure-tls-dropped"), _host),
    Told("policy", "quota-impossible", ("admission", "admission-amounts"), _resource),
    Told(
        "policy", "service-load-balancer-open", ("exposure", "exposure-public-balancer"), _resource
    ),
)
"""Chapters and the pack look at the same objects: the one from what changed, the other from what is good practice."""


def once(found: Iterable[Finding]) -> list[Finding]:
    """`found` without what another of them says."""
    listed = [*found]
    said: dict[tuple[Area, str], list[Finding]] = {}
    for it in listed:
        said.setdefault((area_of(it), it.rule), []).append(it)
    again: set[int] = set()
    for told in TOLD_BY:
        others: dict[object, list[Finding]] = {}
        for it in said.get(told.by, ()):
            others.setdefault(told.about(it), []).append(it)
        for it in said.get((told.area, told.rule), ()) if others else ():
            about = told.about(it)
            if about is not None and any(_outweighs(one, it) for one in others.get(about, ())):
                again.add(id(it))
    return [it for it in listed if id(it) not in again]


def _outweighs(it: Finding, other: Finding) -> bool:
    surely = it.verdict == "fail" or other.verdict == "unknown"
    return surely and (it.severity == "mandatory" or other.severity == "advisory")
