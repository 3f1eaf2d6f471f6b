"""What the engine does with a registration beyond keeping it."""

import pytest

from review.plan import SECRET, UNKNOWN, PlanError
from tests.review.programs import DISABLED, PLAIN, PROVIDER, planned, rows

BOXES = """
import pulumi

class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("app:a:Box", name, None, opts)

def thing(name, props=None, opts=None):
    return pulumi.CustomResource("other:b:Thing", name, props or {}, opts)

def under(parent, **rest):
    return pulumi.ResourceOptions(parent=parent, **rest)
"""
PREFIX = "urn:pulumi:dev::app::"
UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def test_a_urn_holds_the_types_of_all_parents_but_the_stack(tmp_path):
    source = """
    outer = Box("outer")
    inner = Box("inner", under(outer))
    thing("leaf", opts=under(inner))
    thing("lone")
    """
    plan = planned(tmp_path, source, begin=BOXES)
    assert [row.urn for row in plan.resources] == [
        f"{PREFIX}pulumi:pulumi:Stack::app-dev",
        f"{PREFIX}app:a:Box::outer",
        f"{PREFIX}app:a:Box$app:a:Box::inner",
        f"{PREFIX}app:a:Box$app:a:Box$other:b:Thing::leaf",
        f"{PREFIX}other:b:Thing::lone",
    ]


def test_children_follow_their_parent_in_the_order_the_program_made_them(tmp_path):
    source = """
    box, after = Box("z"), Box("y")
    first = pulumi.Output.from_input(1).apply(lambda n: n).apply(lambda n: n)
    thing("waits", {"n": first}, under(box, depends_on=[after]))
    thing("a", opts=under(box))
    thing("of-y", opts=under(after))
    """
    plan = planned(tmp_path, source, begin=BOXES)
    assert [row.name for row in plan.resources] == ["app-dev", "z", "waits", "a", "y", "of-y"]


def test_a_program_may_be_asynchronous_and_return_its_outputs(tmp_path):
    source = """
    async def main():
        box = Box("box")
        await box.urn.future()
        return {"name": "box"}

    pulumi.run(main)
    """
    plan = planned(tmp_path, source, begin=BOXES)
    assert [row.name for row in plan.resources] == ["app-dev", "box"]
    assert plan.outputs == {"name": "box"}


def test_dependencies_are_by_input_and_by_option_and_sorted(tmp_path):
    source = """
    one, two = thing("one", {"x": 1}), thing("two")
    thing("three", {"x": one.x}, pulumi.ResourceOptions(depends_on=[two]))
    """
    three = rows(planned(tmp_path, source, begin=BOXES))["three"]
    assert three.dependencies == (f"{PREFIX}other:b:Thing::one", f"{PREFIX}other:b:Thing::two")


def test_the_outputs_of_a_resource_are_its_inputs_and_the_rest_is_unknown(tmp_path):
    source = """
    ran = []
    one = thing("one", {"given": {"port": 8080}, "name": "x", "more": None})
    pulumi.export("given", one.given.apply(lambda it: f"{it['port']}"))
    pulumi.export("id", one.id)
    pulumi.export("more", pulumi.Output.from_input(one.__dict__["more"]))
    one.id.apply(ran.append)
    thing("two", {"id": one.id, "url": pulumi.Output.concat("http://", one.id)})
    pulumi.export("urn", one.urn)

    async def main():
        await one.id.is_known()
        return {"ran": bool(ran)}

    pulumi.run(main)
    """
    plan = planned(tmp_path, source, begin=BOXES)
    assert plan.outputs == {
        "given": "8080.0",  # numbers travel as doubles, and the SDK leaves them so
        "id": UNKNOWN,
        "more": UNKNOWN,
        "urn": f"{PREFIX}other:b:Thing::one",
        "ran": False,
    }
    assert rows(plan)["two"].inputs == {"id": UNKNOWN, "url": UNKNOWN}


def test_an_input_with_another_shape_as_an_output_is_unknown_afterwards(tmp_path):
    source = """
    from pulumi_azure_native import containerservice
    it = containerservice.ManagedCluster("it", resource_group_name="rg", dns_prefix="x", identity={
        "type": "UserAssigned", "user_assigned_identities": ["/subscriptions/x"]})
    pulumi.export("identity", it.identity.apply(lambda it: it.user_assigned_identities))
    pulumi.export("dns", it.dns_prefix)
    """
    assert planned(tmp_path, source).outputs == {"identity": UNKNOWN, "dns": "x"}


def test_a_secret_keeps_its_place_and_its_neighbours(tmp_path):
    source = """
    hidden = pulumi.Output.secret("planted")
    one = thing("one", {"env": [{"name": "A", "value": hidden}, {"name": "B", "value": "b"}]})
    thing("two", {"copy": one.env, "whole": pulumi.Output.secret({"a": 1}), "both": pulumi.Output.secret(one.id)})
    """
    plan = rows(planned(tmp_path, source, begin=BOXES))
    assert plan["one"].inputs == {
        "env": [{"name": "A", "value": SECRET}, {"name": "B", "value": "b"}]
    }
    assert plan["two"].inputs == {"copy": SECRET, "whole": SECRET, "both": SECRET}


def test_an_additional_secret_output_is_a_secret_for_whoever_reads_it(tmp_path):
    source = """
    opts = pulumi.ResourceOptions(additional_secret_outputs=["data"])
    one = thing("one", {"data": {"a": "b"}, "kind": "x"}, opts)
    thing("two", {"data": one.data, "kind": one.kind})
    """
    plan = rows(planned(tmp_path, source, begin=BOXES))
    assert plan["one"].inputs == {"data": {"a": "b"}, "kind": "x"}
    assert plan["one"].options == {"additionalSecretOutputs": ["data"]}
    assert plan["two"].inputs == {"data": SECRET, "kind": "x"}


def test_whole_numbers_stay_whole_and_large_ones_stay_doubles(tmp_path):
    source = 'thing("one", {"n": 2, "half": 0.5, "whole": 3.0, "large": 2.0**60, "yes": True})'
    inputs = rows(planned(tmp_path, source, begin=BOXES))["one"].inputs
    assert inputs == {"n": 2, "half": 0.5, "whole": 3, "large": 2.0**60, "yes": True}
    assert [type(inputs[key]) for key in ("n", "whole", "large", "yes")] == [int, int, float, bool]


def test_options_are_kept_as_the_engine_names_them_and_only_if_set(tmp_path):
    source = """
    one = thing("one")
    thing("two", opts=pulumi.ResourceOptions(
        import_="the-id", ignore_changes=["a"], replace_on_changes=["b"], delete_before_replace=False,
        custom_timeouts=pulumi.CustomTimeouts(create="5m"), deleted_with=one, replace_with=[one],
        protect=True, retain_on_delete=True, hide_diffs=["c"]))
    """
    plan = rows(planned(tmp_path, source, begin=BOXES))
    assert plan["one"].options == {}
    assert plan["two"].options == {
        "import": "the-id",
        "ignoreChanges": ["a"],
        "replaceOnChanges": ["b"],
        "deleteBeforeReplace": False,
        "customTimeouts": {"create": "5m"},
        "deletedWith": plan["one"].urn,
        "replaceWith": [plan["one"].urn],
        "protect": True,
        "retainOnDelete": True,
        "hideDiffs": ["c"],
    }


def test_children_inherit_what_the_engine_hands_down_unless_they_say_otherwise(tmp_path):
    source = """
    gone = thing("gone")
    box = Box("box", pulumi.ResourceOptions(protect=True, retain_on_delete=True, deleted_with=gone))
    inner = Box("inner", under(box))
    thing("leaf", opts=under(inner))
    thing("open", opts=under(inner, protect=False, retain_on_delete=False))
    """
    plan = rows(planned(tmp_path, source, begin=BOXES))
    gone = plan["gone"].urn
    all_three = {"protect": True, "retainOnDelete": True, "deletedWith": gone}
    assert [plan[name].options for name in ("box", "inner", "leaf")] == [all_three] * 3
    assert plan["open"].options == {"deletedWith": gone}


def test_aliases_are_urns_and_a_child_follows_its_parent_s_former_name(tmp_path):
    source = """
    box = Box("new", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]))
    thing("new-leaf", opts=under(box))
    thing("stays", opts=under(box, aliases=[pulumi.Alias(type_="other:b:Thong")]))
    thing("up", opts=under(box, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]))
    thing("same", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="same")]))
    thing("far", opts=pulumi.ResourceOptions(aliases=["urn:pulumi:x::y::other:b:Thing::z"]))
    thing("moved", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(stack="s", project="p")]))
    """
    plan = rows(planned(tmp_path, source, begin=BOXES))
    aliases = {name: row.options.get("aliases") for name, row in plan.items()}
    assert aliases == {
        "app-dev": None,
        "new": [f"{PREFIX}app:a:Box::old"],
        "new-leaf": [f"{PREFIX}app:a:Box$other:b:Thing::old-leaf"],
        "stays": [f"{PREFIX}app:a:Box$other:b:Thong::stays"],
        "up": [f"{PREFIX}other:b:Thing::up"],
        "same": None,
        "far": ["urn:pulumi:x::y::other:b:Thing::z"],
        "moved": ["urn:pulumi:s::p::other:b:Thing::moved"],
    }


def test_a_program_s_own_alias_of_an_azure_resource_is_kept_and_the_sdk_s_are_not(tmp_path):
    source = """
    from pulumi_azure_native import resources
    mine = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="azure-native:resources/v20200101:Group")])
    resources.ResourceGroup("one", resource_group_name="x", opts=mine)
    resources.ResourceGroup("two", resource_group_name="y")
    """
    plan = rows(planned(tmp_path, source))
    assert plan["one"].options == {
        "aliases": [f"{PREFIX}azure-native:resources/v20200101:Group::one"]
    }
    assert plan["two"].options == {}


def test_a_provider_is_referred_to_by_urn_and_id_and_its_version_is_an_input(tmp_path):
    source = 'kubernetes("ConfigMap", "one", {"apiVersion": "v1"})'
    plan = rows(planned(tmp_path, source, begin=PROVIDER))
    cluster = plan["cluster"]
    assert cluster.inputs == {"kubeconfig": "nowhere", "version": "4.34.2"}
    assert cluster.provider == ""
    assert plan["one"].provider == f"{cluster.urn}::{UNKNOWN_ID}"


@pytest.mark.parametrize(
    "disabled", [["kubernetes"], {"value": ["kubernetes"]}, {"value": ["*"]}, '["kubernetes"]']
)
def test_an_object_without_a_provider_is_refused_where_the_default_one_is_disabled(
    tmp_path, disabled
):
    source = """
    class Box(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("app:a:Box", name, None)
            inside = pulumi.ResourceOptions(parent=self)
            pulumi.CustomResource("kubernetes:core/v1:ConfigMap", "one", {}, inside)

    Box("box")
    """
    project = {"config": {"pulumi:disable-default-providers": disabled}}
    with pytest.raises(PlanError, match="falls to the default provider of 'kubernetes'") as refused:
        planned(tmp_path, source, begin=PROVIDER, project=project)
    assert str(refused.value).startswith("__main__.py:15: kubernetes:core/v1:ConfigMap 'one': ")


def test_a_default_provider_has_the_name_that_the_engine_gives_it(tmp_path):
    source = """
    from pulumi_azure_native import resources
    resources.ResourceGroup("one", resource_group_name="x")
    pulumi.CustomResource("other:b:Thing", "two", {})
    """
    plan = rows(planned(tmp_path, source, project={"config": DISABLED}))
    assert plan["one"].provider == (
        f"{PREFIX}pulumi:providers:azure-native::default_3_29_0::{UNKNOWN_ID}"
    )
    assert plan["two"].provider == f"{PREFIX}pulumi:providers:other::default::{UNKNOWN_ID}"


def test_every_fault_of_a_run_is_told_in_the_order_of_the_program(tmp_path):
    source = """
    kubernetes("ConfigMap", "one", {"apiVersion": "v1"}, None)
    Box = lambda: pulumi.ComponentResource("app:a:Box", "twice")
    Box()
    Box()
    kubernetes("ConfigMap", "two", {"apiVersion": "v1"}, None)
    """
    with pytest.raises(PlanError) as refused:
        planned(tmp_path, source, begin=PROVIDER)
    told = str(refused.value).splitlines()
    assert ["'one'" in told[0], "::twice" in told[1], "'two'" in told[2]] == [True] * 3
    assert len(told) == 3


def test_an_invoke_with_known_arguments_is_refused(tmp_path):
    source = """
    from pulumi_azure_native import resources
    resources.get_resource_group(resource_group_name="x")
    """
    with pytest.raises(
        PlanError, match=r"invoke azure-native:resources:getResourceGroup has known"
    ):
        planned(tmp_path, source)


def test_the_last_outputs_of_the_stack_itself_are_none_as_before_its_first_update(tmp_path):
    source = """
    async def main():
        from pulumi.runtime import invoke_async
        name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
        found = await invoke_async("pulumi:pulumi:readStackOutputs", {"name": name})
        pulumi.export("found", found)
    pulumi.run(main)
    """
    assert planned(tmp_path, source).outputs == {"found": {"outputs": {}}}


def test_those_of_another_stack_are_refused(tmp_path):
    source = """
    async def main():
        from pulumi.runtime import invoke_async
        await invoke_async("pulumi:pulumi:readStackOutputs", {"name": "organization/other/prod"})
    pulumi.run(main)
    """
    with pytest.raises(PlanError, match="invoke pulumi:pulumi:readStackOutputs has known"):
        planned(tmp_path, source)


def test_an_output_invoke_that_waits_for_something_unknown_is_unknown(tmp_path):
    source = """
    from pulumi_azure_native import resources
    one = resources.ResourceGroup("one", resource_group_name="x")
    found = resources.get_resource_group_output(resource_group_name=one.name)
    pulumi.export("location", found.location)
    """
    assert planned(tmp_path, source).outputs == {"location": UNKNOWN}


def test_reading_what_exists_is_refused(tmp_path):
    source = """
    from pulumi_azure_native import resources
    resources.ResourceGroup.get("one", "/subscriptions/x")
    """
    with pytest.raises(PlanError, match=r"__main__.py:4: .*'one' is read from where it exists"):
        planned(tmp_path, source)


def test_reading_what_is_yet_to_be_made_is_a_row_with_unknown_outputs(tmp_path):
    source = """
    from pulumi_azure_native import resources
    one = resources.ResourceGroup("one", resource_group_name="x")
    two = resources.ResourceGroup.get("two", one.id)
    pulumi.export("location", two.location)
    """
    plan = planned(tmp_path, source)
    assert rows(plan)["two"].options == {"read": True}
    assert plan.outputs == {"location": UNKNOWN}


@pytest.mark.parametrize(
    "source",
    [
        "thing('one', opts=pulumi.ResourceOptions(transforms=[lambda args: None]))",
        "pulumi.runtime.register_resource_transform(lambda args: None)",
    ],
)
def test_a_transform_is_refused_rather_than_left_out(tmp_path, source):
    with pytest.raises(PlanError, match="transforms are not run offline"):
        planned(tmp_path, source, begin=BOXES)


def test_legacy_transformations_are_run_by_the_sdk_itself(tmp_path):
    source = """
    def tagged(args):
        return pulumi.ResourceTransformationResult({**args.props, "tag": 1}, args.opts)

    thing("one", opts=pulumi.ResourceOptions(transformations=[tagged]))
    """
    assert rows(planned(tmp_path, source, begin=BOXES))["one"].inputs == {"tag": 1}


def test_a_run_leaves_nothing_behind_for_the_next(tmp_path):
    source = 'pulumi.export("n", 1); pulumi.CustomResource("other:b:Thing", "one", {})'
    first = planned(tmp_path, source, begin=PLAIN)
    assert planned(tmp_path, source, begin=PLAIN) == first
    assert planned(tmp_path, "", begin=PLAIN).outputs == {}
