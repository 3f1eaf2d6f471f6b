"""An exception of the program, told to the person who wrote the program."""

import sys
from pathlib import Path

import pytest

from review import plan as ours
from review.plan import PlanError
from review.recorder import record
from tests.review.programs import PROVIDER, planned, program

PARTS = """
import pulumi

class Pool(pulumi.ComponentResource):
    def __init__(self, name, size, opts=None):
        super().__init__("app:azure:Pool", name, None, opts)
        self.size = checked(size)

def checked(size):
    if size > 3:
        raise ValueError(f"a pool of {size} nodes is too large")
    return size
"""


def told(folder, source, **rest):
    with pytest.raises(PlanError) as refused:
        planned(folder, source, **rest)
    return refused.value


def test_it_names_the_line_and_the_component_that_was_being_made(tmp_path):
    source = """
    from parts import Pool

    class Cluster(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("app:azure:Cluster", name)
            Pool(f"{name}-wg1", 5, pulumi.ResourceOptions(parent=self))

    Cluster("aks")
    """
    error = told(tmp_path, source, files={"parts.py": PARTS})
    assert str(error) == (
        "parts.py:11: app:azure:Pool 'aks-wg1': ValueError: a pool of 5 nodes is too large"
    )
    assert error.details == ""


def test_a_component_that_has_no_name_yet_is_named_by_its_class(tmp_path):
    source = """
    class Cluster(pulumi.ComponentResource):
        def __init__(self, name):
            self.size = {}["size"]

    Cluster("aks")
    """
    assert str(told(tmp_path, source)) == "__main__.py:5: Cluster 'aks': KeyError: 'size'"


def test_outside_a_component_only_the_line_is_named(tmp_path):
    assert str(told(tmp_path, "1 / 0")) == "__main__.py:2: ZeroDivisionError: division by zero"


def test_in_an_asynchronous_program_too(tmp_path):
    source = """
    async def main():
        raise ValueError("first line\\n  second line")

    pulumi.run(main)
    """
    assert str(told(tmp_path, source)) == "__main__.py:4: ValueError: first line; second line"


def test_in_what_runs_once_an_output_is_known_too(tmp_path):
    source = 'pulumi.Output.from_input("x").apply(lambda it: int(it))'
    assert str(told(tmp_path, source)).startswith("__main__.py:2: ValueError: invalid literal")


def test_a_run_error_is_told_as_it_is(tmp_path):
    error = told(tmp_path, 'raise pulumi.RunError("2 fault(s)\\n  a.yaml:1: a\\n  a.yaml:2: b")')
    assert str(error) == "2 fault(s)\n  a.yaml:1: a\n  a.yaml:2: b"


def test_a_missing_secret_names_its_key(tmp_path):
    error = told(tmp_path, 'pulumi.Config().require_secret("password")')
    assert "app:password" in str(error)


def test_a_bad_input_names_the_resource_and_the_input_but_not_its_value(tmp_path):
    source = """
    pulumi.CustomResource("other:b:Thing", "one", {"size": {"of": object()}})
    """
    assert str(told(tmp_path, source)) == (
        "__main__.py:3: other:b:Thing 'one': input 'size': unexpected input of type object for of in CustomResource"
    )


def test_a_list_where_the_sdk_wants_an_object_names_the_resource_and_the_input(tmp_path):
    source = """
    from pulumi_azure_native import containerservice
    containerservice.ManagedCluster("aks", resource_group_name="rg", identity=[])
    """
    error = str(told(tmp_path, source))
    assert error.startswith(
        "__main__.py:4: azure-native:containerservice:ManagedCluster 'aks': input 'identity': "
    )


def test_a_syntax_error_is_told_with_its_place(tmp_path):
    assert str(told(tmp_path, "x = = 1")) == "__main__.py:2: invalid syntax"


def test_a_module_that_is_missing_is_told_with_the_line_that_wants_it(tmp_path):
    assert str(told(tmp_path, "import nowhere")) == (
        "__main__.py:2: ModuleNotFoundError: No module named 'nowhere'"
    )


@pytest.mark.parametrize("code", ["sys.exit(3)", "raise SystemExit(3)"])
def test_a_program_that_ends_itself_is_an_error(tmp_path, code):
    assert (
        str(told(tmp_path, f"import sys\n{code}"))
        == "__main__.py:3: the program ended itself with 3"
    )


def test_faults_found_before_the_program_stopped_are_told_as_well(tmp_path):
    source = """
    async def main():
        one = kubernetes("ConfigMap", "one", {"apiVersion": "v1"}, None)
        await one.urn.future()
        raise ValueError("stop")

    pulumi.run(main)
    """
    first, second = str(told(tmp_path, source, begin=PROVIDER)).splitlines()
    assert "falls to the default provider" in first
    assert second == "__main__.py:14: ValueError: stop"


def test_with_debug_the_full_traceback_is_in_the_details_and_not_in_the_message(tmp_path):
    program(tmp_path, "1 / 0")
    with pytest.raises(PlanError) as refused:
        record(tmp_path, "dev", debug=True)
    assert refused.value.details.startswith("Traceback (most recent call last):")
    assert "run_in_stack" in refused.value.details
    assert str(refused.value) == "__main__.py:1: ZeroDivisionError: division by zero"


def test_the_process_is_as_before_after_a_failure(tmp_path):
    before = (Path.cwd(), sys.path[:], sys.argv[:], sys.stdout, sys.stderr)
    told(tmp_path, "import helper; 1 / 0", files={"helper.py": ""})
    assert (Path.cwd(), sys.path[:], sys.argv[:], sys.stdout, sys.stderr) == before
    assert "helper" not in sys.modules


def test_a_program_gets_its_own_modules_and_not_those_of_the_same_name_that_are_loaded(tmp_path):
    source = """
    from json_of_mine import NAME
    import manifests
    pulumi.export("names", [NAME, manifests.NAME])
    """
    files = {"json_of_mine.py": 'NAME = "one"', "manifests/__init__.py": 'NAME = "two"'}
    sys.modules["manifests"] = ours
    try:
        assert planned(tmp_path, source, files=files).outputs == {"names": ["one", "two"]}
        assert sys.modules["manifests"] is ours
    finally:
        del sys.modules["manifests"]
