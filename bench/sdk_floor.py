"""The floor of planning, as a process: the SDK alone registers plain resources with its own mocks, all at once."""

import sys
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_mocks, test


class _Mocks(Mocks):
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return args.name, {}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        raise LookupError(f"unexpected invoke {args.token}")


def main(count: int) -> None:
    """Register `count` resources with two properties each."""
    set_mocks(_Mocks())

    def program() -> None:
        for index in range(count):
            props = {"index": index, "text": "plain"}
            pulumi.CustomResource("bench:index:Plain", f"plain-{index}", props)

    test(program)()  # type: ignore[no-untyped-call]  # pulumi leaves it bare


if __name__ == "__main__":
    main(int(sys.argv[1]))
