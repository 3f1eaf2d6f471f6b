"""The policy pack as Pulumi's engine starts it: `pulumi preview --policy-pack policy`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The engine runs this folder, which would make `policy.stack` importable as `stack`, and not as `policy.stack`.
sys.path[:] = [str(HERE.parent), *(it for it in sys.path if Path(it or ".").resolve() != HERE)]

from policy.exemptions import read_exemptions  # noqa: E402
from policy.faults import PolicyConfigError  # noqa: E402
from policy.pack import Pack, serve  # noqa: E402
from policy.rules import all_rules  # noqa: E402


def main() -> None:
    """Serve until the engine ends us; exemptions that cannot be read end us first."""
    rules = all_rules()
    try:
        exemptions = read_exemptions(HERE / "exemptions.yaml", (it.id for it in rules))
    except PolicyConfigError as error:
        sys.exit(f"error: {error}")
    serve(Pack(rules, exemptions))


main()
