import asyncio

import pulumi
import pytest

from components.pace import WINDOW, Pace
from tests.engine import registered


class Thing(pulumi.CustomResource):
    def __init__(self, name, opts=None):
        super().__init__("things:index:Thing", name, {}, opts)


class Waiting:
    """A component whose one resource registers when the test says so."""

    def __init__(self, name, args, _opts=None):
        self.registered = asyncio.get_running_loop().create_future()
        self.name = name
        args.append(self)

    @property
    def objects(self):
        return [type("Resource", (), {"urn": pulumi.Output.from_input(self.registered)})]


class Pair(pulumi.ComponentResource):
    def __init__(self, name, args, opts=None):
        super().__init__("aks-platform:tests:Pair", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.objects = [Thing(f"{name}-{it}", child) for it in args]
        self.register_outputs({})


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


async def start(pace, count):
    """Ask for `count` components at once; the task of each, and those that were made."""
    made = []
    tasks = [asyncio.ensure_future(pace.make(Waiting, f"{it}", made)) for it in range(count)]
    await settle()
    return tasks, made


def test_no_more_components_are_made_than_the_window_holds():
    async def build():
        _, made = await start(Pace(window=3), 5)
        seen.append(len(made))
        for it in made:
            it.registered.set_result("urn")

    seen = []
    registered(build)
    assert seen == [3]


def test_the_window_never_starves_an_engine_of_sixteen_cores():
    assert WINDOW >= 4 * 16, (
        "it works on 4 resources a core at once, and a rollout can be one of a kind"
    )


def test_a_component_that_is_registered_makes_room_whatever_its_place():
    async def build():
        tasks, made = await start(Pace(window=2), 3)
        made[1].registered.set_result("urn")
        await settle()
        seen.extend(it.name for it in made)
        made[0].registered.set_result("urn")
        made[2].registered.set_result("urn")
        await asyncio.gather(*tasks)

    seen = []
    registered(build)
    assert seen == ["0", "1", "2"], "a slow rollout in the window must not hold up the others"


def test_every_component_is_made_in_order_and_given_back():
    async def build():
        pace = Pace(window=2)
        made = [await pace.make(Pair, name, "xy") for name in "abcde"]
        assert all(isinstance(it, Pair) for it in made)

    names = [row.name for row in registered(build) if row.type == "things:index:Thing"]
    assert names == [f"{name}-{it}" for name in "abcde" for it in "xy"]


def test_a_failed_registration_ends_the_program_with_the_engines_own_error():
    made = []

    async def build():
        pace = Pace(window=1)
        for name in ["a", "b", "c", "d"]:
            made.append(name)
            # The parent of `b` is never registered, as it would be when the engine refuses it.
            opts = pulumi.ResourceOptions(depends_on=[refused()]) if name == "b" else None
            await pace.make(Pair, name, "x", opts)

    with pytest.raises(ConnectionError, match="the engine says no"):
        registered(build)
    assert made == ["a", "b", "c"], "it stops at the next component, and does not hang"


def refused():
    async def answer():
        raise ConnectionError("the engine says no")

    return pulumi.Output.from_input(answer())


def test_the_last_components_failure_is_not_lost():
    with pytest.raises(ConnectionError, match="the engine says no"):
        registered(
            lambda: Pace().make(Pair, "a", "x", pulumi.ResourceOptions(depends_on=[refused()]))
        )


def test_what_a_component_raises_while_it_is_made_is_raised_as_it_is():
    def broken(name, _args, _opts):
        raise KeyError(name)

    with pytest.raises(KeyError, match="it"):
        registered(lambda: Pace().make(broken, "it", None))
