"""The managed cluster and its node pools."""
