"""Parts of a URN, `urn:pulumi:<stack>::<project>::<type chain>::<name>`, as the engine builds it.

https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
"""

from typing import Final

STACK: Final = "pulumi:pulumi:Stack"


def of(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """The URN of a child of `parent`: with the types of everything above it, but for the stack's."""
    above = type_chain(parent)
    chain = type_ if above in {"", STACK} else f"{above}${type_}"
    return f"urn:pulumi:{stack}::{project}::{chain}::{name}"


def moved(parent: str, type_: str, name: str) -> str:
    """The URN of a child of `parent`, in the stack and the project of `parent`."""
    head, project, _, _ = parent.split("::", 3)
    return of(head.removeprefix("urn:pulumi:"), project, parent, type_, name)


def type_chain(urn: str) -> str:
    """Types from the outermost component to the resource, `$` between them; empty for no URN."""
    return urn.split("::", 3)[2] if urn else ""


def type_of(urn: str) -> str:
    """The resource's own type."""
    return type_chain(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    """The logical name, which may hold `::` itself."""
    return urn.split("::", 3)[3] if urn else ""
