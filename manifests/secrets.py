"""A workload's secrets: which Secret holds each, and how its containers read it.

What this program makes itself is immutable and named by content, one Secret a workload and secret or vault folder: a
change makes a new Secret and so a new pod template, and exactly the pods that read it roll.
"""

import json
from collections.abc import Mapping
from hashlib import scrypt
from typing import Any, NamedTuple

from manifests import Manifest, Part, Values
from manifests.names import DNS_SUBDOMAIN_MAX_CHARACTERS, part, path_hash, shortened
from manifests.secret_provider import UNSET, Folder, provider_class, vault_folders
from settings.secret_keys import own_key, vault_key
from settings.stack import PROJECT, Settings
from settings.workload import Workload

FILES = "secret-files"
"""Name of the pod's volume for secrets that come from Secrets; several folders have a hash of their path behind it."""

DIGEST_BYTES = 4
"""Of a name: enough that two values of one secret differ, and a guess at the value finds others that fit as well."""

SCRYPT_COST = 2**14
"""With blocks of 8: 16 MiB and about 50 ms a guess, for whoever may read names but no secrets."""


class Hashed(NamedTuple):
    """A Secret that is named by what it holds."""

    key: str
    """In `Values.secret_names`: `{workload}/{role}`."""

    role: str
    base: str
    """Name without the hash."""

    entries: Mapping[str, str]
    """Key in `Values.secrets` of each value, by its key in the Secret."""


class Reference(NamedTuple):
    """One key of a Secret."""

    secret: Any
    """Name of the Secret: a leaf to place, not to look at."""

    key: str


def hashed(settings: Settings, workload: Workload) -> list[Hashed]:
    """The Secrets of `workload` that this program makes, in the order of their roles' first mention."""
    if not workload.secrets:
        return []
    found = []
    if settings.target != "aks":
        for folder in vault_folders(workload):
            entries = {name: vault_key(folder.vault, name) for name in folder.secrets}
            base = part(workload.name, folder.volume)
            found.append(Hashed(f"{workload.name}/{folder.volume}", folder.volume, base, entries))
    for name, secret in workload.secrets.items():
        if secret.vault is None and secret.existing is None:
            found.append(_own(workload, name))
    return found


def _own(workload: Workload, name: str) -> Hashed:
    role = f"secret-{name}"
    base = part(workload.name, role.lower())
    return Hashed(f"{workload.name}/{role}", role, base, {name: own_key(workload.name, name)})


def hashed_name(stack: str, workload: Workload, secret: Hashed, content: Mapping[str, str]) -> str:
    """`{base}-{digest}`, the same in every run; `content` is the plain value of each entry.

    Whoever may list Secrets, or read pods, sees names: a plain hash would let them try a dictionary at millions of
    guesses a second, and one table for all. So scrypt, salted with where the secret is. It still cannot hide a value
    of which there are only thousands. Where nothing is set the name says that, for it is no secret.
    """
    if set(content.values()) == {UNSET}:
        return _unset(secret.base)
    salt = json.dumps([PROJECT, stack, workload.namespace, workload.name, secret.role])
    text = json.dumps(content, sort_keys=True)
    digest = scrypt(text.encode(), salt=salt.encode(), n=SCRYPT_COST, r=8, p=1, dklen=DIGEST_BYTES)
    return shortened(f"{secret.base}-{digest.hex()}", DNS_SUBDOMAIN_MAX_CHARACTERS)


def _unset(base: str) -> str:
    return shortened(f"{base}-{UNSET}", DNS_SUBDOMAIN_MAX_CHARACTERS)


def names(stack: str, settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    """`hashed_name` of every Secret all of whose values are in `given`, by `Hashed.key`: for rendering."""
    return {
        it.key: hashed_name(
            stack, workload, it, {name: given[key] for name, key in it.entries.items()}
        )
        for workload in settings.workloads.values()
        for it in hashed(settings, workload)
        if given.keys() >= {*it.entries.values()}
    }


def reference(settings: Settings, workload: Workload, name: str, values: Values) -> Reference:
    """Secret and key behind `env: {X: {secret: name}}`; `KeyError` where `workload` has no secret `name`."""
    secret = workload.secrets[name]
    if secret.existing:
        return Reference(secret.existing.name, secret.existing.key)
    if secret.vault is None:
        own = _own(workload, name)
        return Reference(values.secret_names.get(own.key, _unset(own.base)), name)
    [folder] = [it for it in vault_folders(workload) if name in it.secrets]
    base = part(workload.name, folder.volume)
    if settings.target == "aks":
        return Reference(base, name)
    return Reference(
        values.secret_names.get(f"{workload.name}/{folder.volume}", _unset(base)), name
    )


def folders(settings: Settings, workload: Workload, values: Values) -> list[Folder]:
    """What the pods of `workload` mount, each with the source of its volume: vaults first, then Secrets."""
    if not workload.secrets:
        return []
    found = []
    for folder in vault_folders(workload):
        source = folder.source
        if settings.target != "aks":
            name = reference(settings, workload, folder.secrets[0], values).secret
            source = {"secret": {"secretName": name}}
        found.append(folder._replace(source=source))
    grouped: dict[str, list[str]] = {}
    for name, secret in workload.secrets.items():
        if secret.vault is None and secret.mount_path:
            grouped.setdefault(secret.mount_path, []).append(name)
    for path, names in grouped.items():
        volume = FILES if len(grouped) == 1 else f"{FILES}-{path_hash(path)}"
        sources = [_projected(reference(settings, workload, it, values), it) for it in names]
        source = {"projected": {"sources": sources}}
        found.append(Folder("", path, volume, tuple(names), source))
    return found


def _projected(found: Reference, name: str) -> dict[str, Any]:
    items = [{"key": found.key, "path": name}]
    return {"secret": {"name": found.secret, "items": items}}


def parts(
    settings: Settings, workload: Workload, labels: dict[str, str], values: Values
) -> list[Part]:
    """A SecretProviderClass for each vault folder on AKS, and the Secrets of `hashed`.

    Roles: the vault's volume, and `secret-{name}`.
    """
    if not workload.secrets:
        return []
    found = []
    if settings.target == "aks":
        found = [
            Part(it.volume, provider_class(settings, workload, labels, values, it))
            for it in vault_folders(workload)
        ]
    made = hashed(settings, workload)
    return found + [Part(it.role, _secret(workload, labels, values, it)) for it in made]


def _secret(workload: Workload, labels: dict[str, str], values: Values, secret: Hashed) -> Manifest:
    name = values.secret_names.get(secret.key, _unset(secret.base))
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": workload.namespace, "labels": {**labels}},
        "type": "Opaque",
        "stringData": {
            key: values.secrets.get(config, UNSET) for key, config in secret.entries.items()
        },
        "immutable": True,
    }
