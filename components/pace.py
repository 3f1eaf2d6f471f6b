"""Keeps the program just ahead of the engine: few components in flight, whatever the size of the estate."""

import asyncio
from collections.abc import Callable, Collection
from typing import Final, Protocol, TypeVar

import pulumi

WINDOW: Final = 64
"""Components in flight. With all at once the garbage collector, which walks every pending task, took 61 % of the time
of 8,000 registrations. The engine works on 4 resources a core at once unless told otherwise: 64 components of several
objects each keep it busy on any machine that runs it.
"""


class Paced(Protocol):
    """A component that says which resources it is made of."""

    @property
    def objects(self) -> Collection[pulumi.Resource]:
        """All that must be registered before the component leaves the window."""


Component = TypeVar("Component", bound=Paced)
Args = TypeVar("Args")


class Pace:
    """Makes components, each when there is room for it.

    It cannot come to a stand: what is in the window waits for resources made earlier, never for one
    that is still to be made.
    """

    def __init__(self, window: int = WINDOW) -> None:
        self._room = asyncio.Semaphore(window)
        self._failed: Exception | None = None
        self._following: set[asyncio.Task[None]] = set()

    async def make(
        self,
        component: Callable[[str, Args, pulumi.ResourceOptions | None], Component],
        name: str,
        args: Args,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Component:
        """`component(name, args, opts)`, once there is room.

        Raise the engine's own error where one that was made before has failed.
        """
        await self._room.acquire()
        if self._failed:
            raise self._failed
        made = component(name, args, opts)
        task = asyncio.ensure_future(self._follow(made))
        self._following.add(task)
        task.add_done_callback(self._following.discard)
        return made

    async def _follow(self, component: Paced) -> None:
        """Give the room back when the engine has answered for each resource."""
        try:
            for resource in component.objects:
                await resource.urn.future()
        except Exception as error:
            self._failed = self._failed or error
        finally:
            self._room.release()
