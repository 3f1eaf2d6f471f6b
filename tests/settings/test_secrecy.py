"""A secret in a wrong place is told, and never repeated."""

import pytest

from settings.faults import SettingsError
from tests.settings.estate import (
    SETTINGS,
    change,
    changed,
    folder,
    settings_of,
    told,
    told_of,
)

DEV = "Pulumi.dev.yaml"
AT = f"{SETTINGS}."


SECRET = "hunter2"
SEALED = {"secure": f"v1:{SECRET}"}
PLANTED = [
    ("dev", "password", SECRET), ("dev", "cluster.passwrod", SECRET), ("dev", "environment", [SECRET]),
    ("dev", "environment", {"value": SECRET}), ("dev", "access.tenantId", SEALED), ("dev", "tags", SEALED),
    ("dev", "tags.owner", SEALED), ("dev", "ingress.hosts", SEALED), ("dev", "namespaces.course", SEALED),
    ("dev", "namespaces.business-data.pullSecrets.registry-credentials", SECRET),
    ("dev", "namespaces.business-data.pullSecrets.registry-credentials", {"password": SECRET}),
    ("dev", "namespaces.business-data.pullSecrets", [SECRET]), ("dev", "workloads.web", SEALED),
    ("dev", "workloads.web.env.KEY", SEALED), ("dev", "workloads.web.env", SEALED), ("dev", "workloads", SEALED),
    ("dev", "workloads.web.pool", SEALED), ("web", "env.KEY", SEALED), ("web", "env.KEY", [SECRET]),
    ("web", "env", SECRET), ("web", "args", f"--key {SECRET}"), ("web", "command", SECRET), ("web", "config", SECRET),
    ("web", "config", f"password:{SECRET}"), ("web", "secrets", SECRET), ("web", "secrets.KEY", SECRET),
    ("web", "secrets.KEY", {"vault": SECRET, "mountPath": "/x"}), ("web", "secrets.KEY", {"vault": "x",
         "value": SECRET}),
    ("web", "secrets.KEY", {"vault": "shop-kv", "mountPath": SECRET}), ("web", "imagePullSecrets", [SECRET]),
    ("web", "image", f"https://me:{SECRET}@registry.example/web"), ("web", "serviceAccount.token", SECRET),
    ("web", "apiKey", SECRET), ("web", "pool", {"apiKey": SECRET}), ("web", "pool", f"token={SECRET}"),
    (DEV, ("config", "aks-platform:db-password"), SECRET), (DEV, ("config", "aks-platform:db-password"), SEALED),
    (DEV, ("config", "aks-platform:business-data-registry-credentials"), SECRET), (DEV, ("password",), SECRET),
    (DEV, ("config", "azure-native:location"), {"value": SECRET}), (DEV, ("config", "azure-native:location"), SEALED),
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_a_secret_in_a_wrong_place_is_told_but_never_repeated(planted):
    with_it = told("dev", planted)
    assert with_it
    assert SECRET not in str(SettingsError(with_it))


@pytest.mark.parametrize(
    "planted", [it for it in PLANTED if it[2] is SEALED and it[0] == "dev"], ids=str
)
def test_a_secure_value_in_the_settings_is_one_fault_and_its_plain_text_from_the_engine_is_not_shown(
    planted,
):
    files = changed(planted)
    given = change(settings_of("dev"), planted[1].split("."), SECRET)
    for found in (folder().faults("dev", files), folder().faults("dev", files, given)):
        assert SECRET not in str(SettingsError(found))
        assert [it.rule for it in found if it.line] == ["is a secret, and settings hold none"]
        assert found[0].key == AT + planted[1]


@pytest.mark.parametrize(
    "text",
    [f"env: {{KEY: !{SECRET} x}}", f"env: {{KEY: *{SECRET}}}", f"env:\n\tKEY: {SECRET}", f"env: {{KEY: '{SECRET}}}",
     f"env: {{KEY: @{SECRET}}}", f"KEY:{SECRET}\nenv: {{}}", f"env: {{KEY: {SECRET}, KEY: {SECRET}}}"],
)  # fmt: skip
def test_a_secret_in_yaml_that_cannot_be_read_is_not_repeated(text):
    found = told_of("dev", {"workloads/web.yaml": f"name: web\n{text}\n"})
    assert any("workloads/web.yaml:" in it for it in found)
    assert SECRET not in "".join(found)
