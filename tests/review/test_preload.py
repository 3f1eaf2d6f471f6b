from review.preload import load, sdk_modules, wanted

FILES = {
    "__main__.py": "import pulumi\nimport pulumi_kubernetes as k8s\n",
    "components/a.py": "def f():\n    from pulumi_azure_native import network, resources as r\n",
    "components/b.py": "from pulumi_azure_native import (\n    authorization,\n)\n",
    ".venv/lib/x.py": "import pulumi_random\n",
    "tests/test_a.py": "import pulumi_aws\n",
    "notes.txt": "import pulumi_gcp\n",
}
AZURE = (
    "pulumi_azure_native",
    *(f"pulumi_azure_native.{it}" for it in ("authorization", "network", "resources")),
)


def tree(folder):
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "Pulumi.dev.yaml").write_text("config: {azure-native:location: here}")
    (folder / "Pulumi.local.yaml").write_text("config: {}")
    return folder


def test_the_sdks_of_a_program_are_those_its_own_files_import(tmp_path):
    assert sdk_modules(tree(tmp_path)) == (*AZURE, "pulumi_kubernetes")


def test_azure_s_sdk_is_wanted_where_the_stack_configures_azure(tmp_path):
    modules = sdk_modules(tree(tmp_path))
    assert wanted(modules, tmp_path, "dev") == modules
    assert wanted(modules, tmp_path, "local") == ("pulumi_kubernetes",)
    assert wanted(modules, tmp_path, "nowhere") == ("pulumi_kubernetes",)


def test_a_module_that_is_not_there_is_left_to_the_program():
    load(["pulumi_nowhere", "pulumi_nowhere.at_all"])
