"""Machine sizes, held to the figures of Azure's own pages of each series."""

import pytest

from settings.vm_sizes import burstable, entry_level, has_gpu, machine

GIB = 2**30


@pytest.mark.parametrize(
    ("vm_size", "vcpu", "gib", "disk"),
    [
        ("Standard_D4ds_v5", 4, 16, 150),
        ("Standard_D8ds_v5", 8, 32, 300),
        ("Standard_D96ds_v5", 96, 384, 3600),
        ("Standard_D2ads_v5", 2, 8, 75),
        ("Standard_D4s_v5", 4, 16, 0),
        ("Standard_D4as_v4", 4, 16, 0),
        ("Standard_D4ls_v5", 4, 8, 0),
        ("Standard_D4plds_v5", 4, 8, 150),
        ("Standard_D96s_v5", 96, 384, 0),
        # The cache is larger than the temporary disk, of 64 GiB in both.
        ("Standard_D8s_v3", 8, 32, 200),
        ("Standard_F8s_v2", 8, 16, 128),
        ("Standard_F72s_v2", 72, 144, 1520),
        # One NVMe disk of several.
        ("Standard_D2ds_v6", 2, 8, 110),
        ("Standard_D16ads_v6", 16, 64, 440),
        ("Standard_D48pds_v6", 48, 192, 440),
        ("Standard_D96alds_v6", 96, 192, 880),
        ("Standard_D128ds_v6", 128, 512, 1760),
        ("Standard_E8ds_v5", 8, 64, 300),
        ("Standard_E20ds_v5", 20, 160, 750),
        ("Standard_E96ds_v5", 96, 672, 3600),
        ("Standard_E20ads_v6", 20, 160, 550),
        ("Standard_E96ds_v6", 96, 768, 880),
        ("Standard_E96ads_v6", 96, 672, 880),
        ("Standard_E8-2ds_v5", 2, 64, 300),
        ("Standard_F64as_v6", 64, 256, 0),
    ],
)
def test_a_size_says_its_cores_its_memory_and_its_local_disk(vm_size, vcpu, gib, disk):
    found = machine(vm_size)
    assert (found.vcpu, found.memory, found.local_disk_gib) == (vcpu, gib * GIB, disk)


@pytest.mark.parametrize(
    "vm_size",
    ["Standard_M64ms", "Standard_D4_v2", "Standard_DC4as_v5", "Standard_B4ms", "Standard_E104ids_v5",
     "Standard_D3ds_v5", "Standard_D128ads_v6", "Standard_E4lds_v5", "Standard_NC24ads_A100_v4", "Standard_D4ds_v5x",
     "Standard_D4aps_v5"],
)  # fmt: skip
def test_a_size_that_does_not_follow_the_tables_is_unknown(vm_size):
    assert machine(vm_size) is None


def test_nvme_and_arm_are_told():
    assert machine("Standard_D4ds_v6").nvme
    assert not machine("Standard_D4s_v6").nvme
    assert not machine("Standard_D4ds_v5").nvme
    assert machine("Standard_D4pds_v5").arm
    assert not machine("Standard_D4ads_v5").arm


def test_series_that_a_system_pool_may_not_have_are_known_by_their_letter():
    assert burstable("Standard_B4ms")
    assert not burstable("Standard_D4ds_v5")
    assert entry_level("Standard_A4m_v2")
    assert not entry_level("Standard_D4as_v5")


@pytest.mark.parametrize(
    ("vm_size", "so"),
    [("Standard_NC24ads_A100_v4", True), ("Standard_NV36ads_A10_v5", True), ("Standard_ND96asr_v4", True),
     ("Standard_D4ds_v5", False)],
)  # fmt: skip
def test_the_n_family_has_gpus(vm_size, so):
    assert has_gpu(vm_size) is so
