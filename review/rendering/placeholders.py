"""What no settings file holds, as named placeholders: client ids that Azure gives, and secrets.

A placeholder is `${name}`, which no GUID, password or docker config.json is; it is valid where it stands, so the
files parse and apply before it is filled. A secret's value comes from a file, never from the command line, which
every user of the machine can read.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from manifests import Values
from manifests.azure_identity import has_identity, shared
from settings.faults import did_you_mean
from settings.secret_keys import secret_keys
from settings.stack import Settings

CLIENT_ID: Final = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

MAX_SECRET_BYTES: Final = 1024 * 1024
"""https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size"""


class PlaceholderError(ValueError):
    """What is wrong with one `--set`, with the remedy; it never holds a secret's value."""


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """One value that rendering cannot know."""

    name: str
    """What `--set` calls it: `{component}.clientId`, `azureIdentities.{name}.clientId`, or the secret's config key."""

    kind: Literal["clientId", "pull", "vault", "workload"]
    keys: tuple[str, ...]
    """In `manifests.Values`: the names of the workloads that have the identity, or the config key."""

    meaning: str
    """One line: what it is and where it is found."""

    @property
    def is_secret(self) -> bool:
        """Whether its value may not stand on a command line."""
        return self.kind != "clientId"

    @property
    def shown(self) -> str:
        """`${name}`, as it stands in the files."""
        return f"${{{self.name}}}"

    @property
    def leaf(self) -> str:
        """What takes the place of the value: the API server refuses a pull secret that is no JSON."""
        return json.dumps({"auths": {self.shown: {}}}) if self.kind == "pull" else self.shown

    @property
    def remedy(self) -> str:
        """How to fill it."""
        return f"--set {self.name}={'@FILE' if self.is_secret else 'GUID'}"


def placeholders(settings: Settings) -> dict[str, Placeholder]:
    """All that the objects of `settings` wait for, by name: client ids in catalogue order, then secrets."""
    return {it.name: it for it in (*_client_ids(settings), *_secrets(settings))}


def _client_ids(settings: Settings) -> Iterator[Placeholder]:
    """One an identity: where workloads share it, in the place of the first."""
    users: dict[str, list[str]] = {}
    for workload in settings.workloads.values():
        given = shared(settings, workload)
        if has_identity(settings, workload) and not (given and given.client_id):
            own = f"{workload.namespace}-{workload.name}"
            name = f"azureIdentities.{workload.shared_identity}" if given else own
            users.setdefault(name, []).append(workload.name)
    for name, workloads in users.items():
        meaning = f"client id of the managed identity of {name}, which 'pulumi up' makes"
        yield Placeholder(
            name=f"{name}.clientId", kind="clientId", keys=tuple(workloads), meaning=meaning
        )


def _secrets(settings: Settings) -> Iterator[Placeholder]:
    for key in sorted({it.key: it for it in secret_keys(settings)}.values()):
        if key.use == "pull":
            meaning = f"docker config.json of the pull secret {key.namespace}/{key.name}"
        elif key.use == "workload":
            meaning = f"secret {key.name} of workload {key.workload}"
        else:
            meaning = f"content of {key.name}, which stands for the one in Key Vault {key.vault}"
        yield Placeholder(name=key.key, kind=key.use, keys=(key.key,), meaning=meaning)


def parse(
    assignments: Sequence[str], known: Mapping[str, Placeholder], here: Path
) -> dict[str, str]:
    """Values by name, from `NAME=VALUE` and `NAME=@FILE`, the file relative to `here`.

    One line feed at the end of a file is dropped, as `pulumi config set` does. Raise `PlaceholderError` for a name
    that `known` lacks or that stands twice, for a secret without `@`, and for what cannot be such a value.
    """
    given: dict[str, str] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        placeholder = known.get(name)
        if placeholder is None:
            near = did_you_mean(name, known) or f"known here: {', '.join(known) or 'none'}"
            raise PlaceholderError(f"--set {name}: no such placeholder; {near}")
        if name in given:
            raise PlaceholderError(f"--set {name}: stands twice; remove one")
        if not equals or not text:
            raise PlaceholderError(f"--set {name}: has no value; write '{placeholder.remedy}'")
        if placeholder.is_secret and not text.startswith("@"):
            raise PlaceholderError(
                f"--set {name}: is a secret, and everyone on this machine can read a command line; "
                f"write '{placeholder.remedy}'"
            )
        value = _content(name, here / text[1:]) if text.startswith("@") else text
        _check(placeholder, value)
        given[name] = value
    return given


def _content(name: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_SECRET_BYTES + 1)
        if len(content) > MAX_SECRET_BYTES:
            raise PlaceholderError(f"--set {name}: {path} has more than {MAX_SECRET_BYTES} bytes")
        return content.decode().removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise PlaceholderError(
            f"--set {name}: cannot read {path}: {error.strerror}; correct the path"
        ) from None
    except UnicodeDecodeError:
        raise PlaceholderError(
            f"--set {name}: {path} is not UTF-8 text; save it as UTF-8"
        ) from None


def _check(placeholder: Placeholder, value: str) -> None:
    """Refuse what cannot work, without a word of a secret."""
    if placeholder.kind == "clientId" and not CLIENT_ID.fullmatch(value):
        raise PlaceholderError(
            f"--set {placeholder.name}: must be a client id, for example "
            f"'0f8fad5b-d9cb-469f-a165-70867728950e'; got {value[:60]!r}"
        )
    if placeholder.kind == "pull" and not _is_docker_config(value):
        raise PlaceholderError(
            f"--set {placeholder.name}: must be a docker config.json: a JSON object with 'auths'"
        )
    if not value:
        raise PlaceholderError(f"--set {placeholder.name}: its file is empty")


def _is_docker_config(text: str) -> bool:
    try:
        data = json.loads(text)
    except ValueError:
        return False
    return isinstance(data, dict) and isinstance(data.get("auths"), dict)


def values(
    known: Mapping[str, Placeholder],
    given: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> Values:
    """The leaves for `manifests`: what was given, and the placeholder itself for all else; `names` of Secrets."""
    leaves = {name: given.get(name, it.leaf) for name, it in known.items()}
    return Values(
        client_ids=_by_key(leaves, (it for it in known.values() if not it.is_secret)),
        secrets=_by_key(leaves, (it for it in known.values() if it.is_secret)),
        secret_names=names or {},
    )


def _by_key(leaves: Mapping[str, str], known: Iterable[Placeholder]) -> dict[str, str]:
    return {key: leaves[it.name] for it in known for key in it.keys}
