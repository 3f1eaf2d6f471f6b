"""Every setting that differs, meant or drift; of secrets only which are set."""

import pytest

from review.promotion.differences import ABSENT, differences, leaves, masked
from tests.review.promotion.stacks import project, replaced, stack


def found(folder):
    return {it.key: it for it in differences(stack(folder, "dev"), stack(folder, "prod"))}


def drift(folder):
    return {key for key, it in found(folder).items() if not it.intended}


def test_what_the_shipped_stacks_differ_in_is_meant(tmp_path):
    assert drift(project(tmp_path)) == set()


def test_a_difference_has_both_values_with_file_and_line_and_what_declares_it(tmp_path):
    it = found(project(tmp_path))["nodePools.wg1.max"]
    assert (it.one.value, it.other.value) == (5, 6)
    assert it.one.source.startswith("Pulumi.dev.yaml:")
    assert it.other.source.startswith("Pulumi.prod.yaml:")
    assert it.intended == "nodePools.*.max"


@pytest.mark.parametrize(
    ("key", "edit"),
    [
        ("cluster.kubernetesVersion", replaced('kubernetesVersion: "1.35"', 'kubernetesVersion: "1.36"')),
        ("cluster.upgradeChannel", replaced("upgradeChannel: patch", "upgradeChannel: none")),
        ("ingress.className", replaced("className: nginx", "className: other")),
        ("namespaces.course.owner",
         replaced("      course:\n        quota", "      course:\n        owner: shop\n        quota")),
        ("workloads.web.env.NEW", replaced("        availability: ha\n        replicas: 3\n",
         "        availability: ha\n        replicas: 3\n        env: {NEW: '1'}\n")),
        ("workloads.web-feature-login",
         replaced("    workloads:\n", "    workloads:\n      web-feature-login: null\n")),
    ],
)  # fmt: skip
def test_a_setting_that_nobody_declared_is_drift(tmp_path, key, edit):
    folder = project(tmp_path, prod=edit)
    assert drift(folder) == {key}
    assert key in found(folder)[key].why


def test_a_declaration_of_either_stack_makes_a_difference_meant(tmp_path):
    change = replaced("className: nginx", "className: other")
    declared = replaced(
        "      environmentSpecific:\n", "      environmentSpecific:\n        - ingress.className\n"
    )
    folder = project(tmp_path, prod=lambda it: declared(change(it)))
    it = found(folder)["ingress.className"]
    assert (it.intended, it.why) == (
        "ingress.className",
        "promotion.environmentSpecific of Pulumi.prod.yaml",
    )


def test_what_a_profile_stands_for_is_meant_only_where_no_stack_says_it_itself(tmp_path):
    folder = project(tmp_path)
    assert found(folder)["observability.alerts.enabled"].intended == "cluster.profile"
    said = replaced(
        "    observability:\n",
        "    observability:\n      alerts: {enabled: true, evaluationMinutes: 2}\n",
    )
    (tmp_path / "other").mkdir()
    other = project(tmp_path / "other", prod=said)
    assert {"observability.alerts.enabled", "observability.alerts.evaluationMinutes"} <= drift(
        other
    )


def test_of_a_secret_only_the_stack_that_lacks_it_is_told(tmp_path):
    secret = "  aks-platform:business-data-registry-credentials:\n    secure: AAABc4nary\n"
    only = project(tmp_path, prod=replaced("config:\n", f"config:\n{secret}"))
    it = found(only)["aks-platform:business-data-registry-credentials"]
    assert (it.one.value, it.other.value) == (None, "[secret]")
    assert (
        it.why
        == "pulumi config set --stack dev --secret aks-platform:business-data-registry-credentials"
    )
    assert not it.intended
    assert "c4nary" not in repr(found(only))


def test_two_secrets_are_never_compared(tmp_path):
    def secret(value):
        return replaced(
            "config:\n",
            f"config:\n  aks-platform:business-data-registry-credentials:\n    secure: {value}\n",
        )

    folder = project(tmp_path, dev=secret("AAAB1"), prod=secret("AAAB2"))
    assert "aks-platform:business-data-registry-credentials" not in found(folder)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("workloads", "web", "env", "DB_PASSWORD"), "c4nary"),
        (("workloads", "web", "env", "URL"), "https://me:c4nary@host"),
        (("workloads", "web", "env", "DSN"), "server=a;password=c4nary"),
        (("workloads", "web", "config", "files", "a.conf"), "c4nary"),
        (("workloads", "web", "args"), ["--key", "c4nary"]),
        (("workloads", "web"), {"env": {"API_TOKEN": "c4nary"}}),
    ],
)
def test_what_may_be_a_secret_is_hidden(path, value):
    assert "c4nary" not in repr(masked(value, path))


def test_what_is_no_secret_is_shown():
    assert masked("debug", ("workloads", "token-service", "env", "LOG_LEVEL")) == "debug"


def test_what_a_stack_says_of_promotions_is_no_difference(tmp_path):
    folder = project(
        tmp_path,
        prod=replaced(
            "      environmentSpecific:\n",
            "      environmentSpecific:\n        - ingress.className\n",
        ),
    )
    assert not any(key.startswith("promotion") for key in found(folder))


def test_lists_of_maps_as_long_are_compared_item_by_item():
    one = {"a": [{"x": 1, "y": 2}, {"x": 3}], "b": [{"x": 1}], "c": [1, 2], "d": [{"x": 1}]}
    other = {"a": [{"x": 1, "y": 4}, {"x": 3}], "b": [], "c": [1, 3], "d": [1]}

    assert [it[0] for it in leaves(one, other)] == [("a", 0, "y"), ("b",), ("c",), ("d",)]


def test_a_section_that_one_side_leaves_out_is_one_place_unless_a_pattern_is_about_a_key_in_it():
    one, other = {"a": {"b": 1, "c": None, "d": {}, "e": []}}, {"a": None}

    assert list(leaves(one, other)) == [(("a",), one["a"], None)]
    assert list(leaves(other, one)) == [(("a",), None, one["a"])]
    assert [it[0] for it in leaves(one, other, patterns=["a.b"])] == [("a", "b")]
    assert [it[0] for it in leaves(other, one, patterns=["a.b"])] == [("a", "b")]
    assert [it[0] for it in leaves(one, other, patterns=["x.b"])] == [("a",)]


def test_true_is_no_number_and_a_number_no_text():
    assert [it[0] for it in leaves({"a": True, "b": 1}, {"a": 1, "b": "1"})] == [("a",), ("b",)]
    assert list(leaves({"a": 1}, {"a": 1})) == []


def test_configuration_of_a_provider_is_the_stacks_own_and_says_its_line(tmp_path):
    it = found(
        project(
            tmp_path, prod=replaced("config:\n", "config:\n  azure-native:environment: china\n")
        )
    )["azure-native:environment"]

    assert (it.intended, it.one.source) == ("config", "")
    assert it.other.source.startswith("Pulumi.prod.yaml:")
    assert it.why == "configuration of a provider is the stack's own"


def test_a_key_that_is_not_there_is_nothing_to_a_reader():
    assert repr(ABSENT) == "nothing"
