"""How to sign in to an AKS cluster through kubelogin: server and CA of a kubeconfig, and no credentials.

Pure: data in, data out. Arguments of kubelogin: https://azure.github.io/kubelogin/concepts/login-modes.html
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

import yaml

Login = Literal["azurecli", "spn", "workloadidentity", "msi", "devicecode"]

CLIENT_LOGINS: Final = ("spn", "workloadidentity", "msi")
"""Ways to sign in that are told a client: of `msi` it says which of a machine's identities."""

SERVER_ID: Final = "6dae42f8-4368-4678-94ff-3960e28e3630"
"""The application that every AKS cluster with Entra is in every tenant: https://azure.github.io/kubelogin/concepts/aks.html"""

PERSONS_CLIENT_ID: Final = "80faf920-1908-4b52-b5ef-a8e7bedfc67a"
"""The public application through which people get tokens for it; a device code needs one. The same page."""

ADMINISTRATOR: Final = "clusterAdmin"
"""Begins the user's name in what `listClusterAdminCredential` returns:
https://learn.microsoft.com/azure/aks/control-kubeconfig-access"""

CREDENTIALS: Final = frozenset(
    {
        "client-certificate",
        "client-certificate-data",
        "client-key",
        "client-key-data",
        "token",
        "tokenFile",
        "username",
        "password",
    }
)
"""Keys of a user who needs no sign-in. Beside kubelogin they would be a way round it."""

RETURNED: Final = "the kubeconfig that Azure returned"
"""What faults call the text where nobody says otherwise."""

INSTALL: Final = "https://azure.github.io/kubelogin/install.html"

_AKS: Final = (".azmk8s.io", ".azk8s.cn", ".aks.containerservice.azure.us")
"""Ends of the names that AKS gives API servers, cloud by cloud:
https://learn.microsoft.com/azure/aks/outbound-rules-control-egress"""

_CLOUDS: Final = {".cn": "AzureChinaCloud", ".us": "AzureUSGovernmentCloud"}
"""By the end of the API server's name."""


class Returned(NamedTuple):
    """What Azure hands to a user of a cluster."""

    cluster: Mapping[str, Any]
    """The map under `cluster` of the one cluster."""

    user_name: str

    user: Mapping[str, Any]
    """The map under `user` of the one user."""

    @property
    def holds_credentials(self) -> bool:
        """Whether the user signs in without Entra, or could."""
        return bool(CREDENTIALS & self.user.keys())


class Access(NamedTuple):
    """What signing in takes, none of it secret."""

    server: str
    """URL of the API server."""

    authority: str
    """Its CA, base64."""

    options: Mapping[str, str]
    """Options of kubelogin as they were given, `--server-id` among them."""


def returned(text: str, *, context: str | None = None, of: str = RETURNED) -> Returned:
    """The one cluster and user of `text`, or those of `context` where it holds more.

    Raise `ValueError`, which quotes nothing of the text, where there are not exactly one of each, or where the user
    is the local administrator.
    """
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"{of} is no YAML map")
    chosen = _of_context(found, context) if context else found
    _, cluster = _only(chosen, "clusters", "cluster", of)
    user_name, user = _only(chosen, "users", "user", of)
    if user_name.startswith(ADMINISTRATOR):
        raise ValueError(f"{of} is the local administrator's; ask for user credentials")
    return Returned(cluster, user_name, user)


def access_of(it: Returned, *, of: str = RETURNED) -> Access:
    """Server, CA and options of kubelogin; raise `ValueError` for what lacks one or holds credentials beside it."""
    kept = {key: it.cluster.get(key) for key in ("server", "certificate-authority-data")}
    if missing := [key for key, value in kept.items() if not value or not isinstance(value, str)]:
        raise ValueError(f"{of} has no {' and no '.join(missing)}")
    if it.holds_credentials:
        raise ValueError(f"{of} holds credentials beside kubelogin; keep local accounts off")
    execution = it.user.get("exec")
    given = execution.get("args") if isinstance(execution, dict) else None
    args = [str(arg) for arg in given] if isinstance(given, list) else []
    options = dict(pairwise(args))
    if not options.get("--server-id"):
        raise ValueError(f"{of} does not sign in through kubelogin")
    return Access(str(kept["server"]), str(kept["certificate-authority-data"]), options)


def require_reachable(access: Access, *, of: str = RETURNED) -> None:
    """Raise `ValueError` for a server that is no https URL or a CA that is no certificate."""
    try:
        sound = urlsplit(access.server).scheme == "https" and _host(access)
    except ValueError:
        sound = False
    if not sound:
        raise ValueError(f"{of} has a server that is no https URL")
    try:
        certificate = b64decode("".join(access.authority.split()), validate=True)
    except (binascii.Error, ValueError):
        certificate = b""
    if b"-----BEGIN CERTIFICATE-----" not in certificate:
        raise ValueError(f"{of} has certificate-authority-data that is no certificate")


def is_another(access: Access, dns_prefix: str) -> bool:
    """Whether AKS gave the server to a cluster with another `dns_prefix`; false for what AKS did not name."""
    host = _host(access)
    return host.endswith(_AKS) and not host.startswith(f"{dns_prefix.lower()}-")


def cluster(access: Access) -> dict[str, str]:
    """What stands under `cluster`."""
    return {"server": access.server, "certificate-authority-data": access.authority}


def user(
    access: Access, login: Login, tenant_id: str, client_id: str | None = None
) -> dict[str, Any]:
    """What stands under `user`: kubelogin, run by the client.

    Without `client_id` the client of `spn` and `workloadidentity` comes from the environment (AZURE_CLIENT_ID and its
    companions); their secrets always do, so none is ever written.
    """
    args = ["get-token", "--login", login, "--server-id", access.options["--server-id"]]
    if login == "devicecode":
        client_id = access.options.get("--client-id", PERSONS_CLIENT_ID)
    if client_id and login != "azurecli":
        args += ["--client-id", client_id]
    if login in ("spn", "workloadidentity", "devicecode"):
        # Not for azurecli: a CLI that signed in as a managed identity refuses it (kubelogin #123).
        args += ["--tenant-id", tenant_id]
    if login in ("spn", "devicecode") and (cloud := _cloud(access)):
        args += ["--environment", cloud]
    return {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": "kubelogin",
            "args": args,
            "installHint": f"kubelogin is needed to sign in: {INSTALL}",
            # Without a terminal nobody answers: fail at once rather than wait. `Never` gives kubelogin no standard
            # input; `Always` makes kubectl refuse to run it without a terminal, as a device code needs a person.
            "interactiveMode": "Always" if login == "devicecode" else "Never",
            "provideClusterInfo": False,
        }
    }


def _host(access: Access) -> str:
    return urlsplit(access.server).hostname or ""


def _cloud(access: Access) -> str | None:
    host = _host(access)
    by_name = next((cloud for end, cloud in _CLOUDS.items() if host.endswith(end)), None)
    return access.options.get("--environment", by_name)


def _of_context(found: Mapping[str, Any], context: str) -> dict[str, Any]:
    """`found` with the cluster and the user of `context` alone, where it has more than one of them and that context."""
    contexts = found.get("contexts")
    named = [it for it in contexts if _named(it, context)] if isinstance(contexts, list) else []
    inner = named[0].get("context") if len(named) == 1 else None
    if not isinstance(inner, dict):
        return dict(found)
    chosen = dict(found)
    for plural, singular in (("clusters", "cluster"), ("users", "user")):
        entries = found.get(plural)
        if isinstance(entries, list) and len(entries) > 1:
            chosen[plural] = [it for it in entries if _named(it, inner.get(singular))]
    return chosen


def _named(entry: Any, name: Any) -> bool:
    return isinstance(entry, dict) and entry.get("name") == name


def _only(
    found: Mapping[str, Any], plural: str, singular: str, of: str
) -> tuple[str, dict[str, Any]]:
    entries = found.get(plural)
    entry = entries[0] if isinstance(entries, list) and len(entries) == 1 else None
    inner = entry.get(singular) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(inner, dict):
        raise ValueError(f"{of} must have one of {plural}")
    return str(entry.get("name", "")), inner
