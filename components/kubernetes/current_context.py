"""Keeps a stack that names no context out of a cluster that a shell happens to point at.

Only in `pulumi up`: a preview reads nothing of the machine, so that a plan is the same everywhere. `pulumi destroy`
does not run the program and is not kept.
"""

import os
import re
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pulumi
import yaml

from settings.stack import PATH, Kubeconfig, Settings

LOCAL_SUFFIXES: Final = (
    ".localhost",
    ".local",
    ".docker.internal",
    ".minikube.internal",
    ".k3d.internal",
)
"""Names that Docker Desktop, minikube, k3d and others give to this machine."""

LOCAL_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
"""One label: no name on the Internet, and a letter first, as digits alone are an address to a resolver."""


def refuse_remote(settings: Settings) -> None:
    """Raise `pulumi.RunError` where the current context would be used and leads away from here."""
    at = settings.kubeconfig or Kubeconfig()
    if settings.target != "kubeconfig" or at.context or pulumi.runtime.is_dry_run():
        return
    files = _files(at.path)
    found = f"the current context of {os.pathsep.join(map(str, files))}"
    try:
        context, server = _current(files)
        host = urlsplit(server).hostname or ""
    except _UnreadableError as fault:
        raise _refusal(f"{found} cannot be told: {fault}") from None
    except ValueError:
        raise _refusal(f"{found} has a server that is no URL") from None
    if not is_local(host):
        raise _refusal(f"{found}, {context!r}, leads to {host!r}")


def is_local(host: str) -> bool:
    """Whether `host` is this machine, a private address, or a name that only has a meaning here."""
    host = host.lower().rstrip(".")
    try:
        address = ip_address(host)
    except ValueError:
        return bool(LOCAL_NAME.fullmatch(host)) or host.endswith(LOCAL_SUFFIXES)
    # ::ffff:8.8.8.8 is as public as 8.8.8.8; not every Python 3.11 says so.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_private


def _refusal(found: str) -> pulumi.RunError:
    return pulumi.RunError(
        f"{PATH}.kubeconfig.context: is required here: without it a stack only goes to a cluster on "
        f"this machine or on a private address, and {found}; name the context that is meant"
    )


class _UnreadableError(Exception):
    """Why there is no current context; quotes nothing of a file that holds credentials."""


def _files(path: str | None) -> list[Path]:
    """In the order in which Kubernetes clients merge them."""
    named = path or os.environ.get("KUBECONFIG") or "~/.kube/config"
    names = [named] if path else named.split(os.pathsep)
    return [Path(name).expanduser() for name in names if name]


def _current(files: list[Path]) -> tuple[str, str]:
    """Name and server URL of the current context. The first file to say something wins, key by key:
    https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
    """
    read = [_mapping(file) for file in files if file.is_file()]
    if not read:
        raise _UnreadableError("there is no such file")
    name = next((it["current-context"] for it in read if it.get("current-context")), None)
    if not name:
        raise _UnreadableError("none is set")
    context = _entry(read, "contexts", "context", name)
    cluster = _entry(read, "clusters", "cluster", context.get("cluster"))
    return str(name), str(cluster.get("server", ""))


def _entry(read: list[dict[str, Any]], plural: str, singular: str, name: Any) -> dict[str, Any]:
    for config in read:
        for entry in config.get(plural) or ():
            if isinstance(entry, dict) and entry.get("name") == name:
                found = entry.get(singular)
                return found if isinstance(found, dict) else {}
    raise _UnreadableError(f"it names a {singular} that is not there")


def _mapping(file: Path) -> dict[str, Any]:
    try:
        config = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        config = None
    if not isinstance(config, dict):
        raise _UnreadableError(f"{file} is no kubeconfig")
    return config
