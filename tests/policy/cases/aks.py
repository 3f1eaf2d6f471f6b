"""Cases of the rules of the cluster."""

from tests.policy.case import ABSENT, bad

CLUSTER = "ManagedCluster aks"

CASES = [
    bad("aks-local-accounts", CLUSTER, {"disableLocalAccounts": False}),
    bad("aks-local-accounts", CLUSTER, {"disableLocalAccounts": ABSENT}),
]
