"""What holds for every test."""

import os
import signal

from hypothesis import settings

# No deadline: a shared machine pauses any example for longer than the default 200 ms. In CI the examples are the
# same in every run, so that a red run is about the change; elsewhere they go on looking.
settings.register_profile("aks", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("aks")

# What a shell starts in the background ignores Ctrl-C, and so would the programs that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter) -> None:
    """Print what tests recorded as properties: how many verdicts an oracle gave is what it is worth."""
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            for name, value in report.user_properties:
                terminalreporter.write_line(f"{name}: {value}")
