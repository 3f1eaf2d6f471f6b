"""Leaves out what a recorder already holds: rows of a component that would register exactly what it did before.

The engine knows nothing of this, and nothing of it runs there. A monitor that keeps rows, as the offline planner's
does, has a method `recall`; it is asked before a component is made, with a hash of all that the component's
registrations hang on, and takes its rows from an earlier run where the hash is the same.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, Protocol

import orjson
import pulumi
from pulumi.runtime import settings as sdk

_RECALL: Final = "recall"


class Named(NamedTuple):
    """What stands for a resource that is not made, in what another one registers."""

    pulumi_resource_type: str
    pulumi_resource_name: str


class Signed(Protocol):
    """Arguments of a component that can tell all that it would register."""

    @property
    def secrets(self) -> Mapping[int, str]:
        """Keys of the stack's secrets by the `id` of their output. No recording has the value of one, and an output of
        the configuration hangs on no resource, so that its key is all that is registered of it."""

    def registers(self, name: str, opts: pulumi.ResourceOptions) -> object:
        """Plain data: equal data, equal registrations by equal code. What a deployment has yet to tell may be in it as
        the SDK's own outputs, and then nothing is recalled."""


def recalled(token: str, name: str, args: Signed, opts: pulumi.ResourceOptions) -> bool:
    """Whether the rows of component `name`, of type `token` and a child of the stack, are there without making it."""
    recall: Callable[[str, str, str], bool] | None = getattr(sdk.SETTINGS.monitor, _RECALL, None)
    if recall is None or any(it for key, it in vars(opts).items() if key != "provider"):
        return False
    try:
        data = orjson.dumps(args.registers(name, opts), default=lambda it: _secret(it, args))
    except TypeError:  # an output, whose value no hash can speak for
        return False
    return recall(token, name, hashlib.sha256(data).hexdigest())


def _secret(value: object, args: Signed) -> Mapping[str, str]:
    if (key := args.secrets.get(id(value))) is None:
        raise TypeError
    return {"secret": key}


def named(resources: Iterable[pulumi.Resource | Named | None]) -> list[Mapping[str, Any] | None]:
    """What tells resources of one stack apart, for `Signed.registers`."""
    return [
        None if it is None else {"type": it.pulumi_resource_type, "name": it.pulumi_resource_name}
        for it in resources
    ]
