"""What the API server or a provider would refuse in one resource's inputs: misspelt keys, wrong types.

Neither is asked in a preview without a network, and the SDK passes both on. Resources of other providers, custom kinds,
and values that are unknown or secret pass.
"""

from collections.abc import Callable, Iterable

from review.plan import Resource

Check = Callable[[Resource], Iterable[str]]


class Refusals:
    """Holds resources to the schemas of their types; loads a schema when the first of its type comes."""

    def __init__(self, kubernetes_version: str | None) -> None:
        self._kubernetes_version = kubernetes_version
        self._checks: dict[str, Check] = {}

    def faults(self, resource: Resource) -> Iterable[str]:
        """One line a fault: path, rule, value."""
        provider = resource.type.partition(":")[0]
        if (check := self._checks.get(provider)) is None:
            check = self._checks[provider] = self._check_of(provider)
        return check(resource)

    def _check_of(self, provider: str) -> Check:
        if provider == "kubernetes" and self._kubernetes_version is not None:
            from review.kubernetes_schemas import KubernetesSchemas

            return KubernetesSchemas(self._kubernetes_version).faults
        if provider == "azure-native":
            from review.azure_types import AzureTypes

            return AzureTypes().faults
        return _none


def _none(_resource: Resource) -> Iterable[str]:
    return ()
