import asyncio

import pulumi
import pytest

from tests.engine import registered


class Thing(pulumi.CustomResource):
    def __init__(self, name, opts=None):
        super().__init__("things:index:Thing", name, {"size": 1, "out": None}, opts)


def test_an_invoke_without_an_answer_fails_the_test():
    with pytest.raises(Exception, match="unexpected invoke aks:get:regions"):
        registered(lambda: pulumi.runtime.invoke("aks:get:regions", {}))


def test_an_invoke_with_an_answer_gets_it():
    seen = []

    def build():
        regions = pulumi.runtime.invoke("aks:get:regions", {}).value
        seen.append(regions)

    registered(build, answers={"aks:get:regions": {"first": "westeurope"}})
    assert seen == [{"first": "westeurope"}]


def test_two_resources_of_one_name_fail_the_test():
    with pytest.raises(AssertionError, match="two resources have the URN"):
        registered(lambda: [pulumi.ComponentResource("aks-platform:a:A", "it") for _ in "12"])


@pytest.mark.parametrize(("preview", "known"), [(True, []), (False, ["it-id"])])
def test_an_id_is_known_only_outside_a_preview(preview, known):
    ids = []
    registered(lambda: Thing("it").id.apply(ids.append), preview=preview)
    assert ids == known


def test_a_provider_may_be_given_outputs_beside_the_inputs():
    def build():
        thing = Thing("it")
        pulumi.export("size", pulumi.Output.all(thing.size, thing.out).apply(seen.append))

    seen = []
    registered(build, answers={"things:index:Thing": {"out": "made"}})
    assert seen == [[1, "made"]]


def test_a_row_names_other_resources_by_the_last_part_of_their_urns():
    def build():
        outer = pulumi.ComponentResource("aks-platform:a:A", "outer")
        provider = pulumi.ProviderResource("things", "where", {})
        first = Thing("first", pulumi.ResourceOptions(parent=outer, provider=provider))
        Thing("it", pulumi.ResourceOptions(parent=outer, depends_on=[first], provider=provider))
        outer.register_outputs({"first": first.size})

    rows = {row.name: row for row in registered(build)}
    row = rows["it"]
    assert row.urn == "urn:pulumi:dev::aks-platform::aks-platform:a:A$things:index:Thing::it"
    assert (row.parent, row.provider, row.dependencies) == ("outer", "where", ("first",))
    assert row.inputs == {"size": 1}
    assert rows["outer"].outputs == {"first": 1}


def test_a_build_may_be_async_and_what_it_raises_is_raised():
    async def build():
        await asyncio.sleep(0)
        raise KeyError("it")

    with pytest.raises(KeyError, match="it"):
        registered(build)


def test_nothing_of_one_run_is_left_for_the_next():
    registered(lambda: pulumi.export("a", 1), config={"aks-platform:a": "1"}, stack="prod")
    seen = []
    registered(lambda: seen.append((pulumi.get_stack(), pulumi.Config().get("a"))))
    assert seen == [("dev", None)]
