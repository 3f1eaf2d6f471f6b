"""docs/review.md walks one pull request with the real report: `UPDATE_GOLDEN=1` writes it anew."""

import os
import re
from pathlib import Path

import pytest

from tests import pull_request

PAGE = Path(__file__).parents[1] / "docs" / "review.md"
BLOCK = re.compile(r"(<!-- report -->\n\n```text\n)(.*?)(```\n)", re.DOTALL)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = pull_request.opened(tmp_path_factory.mktemp("pull-request") / "project")
    return pull_request.aks(folder, "review", pull_request.STACK, "--base", pull_request.BASE)


def test_the_page_shows_the_report_of_its_pull_request(report):
    text = PAGE.read_text()
    if os.environ.get("UPDATE_GOLDEN"):
        text = BLOCK.sub(lambda it: f"{it[1]}{report}{it[3]}", text)
        PAGE.write_text(text)
    found = BLOCK.search(text)
    assert found
    assert found[2] == report


SAID = {
    "open a port": "course/web may now call course/redis on TCP 6379",
    "raise replicas": "Deployment course/admin-authorization: 3 pods -> 5 pods",
    "drop TLS": "2 times: host ... has no TLS any more",
    "change vmSize": "AgentPool wg1: is replaced",
    "rename a workload": "course/public-nginx is gone",
}


@pytest.mark.parametrize("edit", SAID)
def test_each_part_of_the_pull_request_is_told(report, edit):
    assert SAID[edit] in " ".join(report.split())
