"""Cases of the rules of names, labels and places."""

from tests.policy.case import ABSENT, bad, good, unclear

WEB, SERVICE, CRON = "Deployment shop/web", "Service shop/web", "CronJob shop/report"
ENV = "metadata.labels[env]".replace("[env]", '["env"]')
PART = 'metadata.labels["app.kubernetes.io/part-of"]'
POD_LABEL = 'spec.template.metadata.labels["{}"]'.format

CASES = [
    bad("label-recommended", WEB, {PART: ABSENT}, "metadata.labels"),
    bad("label-recommended", SERVICE, {"metadata.labels": ABSENT}),
    good("label-recommended", SERVICE, {PART: ABSENT}, parameters={"labels": ["env"]}),
    bad("label-environment", WEB, {ENV: ABSENT}),
    bad(
        "label-environment",
        WEB,
        {ENV: "tset"},
        parameters={"values": ["test", "prod"]},
    ),
    good("label-environment", WEB, {ENV: "anything"}),
    bad("label-value", WEB, {ENV: "a b"}),
    bad("label-value", WEB, {ENV: True}),
    bad("label-value", WEB, {POD_LABEL("env"): "x" * 64}),
    good("label-value", WEB, {ENV: ""}),
    unclear("label-value", WEB, {ENV: {"$unknown": True}}),
    bad("name-valid", WEB, {"metadata.name": "Web_1"}),
    bad("name-valid", SERVICE, {"metadata.name": "web.shop"}),
    bad("name-valid", WEB, {"metadata.name": "x" * 254}),
    good("name-valid", WEB, {"metadata.name": "web.shop"}),
    good("name-valid", "ClusterRole nodes", {"metadata.name": "shop:nodes"}),
    bad("name-length", CRON, {"metadata.name": "x" * 53}),
    bad("name-length", "StatefulSet shop/redis", {"metadata.name": "x" * 53}),
    good("name-length", "Job shop/tests", {"metadata.name": "x" * 63}),
    bad("namespace-default", WEB, {"metadata.namespace": ABSENT}),
    bad("namespace-default", WEB, {"metadata.namespace": "default"}, complete=False),
    good("namespace-default", WEB, {"metadata.namespace": ABSENT}, complete=False),
]
