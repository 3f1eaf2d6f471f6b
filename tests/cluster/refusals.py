"""What the API server says of a pod that Pod Security refuses, or of a controller that it warns of, taken apart."""

import re


def said(text, spec):
    """Reasons in a refusal or warning of the server, each with the containers and volumes that its detail names."""
    if not text:
        return ()
    _, _, rest = text.partition("PodSecurity ")
    rest = re.sub(r'^\\?"[^"]*": ', "", rest).replace('\\"', '"')
    found, depth, quoted, word = [], 0, False, ""
    for sign in rest:
        quoted ^= sign == '"'
        if not quoted:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign == "," and not depth:
                found.append(word)
                word = ""
                continue
        word += sign
    return tuple(_clause(it.strip(), names(spec)) for it in [*found, word])


def _clause(words, known):
    reason, _, detail = words.partition(" (")
    named = frozenset(re.findall(r'"([^"]*)"', detail)) & known
    reason = reason.replace("profiles", "profile")
    return reason, frozenset() if "annotation" in detail else named


def names(spec):
    return frozenset(
        it["name"]
        for key in ("containers", "initContainers", "ephemeralContainers", "volumes")
        for it in spec.get(key) or ()
    )
