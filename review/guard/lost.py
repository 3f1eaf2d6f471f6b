"""What may not simply go: types that hold data or carry the rest, with what a deletion means and the safe path.

Deletions of protected resources, and protection that is taken off, are found here, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from review.findings import Severity
from review.guard.blast import Surroundings
from review.guard.findings import RULES, Blast, GuardFinding
from review.guard.pairs import Pairs, title
from review.guard.rows_cluster import CLUSTER
from review.guard.rows_pools import POOL
from review.guard.table import plain_type
from review.plan import Resource

PROTECT: Final = "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"
RETAIN: Final = "https://www.pulumi.com/docs/iac/concepts/resources/options/retainondelete/"

_LOST: Final[dict[str, tuple[Severity, str, str]]] = {
    CLUSTER: (
        "mandatory",
        "everything that runs there goes, with the disks that its claims made in its node group",
        "back up, move the traffic, then take `protect` off in a change of its own",
    ),
    POOL: (
        "mandatory",
        "its nodes go, and pods bound to it stay Pending",
        "move the workloads' `pool` first, and remove the pool in a change of its own",
    ),
    "azure-native:resources:ResourceGroup": (
        "mandatory",
        "Azure deletes whatever is inside, made here or not",
        "move what must stay first",
    ),
    "azure-native:network:VirtualNetwork": (
        "mandatory",
        "nothing inside has an address; Azure refuses while something has",
        "move the node pools first",
    ),
    "azure-native:network:Subnet": (
        "mandatory",
        "nothing inside has an address; Azure refuses while something has",
        "move the node pools first",
    ),
    "azure-native:network:PublicIPAddress": (
        "mandatory",
        "the address is given back, and partners that list it let nobody in",
        "tell them the new one first",
    ),
    "azure-native:keyvault:Vault": (
        "mandatory",
        "its secrets are gone, and with purge protection its name stays taken for the days of its retention",
        "move the readers first; `az keyvault recover` brings it back within the retention",
    ),
    "azure-native:keyvault:Key": (
        "mandatory",
        "what it encrypted cannot be read",
        "write all of it with another key first",
    ),
    "azure-native:compute:Disk": ("mandatory", "its data is gone", "a snapshot first"),
    "azure-native:compute:DiskEncryptionSet": (
        "mandatory",
        "disks that it encrypts cannot be attached; Azure refuses while there are some",
        "move the disks first",
    ),
    "azure-native:storage:StorageAccount": ("mandatory", "its data is gone", "copy it first"),
    "azure-native:storage:BlobContainer": ("mandatory", "its data is gone", "copy it first"),
    "azure-native:storage:FileShare": ("mandatory", "its data is gone", "copy it first"),
    "azure-native:containerregistry:Registry": (
        "mandatory",
        "no node can pull an image, and the images are gone",
        "import them into the other registry first",
    ),
    "azure-native:dataprotection:BackupVault": (
        "mandatory",
        "every recovery point goes; Azure refuses while there are some",
        "stop the protection, keep the data, and wait for the last recovery point to expire",
    ),
    "azure-native:dataprotection:BackupInstance": (
        "mandatory",
        "nothing is backed up any more, and recovery points go with it",
        "suspend it instead: `az dataprotection backup-instance suspend-backup`",
    ),
    "azure-native:operationalinsights:Workspace": (
        "mandatory",
        "the logs go; for 14 days they can be recovered",
        "export what must be kept",
    ),
    "azure-native:monitor:AzureMonitorWorkspace": (
        "mandatory",
        "the metrics go",
        "send them to another workspace first",
    ),
    "azure-native:authorization:ManagementLockByScope": (
        "mandatory",
        "nothing keeps people from deleting what it locked",
        "leave the lock, or remove it in a change of its own: `cluster.lock`",
    ),
    "azure-native:managedidentity:UserAssignedIdentity": (
        "advisory",
        "whatever signs in as it no longer does, and its role assignments lead nowhere",
        "move what uses it first",
    ),
    "kubernetes:core:Namespace": (
        "mandatory",
        "Kubernetes deletes everything inside, made here or not",
        "move what must stay first, claims above all",
    ),
    "kubernetes:core:PersistentVolumeClaim": (
        "mandatory",
        "with class Delete the disk goes, and all that is on it",
        "a snapshot first, or `kubectl patch pv` to Retain",
    ),
    "kubernetes:core:PersistentVolume": (
        "mandatory",
        "nothing leads to the disk any more",
        "keep it while a claim needs it",
    ),
    "kubernetes:apps:StatefulSet": (
        "mandatory",
        "its pods go; its claims stay, unless it says `whenDeleted: Delete`",
        "scale it to 0 first and see what misses it",
    ),
    "kubernetes:apiextensions.k8s.io:CustomResourceDefinition": (
        "mandatory",
        "every object of the kind goes with it",
        "keep the definition",
    ),
    "kubernetes:helm.sh:Release": (
        "mandatory",
        "everything of the chart goes, its public address with it",
        "move the traffic first",
    ),
}
"""By type: how grave, what it means, what to do first."""


_MOVED_OFF: Final[tuple[Severity, str, str]] = (
    "advisory",
    "its nodes are drained and go; no workload is bound to it any more, so what ran there has moved by then",
    "see that the pool which takes over has room for all of it, in the zones of its disks",
)
"""Of a pool."""


def holds_data(resource: Resource) -> bool:
    """Whether a deletion of it would be a mandatory finding by its type alone."""
    row = _LOST.get(plain_type(resource.type))
    return row is not None and row[0] == "mandatory"


def deletions(
    gone: Iterable[Resource], around: Surroundings, after: Surroundings
) -> Iterator[GuardFinding]:
    """A finding for each resource that goes and holds data, carries others, or is protected.

    What goes with another one that is told of is only counted there. A pool that no workload is bound to `after` the
    change has been moved off: the engine deletes last.
    """
    gone = list(gone)
    told: set[str] = set()
    for it in gone:
        row = _LOST.get(plain_type(it.type))
        protected = it.options.get("protect") is True
        if it.urn in told or (row is None and not protected) or it.type.startswith("aks-platform:"):
            continue
        told |= {one.urn for one in around.along(it)}
        severity, why, safe = row or (
            "mandatory",
            "it was protected",
            "take `protect` off in a change of its own",
        )
        blast = around.blast(it)
        if plain_type(it.type) == POOL:
            bound = after.bound_to(it)
            blast = replace(blast, workloads=tuple(one.title for one in bound))
            if not bound:
                severity, why, safe = _MOVED_OFF
                blast = Blast(pools=blast.pools, nodes=blast.nodes)
        kept = it.options.get("retainOnDelete") is True
        if kept:
            severity, why = (
                "advisory",
                "it stays as it is (`retainOnDelete`), and nothing here manages it any more",
            )
        yield GuardFinding(
            rule=RULES["deleted"],
            severity=severity,
            resource=title(it),
            message=f"is removed from the program: {why}; {safe}",
            urn=it.urn,
            path="",
            old="there",
            new="nothing",
            happens="deleted",
            stopped=protected,
            why=why,
            safe=safe,
            source=RETAIN if kept else PROTECT,
            blast=blast,
        )


def unprotected(pairs: Pairs) -> Iterator[GuardFinding]:
    """One finding for each option that was on and no longer is, with all resources that lost it."""
    for option, source in (("protect", PROTECT), ("retainOnDelete", RETAIN)):
        lost = [
            head
            for base, head in (*pairs.same, *pairs.moved)
            if base.options.get(option) is True
            and head.options.get(option) is not True
            and not head.type.startswith("aks-platform:")
        ]
        if not lost:
            continue
        data = [it for it in lost if holds_data(it)]
        names = [title(it) for it in data or lost]
        more = len(lost) - len(names)
        why = (
            "nothing stops the next change that deletes or replaces it"
            if option == "protect"
            else ("what the program no longer names, or replaces, is deleted instead of left")
        )
        safe = (
            "leave it on; take it off for one resource, in the change before the one that needs it"
        )
        first = names[0] if len(names) == 1 else f"{len(names)} resources"
        yield GuardFinding(
            rule=RULES["unprotected"],
            severity="mandatory" if data else "advisory",
            resource=first,
            message=f"{option} is taken off: {why}; {safe}",
            urn=(data or lost)[0].urn,
            path=f"options.{option}",
            old="true",
            new="nothing",
            happens="unprotected",
            why=why + (f"; {more} further resources without data lose it, too" if more else ""),
            safe=safe,
            source=source,
            blast=Blast(others=tuple(names)),
        )
