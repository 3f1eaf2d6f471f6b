"""Which connections a set of NetworkPolicies allows, from any manifests: who reaches whom, and what is exposed."""
