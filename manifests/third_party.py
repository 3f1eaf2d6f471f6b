"""Every third-party version that this program installs, in one place."""

from dataclasses import dataclass

from manifests.charts import reference


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One Helm chart."""

    name: str
    """Name of the Helm release, too."""

    url: str
    """OCI reference without a version."""

    version: str
    app_version: str
    """Version of the program in it: the tag of its image."""

    image: str
    """Repository of that image."""

    digest: str | None
    """Digest of the chart; None: pinned by version alone."""

    @property
    def reference(self) -> str:
        """What Helm is to pull, beside the version."""
        return reference(self.url, self.digest)


NGINX_INGRESS = Chart(
    name="nginx-ingress",
    url="oci://ghcr.io/nginx/charts/nginx-ingress",
    version="2.6.4",
    app_version="5.5.4",
    image="nginx/nginx-ingress",
    # A digest holds only if whoever writes it down has pulled the chart; `helm pull` prints it.
    digest=None,
)
"""F5 NGINX Ingress Controller, open source: https://github.com/nginx/kubernetes-ingress (Apache-2.0)"""
