"""A kubeconfig that holds no credentials: what Azure returns, signing in through kubelogin.

Azure's own asks for a device code, which a pipeline waits for until it is killed. A cluster without Entra (never one
of ours, but a stand-in for Azure may play one) returns users who sign in by themselves: they are handed on as they
are, the local administrator excepted. Pure text in, text out. Arguments: https://azure.github.io/kubelogin/concepts/login-modes.html
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Literal

import yaml

Login = Literal["azurecli", "spn", "workloadidentity", "msi"]

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

_INSTALL_HINT: Final = (
    "kubelogin is needed to sign in: https://azure.github.io/kubelogin/install.html"
)


def for_kubelogin(returned: str, *, context: str, login: Login, tenant_id: str) -> str:
    """`returned` with one cluster, user and context, all named `context`; server and CA are kept.

    The client of `spn` and `workloadidentity` comes from the environment (AZURE_CLIENT_ID and its
    companions), so no secret is ever written. Raise `ValueError`, which quotes nothing of the text,
    where it is not what Azure returns to a user.
    """
    try:
        found = yaml.safe_load(returned)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("the kubeconfig that Azure returned is no YAML map")
    cluster, user = _only(found, "clusters", "cluster"), _only(found, "users", "user")
    if str(found["users"][0].get("name", "")).startswith(ADMINISTRATOR):
        raise ValueError(
            "the kubeconfig that Azure returned is the local administrator's; ask for user credentials"
        )
    if "exec" not in user and CREDENTIALS & user.keys():
        return returned
    kept = {key: cluster.get(key) for key in ("server", "certificate-authority-data")}
    if missing := [key for key, value in kept.items() if not value]:
        raise ValueError(f"the kubeconfig that Azure returned has no {' and no '.join(missing)}")
    if CREDENTIALS & user.keys():
        raise ValueError(
            "the kubeconfig that Azure returned holds credentials beside kubelogin; keep local accounts off"
        )
    execution = user.get("exec")
    given = execution.get("args") if isinstance(execution, dict) else None
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": context, "cluster": kept}],
            "users": [
                {"name": context, "user": {"exec": _execution(given or [], login, tenant_id)}}
            ],
            "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
            "current-context": context,
        },
        sort_keys=False,
    )


def _execution(given: Sequence[str], login: Login, tenant_id: str) -> dict[str, Any]:
    options = dict(pairwise(given))
    server_id = options.get("--server-id")
    if not server_id:
        raise ValueError("the kubeconfig that Azure returned does not sign in through kubelogin")
    args = ["get-token", "--login", login, "--server-id", server_id]
    if login in ("spn", "workloadidentity"):
        # Not for azurecli: a CLI that signed in as a managed identity refuses it (kubelogin #123).
        args += ["--tenant-id", tenant_id]
    if login == "spn" and "--environment" in options:
        args += ["--environment", options["--environment"]]
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": args,
        "installHint": _INSTALL_HINT,
        # Without a terminal nobody answers: fail at once rather than wait.
        "interactiveMode": "Never",
        "provideClusterInfo": False,
    }


def _only(found: Mapping[str, Any], plural: str, singular: str) -> dict[str, Any]:
    entries = found.get(plural)
    entry = entries[0] if isinstance(entries, list) and len(entries) == 1 else None
    inner = entry.get(singular) if isinstance(entry, dict) else None
    if not isinstance(inner, dict):
        raise ValueError(f"the kubeconfig that Azure returned must have one of {plural}")
    return inner
