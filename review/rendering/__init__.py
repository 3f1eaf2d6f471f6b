"""The Kubernetes objects of a stack as files, straight from settings and manifests: no SDK, no plan."""
