"""Cases of the rules of images."""

from tests.policy.case import ABSENT, bad, good, unclear

WEB = "Deployment shop/web"
CONTAINER = "spec.template.spec.containers[web]"
IMAGE, PULL = f"{CONTAINER}.image", f"{CONTAINER}.imagePullPolicy"
DIGEST = f"@sha256:{'ab' * 32}"
OWN = {"allowed": ["registry.example.com/shop", "docker.io/library/"]}

CASES = [
    bad("image-tag-mutable", WEB, {IMAGE: "registry.example.com/shop/web:latest"}),
    bad("image-tag-mutable", WEB, {IMAGE: "registry.example.com:5000/shop/web"}),
    bad("image-tag-mutable", WEB, {IMAGE: "web:main"}, parameters={"tags": ["main"]}),
    good("image-tag-mutable", WEB, {IMAGE: "web:1.4.2"}),
    good("image-tag-mutable", WEB, {IMAGE: f"web{DIGEST}"}),
    good("image-tag-mutable", WEB, {IMAGE: ABSENT}),
    unclear("image-tag-mutable", WEB, {IMAGE: {"$unknown": True}}),
    bad("image-digest", WEB, {IMAGE: "registry.example.com/shop/web:1.4.2"}),
    good("image-digest", WEB, {IMAGE: f"web:1.4.2{DIGEST}"}),
    bad("image-registry", WEB, {IMAGE: f"ghcr.io/shop/web{DIGEST}"}, parameters=OWN),
    bad(
        "image-registry",
        WEB,
        {IMAGE: f"registry.example.com/shopping/web{DIGEST}"},
        parameters=OWN,
    ),
    good("image-registry", WEB, {IMAGE: f"redis{DIGEST}"}, parameters=OWN),
    good("image-registry", WEB, {}, parameters=OWN),
    unclear("image-registry", WEB, {IMAGE: {"$unknown": True}}, parameters=OWN),
    bad("image-pull-policy", WEB, {IMAGE: "web:main"}, PULL),
    bad("image-pull-policy", WEB, {IMAGE: "web", PULL: "IfNotPresent"}, PULL),
    good("image-pull-policy", WEB, {IMAGE: "web:latest"}),
    good("image-pull-policy", WEB, {IMAGE: "web:main", PULL: "Always"}),
    good("image-pull-policy", WEB, {IMAGE: "web:1.4.2", PULL: "IfNotPresent"}),
]
