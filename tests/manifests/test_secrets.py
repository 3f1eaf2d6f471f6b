"""Secrets of a workload: where each is, who reads it, and what its name says."""

import time

import pytest

from manifests import Values
from manifests.names import content_hash
from manifests.secrets import hashed, hashed_name, names, reference
from tests.manifests.samples import parts_of, pod_of, stack, values, web
from tests.manifests.schema import faults

ON_KUBECONFIG = {"target": "kubeconfig"}
EXISTING = {"existing": {"name": "made-elsewhere", "key": "token"}}
VAULT = {"vault": "shop-kv"}
OWN = {"mountPath": "/mnt/own"}
READ = {"IT": {"secret": "PIN"}}


def secrets_of(subject, given=None, **changes):
    parts = parts_of(subject, given=given, **changes).values()
    return [it.manifest for it in parts if it.manifest["kind"] == "Secret"]


def variable(subject, **changes):
    [container] = pod_of(subject, **changes)["containers"]
    [found] = container["env"]
    return found["valueFrom"]["secretKeyRef"]


def named(subject, content, at="dev", **changes):
    settings = stack(subject, **changes)
    [found] = names(at, settings, content).values()
    return found


def test_an_own_secret_is_one_immutable_object_with_its_value():
    subject = web(secrets={"PIN": OWN})
    given = Values(secrets={"web-PIN": "planted"}, secret_names={"web/secret-PIN": "web.x-1"})
    [secret] = secrets_of(subject, given)
    assert secret["stringData"] == {"PIN": "planted"}
    assert secret["immutable"] is True
    assert secret["metadata"]["name"] == "web.x-1"
    assert faults(secret) == []


def test_each_own_secret_is_an_object_of_its_own():
    subject = web(secrets={"ONE": OWN, "TWO": OWN})
    assert [list(it["stringData"]) for it in secrets_of(subject)] == [["ONE"], ["TWO"]]


@pytest.mark.parametrize(
    ("secret", "changes", "expected"),
    [
        (EXISTING, {}, {"name": "made-elsewhere", "key": "token"}),
        (VAULT, {}, {"name": "web.vault-shop-kv", "key": "PIN"}),
        (VAULT, ON_KUBECONFIG, {"name": "web.vault-shop-kv-unset", "key": "PIN"}),
        ({}, {}, {"name": "web.secret-pin-unset", "key": "PIN"}),
    ],
    ids=["existing", "vault", "vault without Azure", "own"],
)
def test_a_variable_reads_the_key_of_the_secret_that_holds_it(secret, changes, expected):
    subject = web(secrets={"PIN": secret}, env=READ)
    assert variable(subject, **changes) == expected
    made = {it["metadata"]["name"] for it in secrets_of(subject, **changes)}
    elsewhere = secret is EXISTING or (secret is VAULT and not changes)
    assert made == (set() if elsewhere else {expected["name"]})


def test_a_reference_is_that_of_the_variable():
    subject = web(secrets={"PIN": EXISTING}, env=READ)
    found = reference(stack(subject), subject, "PIN", values(stack(subject)))
    assert found == ("made-elsewhere", "token")
    with pytest.raises(KeyError):
        reference(stack(subject), subject, "NOBODY", values(stack(subject)))


def test_the_driver_syncs_what_variables_read_and_nothing_else():
    subject = web(secrets={"PIN": VAULT, "FILE": {**VAULT, "mountPath": "/mnt/kv"}}, env=READ)
    classes = [
        it.manifest
        for it in parts_of(subject).values()
        if it.manifest["kind"] == "SecretProviderClass"
    ]
    synced = {it["metadata"]["name"]: it["spec"].get("secretObjects") for it in classes}
    [(name, [found])] = [(name, it) for name, it in synced.items() if it]
    assert found["secretName"] == name == variable(subject)["name"]
    assert found["data"] == [{"objectName": "PIN", "key": "PIN"}]
    assert found["type"] == "Opaque"
    assert [it for it in synced.values() if it is None] == [None]
    assert [faults(it) for it in classes] == [[], []]


@pytest.mark.parametrize("changes", [{}, ON_KUBECONFIG], ids=["aks", "kubeconfig"])
def test_a_vaults_secret_without_a_path_is_mounted_as_the_driver_syncs_only_while_it_is(changes):
    [container] = pod_of(web(secrets={"PIN": VAULT}, env=READ), **changes)["containers"]
    [mount] = container["volumeMounts"]
    assert mount == {
        "name": "vault-shop-kv",
        "mountPath": "/mnt/secrets-store/shop-kv",
        "readOnly": True,
    }


def test_secrets_of_one_folder_are_one_volume_with_a_file_each():
    pod = pod_of(web(secrets={"ONE": OWN, "TWO": {**EXISTING, **OWN}}))
    [volume] = pod["volumes"]
    sources = [it["secret"] for it in volume["projected"]["sources"]]
    assert sources == [
        {"name": "web.secret-one-unset", "items": [{"key": "ONE", "path": "ONE"}]},
        {"name": "made-elsewhere", "items": [{"key": "token", "path": "TWO"}]},
    ]
    [mount] = pod["containers"][0]["volumeMounts"]
    assert mount == {"name": volume["name"], "mountPath": "/mnt/own", "readOnly": True}


def test_two_folders_are_two_volumes():
    pod = pod_of(web(secrets={"ONE": OWN, "TWO": {"mountPath": "/mnt/other"}}))
    assert len({it["name"] for it in pod["volumes"]}) == 2


def test_a_name_is_the_same_in_every_run_and_another_for_another_value():
    subject = web(secrets={"PIN": OWN})
    one, two = (named(subject, {"web-PIN": it}) for it in ("1234", "1235"))
    assert one == named(subject, {"web-PIN": "1234"}) == "web.secret-pin-6d998b62"
    assert two != one


def test_a_name_tells_no_two_places_that_hold_the_same():
    given = {"web-PIN": "1234", "web-PINS": "1234", "other-PIN": "1234"}
    found = {
        named(web(secrets={"PIN": OWN}), given),
        named(web(secrets={"PIN": OWN}), given, at="prod"),
        named(web(secrets={"PINS": OWN}), given),
        named(web(secrets={"PIN": OWN}, namespace="back"), given),
        named(web(name="other", secrets={"PIN": OWN}), given),
    }
    assert len({it.rpartition("-")[2] for it in found}) == 5


def test_a_guess_costs_more_than_a_plain_hash():
    subject = web(secrets={"PIN": OWN})
    [it] = hashed(stack(subject), subject)
    started = time.process_time()
    hashed_name("dev", subject, it, {"PIN": "guess"})
    guess = time.process_time() - started
    started = time.process_time()
    content_hash({"PIN": "guess"})
    assert guess > 100 * (time.process_time() - started)


def test_no_part_of_a_value_is_in_its_name():
    assert "planted" not in named(web(secrets={"PIN": OWN}), {"web-PIN": "planted"})


def test_a_secret_that_is_not_set_says_so():
    assert named(web(secrets={"PIN": OWN}), {"web-PIN": "unset"}) == "web.secret-pin-unset"


def test_a_vaults_folder_is_named_by_all_that_is_in_it():
    folder = {"mountPath": "/mnt/kv", **VAULT}
    subject = web(secrets={"ONE": folder, "TWO": folder})
    given = {"shop-kv-ONE": "1", "shop-kv-TWO": "2"}
    one = named(subject, given, **ON_KUBECONFIG)
    assert one.startswith("web.vault-shop-kv-")
    assert named(subject, {**given, "shop-kv-TWO": "3"}, **ON_KUBECONFIG) != one
    assert names("dev", stack(subject, **ON_KUBECONFIG), {"shop-kv-ONE": "1"}) == {}


def test_names_that_differ_in_case_alone_stay_apart():
    subject = web(secrets={"pin": OWN, "PIN": OWN})
    found = names("dev", stack(subject), {"web-pin": "same", "web-PIN": "same"})
    assert len(set(found.values())) == len(found) == 2


def test_secret_material_is_only_in_secrets():
    subject = web(secrets={"PIN": OWN, "KV": {"mountPath": "/mnt/kv", **VAULT}}, env=READ)
    given = Values(secrets={"web-PIN": "planted", "shop-kv-KV": "planted"})
    for part in parts_of(subject, given=given, **ON_KUBECONFIG).values():
        if part.manifest["kind"] != "Secret":
            assert "planted" not in str(part.manifest)
