"""What holds for every test."""

import os

from hypothesis import settings

# No deadline: a shared machine pauses any example for longer than the default 200 ms. In CI the examples are the
# same in every run, so that a red run is about the change; elsewhere they go on looking.
settings.register_profile("aks", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("aks")


def pytest_terminal_summary(terminalreporter) -> None:
    """Print what tests recorded as properties: how many verdicts an oracle gave is what it is worth."""
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            for name, value in report.user_properties:
                terminalreporter.write_line(f"{name}: {value}")
