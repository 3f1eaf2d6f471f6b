"""Recommended values of Key Vaults that are made here."""

from typing import Final

from settings.profiles import Recommended, Value

_SOFT: Final = "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview"


def _row(key: str, prod: Value, dev: Value, azure: str, reason: str, source: str) -> Recommended:
    return Recommended(
        key=f"keyVaults.*.create.{key}",
        prod=prod,
        dev=dev,
        automatic_like=dev,
        azure=azure,
        reason=reason,
        source=source,
        optional=True,
    )


ROWS: Final = (
    _row(
        "sku",
        "standard",
        "standard",
        "none: the API demands one",
        "secrets cost the same in both, and keys in hardware are for those who must",
        "https://learn.microsoft.com/azure/key-vault/keys/about-keys",
    ),
    _row("softDeleteDays", 90, 90, "90", "Azure's own, written out: it can never change", _SOFT),
    _row(
        "purgeProtection",
        True,
        True,
        "off",
        "whoever breaks in, or slips, cannot delete for good; the key of etcd demands it",
        _SOFT,
    ),
    _row(
        "privateEndpoint",
        True,
        False,
        "a public address",
        "secrets of production answer to the network of the cluster alone; dev is spared the address it costs",
        "https://learn.microsoft.com/azure/key-vault/general/private-link-service",
    ),
    _row(
        "audit",
        True,
        True,
        "nothing is logged",
        "who read which secret is asked when it has leaked",
        "https://learn.microsoft.com/azure/key-vault/general/logging",
    ),
)
