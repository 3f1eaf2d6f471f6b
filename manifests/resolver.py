"""Where pods ask for names."""

from settings.ports import Opened

PORTS = (Opened(53, "UDP"), Opened(53))
NAMESPACE = "kube-system"
PODS = {"k8s-app": "kube-dns"}
"""CoreDNS carries the label of its forerunner, on AKS and elsewhere."""

LOCAL_CIDR = "169.254.10.0/24"
"""AKS LocalDNS answers on the node at .10 and .11, which no pod selector matches:
https://learn.microsoft.com/azure/aks/localdns-custom"""
