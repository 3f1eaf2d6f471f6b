"""What the installed azure-native SDK says of its own accord, read from its source: importing it would take minutes."""

import ast
import re
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "pulumi_azure_native"
MODULES = (
    "alertsmanagement",
    "authorization",
    "compute",
    "containerregistry",
    "containerservice",
    "dashboard",
    "dataprotection",
    "keyvault",
    "kubernetesconfiguration",
    "logic",
    "managedidentity",
    "monitor",
    "network",
    "operationalinsights",
    "privatedns",
    "resources",
    "storage",
)
"""The parts of Azure that this program makes something in, or may soon."""

TOKEN = re.compile(r'@pulumi\.type_token\("(azure-native:[^"]+)"\)')


def installed():
    return version("pulumi-azure-native")


@cache
def folder():
    """Of the package, without importing it."""
    return Path(find_spec(PACKAGE).origin).parent


def path_parameters():
    """Inputs that name each resource in its URL, its own name last, by type token.

    The parameters of the lookup function are exactly those of the URL, but for what narrows the answer; of the inputs
    of a resource the provider can make up its own name alone, so that one has a default.
    """
    found = {}
    for module in MODULES:
        for lookup in sorted((folder() / module).glob("get_*.py")):
            source = lookup.with_name(lookup.name.removeprefix("get_"))
            if not source.exists() or not (token := TOKEN.search(text := source.read_text())):
                continue
            asked = asked_by(lookup)
            # The class of the resource itself, most of the file, comes after that of its inputs.
            tree = ast.parse(text[: token.start()])
            [args] = [it for it in tree.body if of_inputs(it)]
            own = arguments(function(args.body, "__init__"))
            named = wire_names(args)
            keys = [it for it in own if it in asked]
            ordered = [it for it in keys if not own[it]] + [it for it in keys if own[it]]
            found[token[1]] = [named[it] for it in ordered]
    return dict(sorted(found.items()))


def asked_by(lookup):
    """Parameters of a lookup function."""
    found = re.search(
        rf"^def {lookup.stem}\((.*?)\) -> ", lookup.read_text(), re.DOTALL | re.MULTILINE
    )
    return re.findall(r"(\w+): ", found[1])


def of_inputs(node):
    return isinstance(node, ast.ClassDef) and node.name.endswith("Args")


def function(body, name):
    return next(it for it in body if isinstance(it, ast.FunctionDef) and it.name == name)


def arguments(node):
    """Names of the parameters, with whether each has a default."""
    plain = node.args.args
    defaults = [False] * (len(plain) - len(node.args.defaults)) + [True] * len(node.args.defaults)
    found = dict(zip((it.arg for it in plain), defaults, strict=True))
    for it, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        found[it.arg] = default is not None
    return found


def wire_names(node):
    """Python's name of each property of a class to the provider's."""
    found = {}
    for it in node.body:
        if isinstance(it, ast.FunctionDef) and it.name != "__init__":
            for decorator in it.decorator_list:
                if isinstance(decorator, ast.Call) and decorator.keywords:
                    found[it.name] = decorator.keywords[0].value.value
                elif isinstance(decorator, ast.Attribute) and decorator.attr == "getter":
                    found.setdefault(it.name, it.name)
    return found


FIXED = re.compile(
    r"(?:can(?:not|'t)|may not) be (?:changed|updated|modified|disabled|set to false)"
    r"|can only be (?:set|specified) (?:at|when|during|to true at)"
    r"|(?:only be set|set) (?:at|during) (?:cluster |resource |pool )?creation"
    r"|property is immutable|irreversible",
    re.IGNORECASE,
)
"""Words by which Microsoft's description of an API, which the docstrings are, says that a property is fixed."""


def said_to_be_fixed(tokens):
    """By type token, wire path and the sentence that says so of every input of these resources, at any depth."""
    found = {}
    for token in tokens:
        _, module, name = token.split(":")
        own = folder() / module / f"{snake(name)}.py"
        tree = ast.parse(own.read_text()[: TOKEN.search(own.read_text()).start()])
        [top] = [it for it in tree.body if of_inputs(it)]
        found |= {(token, path): text for path, text in fixed_below(top, module, "", ())}
    return found


def fixed_below(node, module, prefix, above):
    names = wire_names(node)
    for it in node.body:
        if not isinstance(it, ast.FunctionDef) or it.name not in names or it.name == "__init__":
            continue
        documented = ast.get_docstring(it)
        if documented is None:  # the setter
            continue
        path = f"{prefix}{names[it.name]}"
        for sentence in re.split(r"(?<=\.)\s", documented):
            if FIXED.search(sentence):
                yield path, " ".join(sentence.split())
        annotation = ast.unparse(it.returns)
        for inner in re.findall(r"'(\w+Args)'", annotation):
            if inner in sources(module) and inner not in above:
                item = "[]" if "Sequence" in annotation else ".*" if "Mapping" in annotation else ""
                below = args_class(module, inner)
                yield from fixed_below(below, module, f"{path}{item}.", (*above, inner))


CLASS = re.compile(r"^class (\w+Args)\b.*?(?=^@pulumi|^class |\Z)", re.DOTALL | re.MULTILINE)


@cache
def sources(module):
    """Source of each class of nested inputs of a module: to parse all of them takes seconds."""
    source = folder() / module / "_inputs.py"
    return {it[1]: it[0] for it in CLASS.finditer(source.read_text())} if source.exists() else {}


@cache
def args_class(module, name):
    """One of them, parsed."""
    [node] = ast.parse(sources(module)[name]).body
    return node


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
