"""The resources that an API server serves, as `settings/api_resources.json` keeps them."""

from typing import Any

from tests.cluster.control_plane.client import Api
from tests.cluster.crds import ALL as CRDS

Rows = dict[tuple[str, str], dict[str, Any]]


def served(api: Api) -> Rows:
    """Every resource and subresource by group and name; what our CRDs add is marked as `added`."""
    paths = [("", "/api/v1")]
    for group in api.get("/apis")["groups"]:
        paths += [(group["name"], f"/apis/{it['groupVersion']}") for it in group["versions"]]
    ours = {it["spec"]["group"] for it in CRDS}
    found: Rows = {}
    for group, path in paths:
        for it in api.get(path)["resources"]:
            row = found.setdefault(
                (group, it["name"]),
                {
                    "group": group,
                    "name": it["name"],
                    "kind": it["kind"],
                    "namespaced": it["namespaced"],
                    "verbs": [],
                },
            )
            row["verbs"] = sorted({*row["verbs"], *it["verbs"]})
            if it.get("shortNames"):
                row["shortNames"] = sorted(it["shortNames"])
            if group in ours:
                row["added"] = True
    return dict(sorted(found.items()))
