"""The settings of a stack with target aks, narrowed: what only that target requires is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from settings.cluster import AccessSettings
from settings.network import NetworkSettings
from settings.stack import Settings


@dataclass(frozen=True, kw_only=True)
class AksStack:
    """What every Azure component reads of a stack."""

    settings: Settings
    """The whole of it, for what is not narrowed here."""

    location: str
    """Azure location in its short form. A new one replaces everything."""

    resource_group: str
    """Name of the group that holds everything but the machines."""

    cluster_name: str
    """Name of the managed cluster."""

    dns_prefix: str
    """First part of the API server's name."""

    network: NetworkSettings
    """Address plan."""

    access: AccessSettings
    """Who administers the cluster."""

    tags: Mapping[str, str]
    """Azure tags of every resource that takes tags."""

    @classmethod
    def of(cls, settings: Settings, location: str) -> "AksStack":
        """Raise one `ValueError` that names every key the target needs and the stack leaves out.

        `settings.checks` says the same earlier, with file and line.
        """
        cluster, network, access = settings.cluster, settings.network, settings.access
        group, name, prefix = settings.resource_group, cluster.name, cluster.dns_prefix
        if not (location and group and name and prefix and network and access):
            needed = {
                "azure-native:location": location,
                "resourceGroup": group,
                "cluster.name": name,
                "cluster.dnsPrefix": prefix,
                "network": network,
                "access": access,
            }
            missing = ", ".join(key for key, value in needed.items() if not value)
            raise ValueError(f"target aks requires {missing}")
        return cls(
            settings=settings,
            location=location,
            resource_group=group,
            cluster_name=name,
            dns_prefix=prefix,
            network=network,
            access=access,
            tags=_tags(settings),
        )


def _tags(settings: Settings) -> dict[str, str]:
    """The stack's tags, and ours where it has none of the name: Azure compares tag names without case."""
    taken = {key.lower() for key in settings.tags}
    ours = {"environment": settings.environment, "platform": settings.platform}
    return {**settings.tags, **{key: value for key, value in ours.items() if key not in taken}}
