"""One namespace with its bounds: pod security, quota, defaults, cut-off network, personas, registry credentials."""

from manifests import Part, Values
from settings.stack import Settings


def parts(settings: Settings, namespace: str, values: Values) -> tuple[Part, ...]:
    """Objects of the tenant `namespace`, the Namespace (role `namespace`) first; all others come after it."""
    raise NotImplementedError
