"""What a rule is, and how one is written.

One rule a file, `policy/rules/<area>/<id with underscores>.py`, that exports `RULE`. It is found by being there. A rule
of one object is a `Rule`, one that looks across the stack a `StackRule`:

    RULE = Rule(
        id="privileged-container",
        title="No container is privileged",
        area="pod-security",
        severity="mandatory",
        kinds=WORKLOADS,
        each=containers,
        check=_check,
        why="A privileged container owns its node.",
        remedy="remove privileged, and add the one capability that is needed",
        source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    )

    def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
        if dig(it.spec, "securityContext", "privileged") is True:
            yield "securityContext.privileged", "runs privileged"

`each` makes subjects of an object (`policy/objects.py` has those for pods and containers; without it the object itself
is the subject, an `Object`), `check` yields what is wrong with one of them, as (path from the subject, message).
`""` is the subject itself. Items of lists are named in paths: `items(spec, "ports")` gives `ports[http]` and the item.

The rules of writing rules:
- Read with `dig`, `mapping`, `items` of `policy/objects.py`: anyone's manifest may have null, or a text, or nothing,
  where Kubernetes has a map. What is not there is None.
- Never ask whether a value is known and never catch `Undecided`. Reading an unknown raises, and the verdict of this
  one subject is `unknown`; what was yielded before stands. So yield what is certain first, and keep subjects small.
- Over a list use `any`, `all`, `in`, `for` or `items`, never `enumerate`, `zip`, `[0]` or "the first that": with an
  unknown item the known ones come first, then the raise. Where two reads stand beside each other in an `or`, use
  `either(lambda: ..., lambda: ...)`, with `and` `every(...)` of `policy/unknown.py`: then one known answer may decide.
- No state between two subjects; nothing read but the subject, the parameters and, in a `StackRule`, the stack.
- A message says what is so, in lower case without a final stop, and no value that may be a secret (of a Secret's data,
  an env value, an argument: its name alone). The remedy says what to do. A secret is true and has no other answer.
- `id` is kebab-case and never used again for another thing. `source` is the page that the rule rests on.

A rule has its cases in `tests/policy/cases/<area>.py`; a test holds that there is a bad and a good one each.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from policy.kinds import is_known
from policy.objects import Object, Subjects
from policy.unknown import Undecided

if TYPE_CHECKING:
    from policy.stack import Stack

Severity = Literal["mandatory", "advisory"]
"""`mandatory` fails a review, a preview and a lint; `advisory` is told and passes."""

Reach = Literal["namespace", "stack"]

Area = Literal[
    "pod-security",
    "images",
    "resources",
    "availability",
    "exposure",
    "rbac",
    "network",
    "storage",
    "secrets",
    "references",
    "conventions",
    "aks",
    "azure",
]
AREAS: Final[tuple[Area, ...]] = Area.__args__  # type: ignore[attr-defined]
"""Chapters of docs/policies.md, in this order."""

Parameters = Mapping[str, Any]
"""What a stack's configuration says for one rule, the defaults filled in."""

Violation = tuple[str, str]
"""Path from the subject, and what is so."""

_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing that a stack may set for a rule."""

    default: Any
    """A text, a whole number, true or false, or a list of texts: what a stack sets is of the same type."""

    docs: str
    """What it does, in a sentence without the final stop."""

    choices: tuple[str, ...] = ()
    """What may be set, where only some texts may."""


def whole(it: Object) -> Subjects:
    """The object itself as the one subject."""
    yield "", it


@dataclass(frozen=True, kw_only=True)
class _Rule:
    id: str
    """`privileged-container`; the name that config, exemptions and reports know it by."""

    title: str
    """What must hold, as a sentence without the final stop: `No container is privileged`."""

    area: Area
    severity: Severity
    """Where no stack says otherwise."""

    kinds: tuple[str, ...]
    """What it is asked of: kinds of Kubernetes (`policy/kinds.py`), or types of Azure without an API version,
    `azure-native:containerservice:ManagedCluster`."""

    why: str
    """What happens else: one or two sentences."""

    remedy: str
    """What to do: a clause, lower case, without the final stop."""

    source: str
    """URL of the page that the rule rests on."""

    each: "Callable[[Object], Subjects]" = whole
    """Which subjects an object has. Share the functions of `policy/objects.py`: each runs once for all rules that name
    it."""

    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r}: an id is two words or more in kebab-case")
        if strange := [it for it in self.kinds if not is_known(it)]:
            raise ValueError(f"{self.id}: {strange} are in no table of policy/kinds.py")
        if self.area not in AREAS:
            raise ValueError(f"{self.id}: there is no area {self.area!r}")

    @property
    def defaults(self) -> Parameters:
        """Every parameter where no stack says otherwise."""
        return {name: it.default for name, it in self.parameters.items()}


@dataclass(frozen=True, kw_only=True)
class Rule(_Rule):
    """A rule of one object: its verdict hangs on that object and the parameters alone, and is cached by them."""

    check: Callable[[Any, Parameters], Iterable[Violation]]
    """What is wrong with one subject."""


@dataclass(frozen=True, kw_only=True)
class StackRule(_Rule):
    """A rule of objects among all others of the stack."""

    reach: Reach = "stack"
    """What it looks at beside an object that is in a namespace: everything, or what is in that namespace and what is in
    none (Namespaces, cluster roles, charts, resources of Azure). Of the latter the results are kept by namespace, and
    a rule that says so is given no more."""

    check: "Callable[[Any, Stack, Parameters], Iterable[Violation]]"
    """What is wrong with one subject in this stack."""


AnyRule = Rule | StackRule

__all__ = [
    "AREAS",
    "AnyRule",
    "Area",
    "Parameter",
    "Parameters",
    "Rule",
    "Severity",
    "StackRule",
    "Subjects",
    "Undecided",
    "Violation",
    "whole",
]
