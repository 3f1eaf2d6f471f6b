"""Every rule, found by being there: one a file, in folders by area."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from policy.rule import AnyRule, Rule, StackRule


@cache
def all_rules() -> tuple[AnyRule, ...]:
    """All rules in the order of their ids. Raises `ValueError` where two have one id, or a file has no rule."""
    found: dict[str, AnyRule] = {}
    for module in _modules():
        rule = getattr(importlib.import_module(module), "RULE", None)
        if not isinstance(rule, Rule | StackRule):
            raise ValueError(f"{module} has no RULE")
        if rule.id in found:
            raise ValueError(f"{module}: there is a rule {rule.id} already")
        if module.rpartition(".")[2] != rule.id.replace("-", "_"):
            raise ValueError(f"{module} holds the rule {rule.id}: name the file by it")
        found[rule.id] = rule
    return tuple(found[it] for it in sorted(found))


def _modules() -> Iterator[str]:
    """Names of modules of rules; those that begin with an underscore are what rules share."""
    for it in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not it.ispkg and not it.name.rpartition(".")[2].startswith("_"):
            yield it.name
