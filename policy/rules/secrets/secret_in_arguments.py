"""No argument holds a secret."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from policy.kinds import WORKLOADS
from policy.objects import Container, containers, listed
from policy.rule import Parameters, Rule, Violation
from policy.rules._secrets import holds_credentials, is_named_as_secret, is_plain_text
from policy.rules._turns import in_turn
from policy.unknown import is_secret, positions

_OPTION: Final = re.compile(r"--?([A-Za-z][\w.-]*)(?:=(.*))?", re.DOTALL)


def _check(it: Container, _parameters: Parameters) -> Iterator[Violation]:
    yield from in_turn(partial(_look, it, "command"), partial(_look, it, "args"))


def _look(it: Container, field: str) -> Iterator[Violation]:
    flag, after = None, -1
    for at, text in positions(listed(it.spec, field)):
        if is_secret(text):
            yield f"{field}[{at}]", "holds a secret in clear"
            continue
        found = _OPTION.fullmatch(text) if isinstance(text, str) else None
        if found and found[2] is not None:
            if is_named_as_secret(found[1]) and is_plain_text(found[2]):
                yield f"{field}[{at}]", f"holds a secret in clear: option {found[1]}"
            elif holds_credentials(found[2]):
                yield f"{field}[{at}]", f"holds credentials in clear: option {found[1]}"
        elif found is None and flag and after == at - 1 and is_plain_text(text):
            yield f"{field}[{at}]", f"holds a secret in clear: option {flag}"
        elif holds_credentials(text):
            yield f"{field}[{at}]", "holds credentials in clear"
        flag, after = (found[1], at) if found and is_named_as_secret(found[1]) else (None, -1)


RULE = Rule(
    id="secret-in-arguments",
    title="No argument holds a secret",
    area="secrets",
    severity="mandatory",
    kinds=WORKLOADS,
    each=containers,
    check=_check,
    why="Arguments are seen in the process list, in the API and in logs.",
    remedy="read it from a mounted file",
    source="https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
)
