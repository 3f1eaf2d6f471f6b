"""What makes the SDK cheaper while it is recorded changes nothing that it sends or hands out."""

import asyncio
import contextlib
from pathlib import Path

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from review import monitor, sdk
from review.plan import PlanError
from review.wire import Reader
from tests.review.programs import PROVIDER, planned

SOURCE = """
from pulumi_azure_native import containerservice, resources

class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("app:a:Box", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, depends_on=[cluster])
        group = resources.ResourceGroup(f"{name}-group", resource_group_name="rg", opts=child)
        self.aks = containerservice.ManagedCluster(
            f"{name}-aks", resource_group_name=group.name, identity={"type": "SystemAssigned"},
            agent_pool_profiles=[{"name": "boot", "vm_size": "large", "count": 1}],
            opts=pulumi.ResourceOptions(parent=self, aliases=[pulumi.Alias(name="former")], ignore_changes=["tags"]))
        self.register_outputs({"id": self.aks.id})

box = Box("box")
hidden = pulumi.Output.secret("planted")
spec = {"replicas": 2, "paused": False, "template": {"spec": {"containers": [{"name": "a", "env": [
    {"name": "PASSWORD", "value": hidden}, {"name": "ID", "value": box.aks.id}, {"name": "N", "value": None}]}]}}}
one = kubernetes("Deployment", "one", {"apiVersion": "apps/v1", "metadata": {"name": "one"}, "spec": spec})
plain = kubernetes("Service", "two", {"apiVersion": "v1", "metadata": {"name": "two"},
    "spec": {"ports": [{"port": 80}]}})
kubernetes("ConfigMap", "three", {"apiVersion": "v1", "data": {
    "name": one.metadata["name"], "port": plain.spec.apply(lambda it: str(it["ports"][0]["port"])), "text": one.urn}})
pulumi.export("spec", one.spec)
pulumi.export("service", plain.spec)
pulumi.export("status", plain.__dict__["spec"].apply(lambda it: it.get("status")))
"""


def test_a_plan_is_the_same_with_the_sdk_as_it_came(tmp_path, monkeypatch):
    with_seams = planned(tmp_path, SOURCE, begin=PROVIDER)

    def answer(_self, urn, request, _outputs):
        return monitor.RegisterResponse(
            urn, "", monitor._with_secrets(request.object, ()), None, monitor.resource_pb2.SUCCESS
        )

    monkeypatch.setattr(monitor.Monitor, "_answer", answer)
    monkeypatch.setattr(sdk, "recorded", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(sdk, "InlineLoop", asyncio.new_event_loop)
    as_it_came = planned(tmp_path, SOURCE, begin=PROVIDER)

    assert as_it_came.outputs == with_seams.outputs
    theirs = {row.urn: row for row in as_it_came.resources}
    for row in with_seams.resources:
        it = theirs.pop(row.urn)
        assert (it.inputs, it.provider, it.parent) == (row.inputs, row.provider, row.parent)
        assert it.dependencies == row.dependencies
        if row.type == "azure-native:containerservice:ManagedCluster":
            assert len(it.options["aliases"]) > 50, "the SDK's own, one an API version"
            assert row.options["aliases"] == [row.urn.replace("box-aks", "former")]
            assert set(row.options["aliases"]) < set(it.options["aliases"])
        elif not row.type.startswith("azure-native:"):
            assert it.options == row.options
    assert theirs == {}


def test_the_sdk_is_as_it_came_once_a_run_is_over(tmp_path):
    def sdk_now():
        return {
            (owner, name): getattr(owner, name)
            for owner in (rpc, pulumi.Output)
            for name in dir(owner)
        }

    before = sdk_now()
    with pytest.raises(PlanError):
        planned(tmp_path, "1 / 0")
    assert sdk_now() == before


def test_what_a_program_hands_to_a_thread_still_gets_one(tmp_path):
    source = """
    import asyncio, threading

    async def main():
        here = threading.get_ident()
        there = await asyncio.to_thread(threading.get_ident)
        return {"same": here == there}

    pulumi.run(main)
    """
    assert planned(tmp_path, source).outputs == {"same": False}


NUMBERS = st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.booleans() | NUMBERS | st.text(st.characters(codec="utf-8"))
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)
PROPERTIES = st.dictionaries(st.text("abc", min_size=1), TREES, max_size=4)


def wire(properties):
    return asyncio.run(rpc.serialize_properties(properties, {}))


@given(PROPERTIES)
def test_plain_data_is_sent_as_the_sdk_sends_it(properties):
    async def sent():
        return {
            key: await sdk._serialize_property(value, [], key) for key, value in properties.items()
        }

    assert asyncio.run(sent()) == {
        key: asyncio.run(rpc.serialize_property(value, [], key))
        for key, value in properties.items()
    }


async def lifted(value):
    output = pulumi.Output.from_input(value)
    return (
        await output.future(with_unknowns=True),
        await output.is_known(),
        await output.is_secret(),
        await output.resources(),
    )


@given(TREES)
def test_plain_data_is_lifted_as_the_sdk_lifts_it(value):
    as_it_came = asyncio.run(lifted(value))
    with sdk.recorded(Path.cwd()):
        assert asyncio.run(lifted(value)) == as_it_came


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {None: 1}}])
def test_a_map_that_the_sdk_does_not_lift_is_refused_while_it_is_recorded(value):
    for seams in (contextlib.nullcontext(), sdk.recorded(Path.cwd())):
        with seams, pytest.raises(TypeError):
            asyncio.run(lifted(value))


CHANGING = """
text = {"names": ["a"]}
made = pulumi.Output.from_input(text)
text["later"] = "no"
text["names"].append("b")
text["names"].append(pulumi.Output.from_input("c"))

async def main():
    now = await made.future()
    text["names"].append("d")
    pulumi.export("made", made)
    pulumi.export("now", now)

pulumi.run(main)
"""


def test_what_is_lifted_is_looked_at_when_the_sdk_would(tmp_path, monkeypatch):
    with_seams = planned(tmp_path, CHANGING).outputs
    monkeypatch.setattr(sdk, "recorded", lambda *_: contextlib.nullcontext())
    assert planned(tmp_path, CHANGING).outputs == with_seams
    assert with_seams == {"made": {"names": ["a", "b", "c"]}, "now": {"names": ["a", "b", "c"]}}


@given(PROPERTIES)
def test_plain_data_comes_back_as_the_sdk_reads_it(properties):
    struct = wire(properties)
    reader = Reader(())
    read = reader.properties(struct)
    assert reader.plain
    assert sdk._deserialize_properties(read) == rpc.deserialize_properties(struct)
    assert read == properties


@pytest.mark.parametrize(
    "value", [None, {"a": None}, [{"a": None}], rpc.UNKNOWN, rpc.wrap_rpc_secret("x")]
)
def test_data_that_means_more_than_it_says_goes_the_sdk_s_own_way(value):
    struct = wire({"top": 1})
    struct.update({"value": value})
    reader = Reader(())
    reader.properties(struct)
    assert not reader.plain
