"""What a pool is named in Azure, which its nodes carry as the label `agentpool`.

Decision: docs/decisions/0012-blue-green-pools.md .
"""

import json
from hashlib import sha256

from settings.azure_values import POOL_NAME_MAX_CHARACTERS
from settings.demand import extra_pods
from settings.node_pools import NodePool
from settings.stack import Settings

_HASH_CHARACTERS = 4
_KEY_CHARACTERS = POOL_NAME_MAX_CHARACTERS - _HASH_CHARACTERS
_KEY_HASH_CHARACTERS = 3


def pool_name(settings: Settings, key: str) -> str:
    """Name in Azure of the pool `nodePools.<key>`: the key itself, or with `blueGreen` the key and a hash of all that
    Azure fixes at creation. At most 12 lower-case letters and digits, a letter first.

    A key too long for that is cut, and a hash of it stands for the rest. A key that the stack does not have is left as
    it is: pools of a cluster that this program does not make.
    """
    pool = settings.node_pools.get(key)
    if pool is None or not pool.blue_green or settings.target != "aks":
        return key
    what = {"pool": key, **fixed(pool, subnet_key(settings, pool))}
    if len(key) > _KEY_CHARACTERS:
        key = key[: _KEY_CHARACTERS - _KEY_HASH_CHARACTERS] + _hash(key, _KEY_HASH_CHARACTERS)
    return key + _hash(what, _HASH_CHARACTERS)


def subnet_key(settings: Settings, pool: NodePool) -> str:
    """Key below `network.subnets` of the subnet that the pool's nodes stand in."""
    apart = settings.network is not None and settings.network.subnets.system is not None
    return "system" if apart and pool.mode == "System" else "nodes"


def fixed(pool: NodePool, subnet: str) -> dict[str, object]:
    """What a new pool is needed for to change, by Azure's name of the field: `settings.fixed_fields` without what this
    program gives no choice of, and FIPS, whose change images every node anew at once."""
    return {
        "availabilityZones": sorted(pool.zones),
        "enableEncryptionAtHost": pool.encryption_at_host,
        "enableFIPS": pool.fips,
        "gpuInstanceProfile": pool.gpu.instance_profile if pool.gpu else None,
        "gpuProfile": pool.gpu.driver if pool.gpu else None,
        "kubeletDiskType": pool.kubelet_disk_type,
        "maxPods": pool.max_pods,
        "osDiskSizeGB": pool.os_disk_size_gb,
        "osDiskType": pool.os_disk_type,
        "scaleSetEvictionPolicy": pool.spot.eviction_policy if pool.spot else None,
        "scaleSetPriority": "Spot" if pool.spot else "Regular",
        # Once a pool has the image for trusted launch, each of its two parts goes on and off in place.
        "securityProfile": pool.security.trusted_launch,
        "spotMaxPrice": pool.spot.max_price if pool.spot else None,
        "vmSize": pool.vm_size,
        "vnetSubnetID": subnet,
        "workloadRuntime": pool.workload_runtime,
    }


def most_nodes(pool: NodePool) -> int:
    """Most nodes at a time: at its maximum with an upgrade's surge, or both of a blue/green pool at the maximum."""
    surge = 0 if pool.spot else extra_pods(pool.max_surge, pool.max)
    return pool.max + (max(surge, pool.max) if pool.blue_green else surge)


def _hash(what: object, characters: int) -> str:
    text = json.dumps(what, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:characters]
