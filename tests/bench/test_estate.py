"""Generated estates: valid, repeatable, and of the same kind as the reference one."""

from collections import Counter

import pytest

from bench import estate
from manifests import Values
from manifests.estate import groups
from settings.load import load


@pytest.fixture
def made(tmp_path):
    """Writes an estate of so many workloads and returns its folder."""

    def make(count, **options):
        folder = tmp_path / f"{count}-{options}"
        folder.mkdir()
        estate.write(folder, count, **options)
        return folder

    return make


def texts(folder):
    return {it.relative_to(folder): it.read_bytes() for it in folder.rglob("*") if it.is_file()}


@pytest.mark.parametrize("count", [1, 2, 10, 21, 100])
def test_an_estate_of_any_size_passes_every_check_of_the_settings(made, count):
    assert len(load(made(count), estate.STACK).workloads) == count


@pytest.mark.parametrize("seed", range(5))
def test_an_estate_of_any_seed_passes_every_check_of_the_settings(made, seed):
    assert len(load(made(40, seed=seed), estate.STACK).workloads) == 40


def test_a_seed_gives_the_same_bytes_and_another_seed_does_not(made, tmp_path):
    again = tmp_path / "again"
    again.mkdir()
    estate.write(again, 30, seed=7)

    assert texts(made(30, seed=7)) == texts(again)
    assert texts(made(30, seed=8)) != texts(again)


def test_a_workload_comes_to_about_eight_objects(made):
    settings = load(made(100), estate.STACK)

    objects = sum(len(it.parts) for it in groups(settings, Values()))

    assert 7.5 <= objects / 100 <= 8.5


def test_an_estate_has_what_the_reference_one_has(made):
    settings = load(made(100), estate.STACK)
    workloads = settings.workloads.values()

    kinds = Counter(it.kind for it in workloads)
    assert {*kinds} == {"deployment", "statefulset", "job", "cronjob"}
    assert kinds.most_common(1)[0][0] == "deployment"
    assert any(it.autoscale for it in workloads)
    assert any(it.secrets for it in workloads)
    assert any(it.config and it.config.files for it in workloads)
    assert any(len(it.routes) == 2 for it in workloads)
    assert any(it.service and it.service.type == "NodePort" for it in workloads)
    assert any("internet:443" in it.uses for it in workloads)
    assert len(settings.namespaces) == 5


def test_no_azure_is_planned(made):
    assert load(made(1), estate.STACK).target == "kubeconfig"
