"""Cases of the rules of secrets."""

from tests.policy.case import bad, good, unclear

WEB, MAP, SECRET = "Deployment shop/web", "ConfigMap shop/web", "Secret shop/web"
CONTAINER = "spec.template.spec.containers[web]"
ENV = f"{CONTAINER}.env[+]"
CANARY = "hunter2-canary"
LINK = f"redis://:{CANARY}@redis:6379/0"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMII"
HIDDEN = {"$secret": True}


def variable(name: str, value: object) -> dict[str, object]:
    return {"name": name, "value": value}


NAMED = ("DB_PASSWORD", "apiKey", "AZURE_CLIENT_SECRET", "redis-token", "SQL_CONNECTION_STRING_2")
INNOCENT = (
    "PASSWORD_FILE",
    "TOKEN_LIFETIME_MINUTES",
    "SECRET_NAME",
    "PWD",
    "KEYBOARD",
    "TOKENIZER",
    "PUBLIC_KEY",
    "PASSWORD_MIN_LENGTH",
)
BLANK = ("", "$(OTHER_PASSWORD)", "true", "<to be filled in>", "{{ .Values.password }}")

CASES = [
    *(
        bad(
            "secret-in-env",
            WEB,
            {ENV: variable(name, CANARY)},
            f"{CONTAINER}.env[{name}].value",
        )
        for name in NAMED
    ),
    bad(
        "secret-in-env",
        WEB,
        {ENV: variable("REDIS_URL", LINK)},
        f"{CONTAINER}.env[REDIS_URL].value",
    ),
    bad("secret-in-env", WEB, {ENV: variable("ANY", HIDDEN)}, f"{CONTAINER}.env[ANY].value"),
    *(good("secret-in-env", WEB, {ENV: variable(name, "some-value")}) for name in INNOCENT),
    *(good("secret-in-env", WEB, {ENV: variable("DB_PASSWORD", value)}) for value in BLANK),
    good("secret-in-env", WEB, {ENV: variable("REDIS_URL", "redis://redis:6379/0")}),
    good(
        "secret-in-env",
        WEB,
        {ENV: {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "web", "key": "a"}}}},
    ),
    unclear("secret-in-env", WEB, {ENV: variable("DB_PASSWORD", {"$unknown": True})}),
    bad("secret-in-config-map", MAP, {"data.DB_PASSWORD": CANARY}, "data[DB_PASSWORD]"),
    bad("secret-in-config-map", MAP, {"data.tls_key": PEM}, "data[tls_key]"),
    bad("secret-in-config-map", MAP, {"data.ANY": HIDDEN}, "data[ANY]"),
    bad(
        "secret-in-config-map",
        MAP,
        {"data.STORAGE": f"DefaultEndpointsProtocol=https;AccountKey={CANARY}"},
        "data[STORAGE]",
    ),
    *(good("secret-in-config-map", MAP, {f"data.{name}": "value"}) for name in INNOCENT),
    bad(
        "secret-in-arguments",
        WEB,
        {f"{CONTAINER}.args": ["run", f"--db-password={CANARY}"]},
        f"{CONTAINER}.args[1]",
    ),
    bad(
        "secret-in-arguments",
        WEB,
        {f"{CONTAINER}.command": ["run", "--token", CANARY]},
        f"{CONTAINER}.command[2]",
    ),
    bad("secret-in-arguments", WEB, {f"{CONTAINER}.args": [LINK]}, f"{CONTAINER}.args[0]"),
    bad("secret-in-arguments", WEB, {f"{CONTAINER}.args": [HIDDEN]}, f"{CONTAINER}.args[0]"),
    good("secret-in-arguments", WEB, {f"{CONTAINER}.args": ["--token-file=/mnt/token", "--token"]}),
    good("secret-in-arguments", WEB, {f"{CONTAINER}.args": ["--password", "$(DB_PASSWORD)"]}),
    unclear(
        "secret-in-arguments",
        WEB,
        {f"{CONTAINER}.args": ["--password", {"$unknown": True}, "run"]},
    ),
    bad("secret-in-clear", SECRET, {"stringData.DB_PASSWORD": CANARY}, "stringData[DB_PASSWORD]"),
    bad("secret-in-clear", SECRET, {"data.key": "aHVudGVyMg=="}, "data[key]"),
    good("secret-in-clear", SECRET, {"stringData": HIDDEN}),
    good("secret-in-clear", SECRET, {"stringData": {"config.json": '{"auths": "${registry}"}'}}),
    good("secret-in-clear", SECRET, {"data": {"tls.crt": "LS0t", "tls.key": HIDDEN}}),
]
