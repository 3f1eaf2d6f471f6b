"""Computed names: those that no user typed, made so that they fit and stay apart.

A name is `{workload}.{part}` where Kubernetes allows a dot (RFC 1123 subdomain): users type labels,
which hold none, so `a.b-c` and `a-b.c` cannot meet. Where it does not, a hyphen serves.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from settings.container import MAIN
from settings.values import DNS_LABEL_MAX_CHARACTERS

DNS_SUBDOMAIN_MAX_CHARACTERS = 253
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names"""

SCRATCH = "scratch-"
"""Begins the names of volumes for `scratch`."""

_HASH_CHARACTERS = 8
_CONTENT_HASH_CHARACTERS = 10


def shortened(text: str, most: int) -> str:
    """`text` if it has at most `most` characters, else its beginning and a hash of all of it.

    A bare slice would let two long names become one. `most` must leave room for the hash: at least 10.
    """
    if len(text) <= most:
        return text
    digest = sha256(text.encode()).hexdigest()[:_HASH_CHARACTERS]
    return f"{text[: most - _HASH_CHARACTERS - 1].rstrip('-._')}-{digest}"


def content_hash(data: Mapping[str, str]) -> str:
    """Ten hexadecimal digits of `data`, whatever its order: 40 bits, for a handful of revisions."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:_CONTENT_HASH_CHARACTERS]


@lru_cache(maxsize=1024)
def path_hash(path: str) -> str:
    """Eight hexadecimal digits for a folder, where one name must serve several."""
    return sha256(path.encode()).hexdigest()[:_HASH_CHARACTERS]


def instance(namespace: str, workload: str) -> str:
    """`{namespace}-{workload}`, as a label value: unique in the cluster where a workload's name is."""
    return shortened(f"{namespace}-{workload}", DNS_LABEL_MAX_CHARACTERS)


def part(owner: str, name: str) -> str:
    """`{owner}.{name}`, for kinds whose names may hold dots."""
    return shortened(f"{owner}.{name}", DNS_SUBDOMAIN_MAX_CHARACTERS)


def headless(workload: str) -> str:
    """Name of the Service behind the pods' own DNS names: an RFC 1035 label, so without a dot."""
    return shortened(f"{workload}-headless", DNS_LABEL_MAX_CHARACTERS)


def secret_volume(vault: str, mount_path: str, *, only: bool) -> str:
    """Key Vault `vault` at `mount_path`: `vault-{vault}`, with a hash of the path where not its `only` one.

    Lower case: Azure ignores case in a vault's name, Kubernetes allows no capitals.
    """
    name = f"vault-{vault.lower()}"
    return name if only else f"{name}-{path_hash(mount_path)}"


@lru_cache(maxsize=1024)
def scratch_volume(container: str, path: str) -> str:
    """Scratch at `path` of `container`: `scratch-tmp` of the workload's own, called `main`, at `/tmp`.

    With a hash where the plain form could be read in two ways: `/a/b` and `/a-b`, or a further container's.
    """
    words = "-".join(re.findall("[a-z0-9]+", path.lower()))
    if container == MAIN and f"/{words.replace('-', '/')}" == path:
        return shortened(f"{SCRATCH}{words}", DNS_LABEL_MAX_CHARACTERS)
    owner = "" if container == MAIN else f"{container}-"
    room = DNS_LABEL_MAX_CHARACTERS - len(SCRATCH) - _HASH_CHARACTERS - 1
    begin = f"{owner}{words}"[:room].strip("-")
    return f"{SCRATCH}{begin}-{path_hash(f'{container}:{path}')}"
