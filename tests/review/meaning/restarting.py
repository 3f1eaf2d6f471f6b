"""What test_restarts and test_restarts_further share."""

from review.meaning import restarts
from tests.review.guard.plans import edited, plan
from tests.review.meaning.telling import (
    container,
    messages,
    named,
    told,
)

BLOB = "course-blob-service-deployment"

CANARY = "hunter2-canary"


def image(tag, name="web-course-main"):
    return f"registry.example/{name}:{tag}"


def say(head, base=None):
    return messages(told(restarts, head, base))


def renamed_config(value, base=None, key="LOG_LEVEL"):
    """The estate with another content of the service's env, under the name of its new hash."""
    old = named(plan(), "ConfigMap", "blob-service")

    def content(inputs):
        inputs["data"][key] = value
        inputs["metadata"]["name"] = "blob-service-env-0123456789"

    def reads(inputs):
        container(inputs)["envFrom"] = [{"configMapRef": {"name": "blob-service-env-0123456789"}}]

    return edited(edited(base or plan(), old, content), BLOB, reads)


def blocked(base=None):
    budget = named(plan(), "PodDisruptionBudget", "course-web")

    def shut(inputs):
        inputs["spec"]["maxUnavailable"] = 0

    return edited(base or plan(), budget, shut)
