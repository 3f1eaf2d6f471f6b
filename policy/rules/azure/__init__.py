"""Resources of Azure beside the cluster."""
