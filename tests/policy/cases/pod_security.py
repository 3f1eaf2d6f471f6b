"""Cases of the rules of pod security."""

from tests.policy.case import bad, good, unclear

WEB = "Deployment shop/web"
CONTAINER = "spec.template.spec.containers[web]"
PRIVILEGED = f"{CONTAINER}.securityContext.privileged"

CASES = [
    bad("privileged-container", WEB, {PRIVILEGED: True}),
    bad(
        "privileged-container",
        WEB,
        {
            "spec.template.spec.initContainers[+]": {
                "name": "init",
                "securityContext": {"privileged": True},
            }
        },
        "spec.template.spec.initContainers[init].securityContext.privileged",
    ),
    good("privileged-container", WEB, {f"{CONTAINER}.securityContext": None}),
    unclear("privileged-container", WEB, {PRIVILEGED: {"$unknown": True}}),
]
