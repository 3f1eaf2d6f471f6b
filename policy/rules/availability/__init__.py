"""Whether something answers while nodes, versions and loads change."""
