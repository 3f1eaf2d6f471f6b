"""From the text of manifests to their objects."""
