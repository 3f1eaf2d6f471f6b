"""A kubeconfig that holds no credentials: what Azure returns, signing in through kubelogin.

Azure's own asks for a device code, which a pipeline waits for until it is killed. A cluster without Entra (never one
of ours, but a stand-in for Azure may play one) returns users who sign in by themselves: they are handed on as they
are, the local administrator excepted. Pure text in, text out.
"""

from typing import Literal

import yaml

from manifests import kubeconfig

Login = Literal["azurecli", "spn", "workloadidentity", "msi"]


def for_kubelogin(returned: str, *, context: str, login: Login, tenant_id: str) -> str:
    """`returned` with one cluster, user and context, all named `context`; server and CA are kept.

    The client of `spn` and `workloadidentity` comes from the environment (AZURE_CLIENT_ID and its
    companions), so no secret is ever written. Raise `ValueError`, which quotes nothing of the text,
    where it is not what Azure returns to a user.
    """
    found = kubeconfig.returned(returned)
    if "exec" not in found.user and found.holds_credentials:
        return returned
    access = kubeconfig.access_of(found)
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": context, "cluster": kubeconfig.cluster(access)}],
            "users": [{"name": context, "user": kubeconfig.user(access, login, tenant_id)}],
            "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
            "current-context": context,
        },
        sort_keys=False,
    )
