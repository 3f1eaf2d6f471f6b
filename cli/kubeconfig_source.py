"""Where the address and the CA of a stack's cluster come from: a file, the stack's own output, or Azure.

The programs that are asked run as their user has signed them in; nothing waits for an answer at a terminal. What they
print on stdout is read and never shown.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cli.environment import ROOT
from cli.errors import UserError

WAIT_SECONDS: Final = 120
"""`pulumi stack output` took 1 s with a state in a folder; `az` needs some seconds to start."""

_SHOWN_CHARACTERS: Final = 200
"""Of the line that a program ends with when it fails."""


class Question(NamedTuple):
    """What to ask for, in the words of both programs."""

    stack: str
    cluster: str
    """Name of the managed cluster."""

    resource_group: str
    subscription: str | None = None
    """Subscription of the stack; None: the one that the Azure CLI has chosen."""

    @property
    def commands(self) -> list[list[str]]:
        """Pulumi first: what it says was made by the stack itself."""
        azure = [
            *("az", "aks", "get-credentials", "--resource-group", self.resource_group),
            *("--name", self.cluster, "--file", "-", "--format", "exec"),
        ]
        return [
            ["pulumi", "stack", "output", "kubeconfig", "--show-secrets", "-s", self.stack],
            [*azure, *(["--subscription", self.subscription] if self.subscription else [])],
        ]


class Answer(NamedTuple):
    """A kubeconfig as text."""

    text: str
    origin: str
    """Who said it."""


def from_file(path: str) -> Answer:
    """What the file holds, or standard input for `-`; raise `UserError` where it cannot be read."""
    name = "standard input" if path == "-" else path
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return Answer(content.decode("utf-8-sig"), name)
    except OSError as error:
        raise UserError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{name}: is not UTF-8") from error


def asked(question: Question) -> Answer:
    """The answer of the first program that has one; raise `UserError` with what each of them said."""
    said: list[str] = []
    for command in question.commands:
        if not shutil.which(command[0]):
            said.append(f"{command[0]} is not on the PATH")
            continue
        try:
            return Answer(_run(command), command[0])
        except _FailedError as failure:
            said.append(str(failure))
    raise UserError("\n".join(_nowhere(question, said)))


def _nowhere(question: Question, said: Sequence[str]) -> Iterator[str]:
    yield f"nothing here tells where the cluster of stack {question.stack!r} is: {'; '.join(said)}"
    yield "  one of these does, on a machine that has signed in:"
    for command in question.commands:
        yield f"    {' '.join(command)} > FILE"
    yield f"  then: ./aks kubeconfig {question.stack} --from FILE"


class _FailedError(Exception):
    """What a program said when it failed."""


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _FailedError(f"{command[0]} did not answer within {WAIT_SECONDS} s") from None
    except OSError as error:
        raise _FailedError(f"{command[0]} cannot be run: {error.strerror}") from error
    if done.returncode:
        lines = [it.strip() for it in done.stderr.splitlines() if it.strip()]
        word = f": {lines[-1][:_SHOWN_CHARACTERS]}" if lines else ""
        raise _FailedError(f"{command[0]} failed with exit code {done.returncode}{word}")
    if not done.stdout.strip():
        raise _FailedError(f"{command[0]} said nothing")
    return done.stdout
