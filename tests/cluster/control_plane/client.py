"""Requests to an API server over one kept connection, as whoever one likes."""

import http.client
import json
import ssl
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any

MANAGER = "aks-platform-tests"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
_TIMEOUT_SECONDS = 30


class ApiError(Exception):
    """A request that the API server refused."""

    def __init__(self, code: int, message: str) -> None:
        """Keep HTTP status and the words of the Status object."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Api:
    """An API server as seen by its administrator, or by `user` in `groups`."""

    def __init__(
        self,
        address: str,
        authority: str,
        token: str,
        *,
        user: str = "",
        groups: tuple[str, ...] = (),
    ) -> None:
        """Take `host:port`, the file of the certificate and the administrator's token."""
        self._address, self._authority, self._token = address, authority, token
        self._local = threading.local()
        self._open: list[http.client.HTTPSConnection] = []
        self._paths: dict[tuple[str, str], tuple[str, bool]] = {}
        self.warnings: tuple[str, ...] = ()
        """What the server warned of in its last answer, as it wrote it."""
        self._as: list[tuple[str, str]] = [("Impersonate-User", user)] if user else []
        self._as += [("Impersonate-Group", group) for group in groups]

    def impersonating(self, user: str, *groups: str) -> "Api":
        """The same server, as somebody else sees it."""
        other = Api(self._address, self._authority, self._token, user=user, groups=groups)
        other._open = self._open
        return other

    def close(self) -> None:
        """Close every connection of this and of all that impersonate through it."""
        while self._open:
            self._open.pop().close()

    def request(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> Any:
        """The answer, decoded where it is JSON; raise ApiError, or OSError where nobody answers."""
        data = None if body is None else json.dumps(body)
        # The server closes a connection that was idle for 90 s; the next request finds out, and goes again.
        for again in (getattr(self._local, "connection", None) is not None, False):
            try:
                response = self._send(method, path, data, content_type)
                text = response.read().decode()
                break
            except (http.client.HTTPException, OSError) as error:
                self._drop()
                if not again:
                    raise OSError(f"{method} {path}: {error}") from error
        self.warnings = tuple(response.headers.get_all("Warning", ()))
        if response.status >= 400:
            raise ApiError(response.status, _message(text))
        is_json = "json" in response.headers.get_content_type()
        return json.loads(text) if is_json else text

    def get(self, path: str) -> Any:
        """One object or list."""
        return self.request("GET", path)

    def items(self, path: str) -> list[Any]:
        """The items of a list."""
        found: list[Any] = self.get(path)["items"]
        return found

    def path(self, manifest: Mapping[str, Any]) -> str:
        """Where the object of a manifest lies, by the server's own discovery."""
        version, kind = manifest["apiVersion"], manifest["kind"]
        base = "/api/v1" if version == "v1" else f"/apis/{version}"
        if (version, kind) not in self._paths:
            for it in self.get(base)["resources"]:
                if "/" not in it["name"]:
                    self._paths[version, it["kind"]] = (it["name"], it["namespaced"])
        try:
            plural, namespaced = self._paths[version, kind]
        except KeyError:
            raise ApiError(404, f"the server has no {kind} in {version}") from None
        metadata = manifest["metadata"]
        inside = f"/namespaces/{metadata['namespace']}" if namespaced else ""
        return f"{base}{inside}/{plural}/{metadata['name']}"

    def apply(
        self, manifest: Mapping[str, Any], *, manager: str = MANAGER, force: bool = False
    ) -> Any:
        """Apply on the server's side: unknown fields and fields that another manager owns are errors."""
        query = urllib.parse.urlencode(
            {"fieldManager": manager, "fieldValidation": "Strict", "force": str(force).lower()}
        )
        return self.request("PATCH", f"{self.path(manifest)}?{query}", manifest, APPLY)

    def events(self, path: str, since: str, until: str) -> Iterator[Any]:
        """Changes of a list after resource version `since`, up to the one that made version `until`.

        The server keeps those of the last 75 s at least; raise ApiError (410) where `since` is older than it knows.
        """
        watcher = Api(self._address, self._authority, self._token)
        query = f"{path}?watch=true&resourceVersion={since}&timeoutSeconds={_TIMEOUT_SECONDS}"
        response = watcher._send("GET", query, None, "application/json")
        try:
            while line := response.readline():
                event = json.loads(line)
                if event["type"] == "ERROR":
                    raise ApiError(event["object"]["code"], event["object"]["message"])
                yield event
                if event["object"]["metadata"]["resourceVersion"] == until:
                    return
            raise OSError(f"GET {path}: the watch ended before version {until}")
        finally:
            response.close()
            watcher.close()

    def _drop(self) -> None:
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
        self._local.connection = None

    def _send(
        self, method: str, path: str, data: str | None, content_type: str
    ) -> http.client.HTTPResponse:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            tls = ssl.create_default_context(cafile=self._authority)
            connection = http.client.HTTPSConnection(
                self._address, context=tls, timeout=_TIMEOUT_SECONDS
            )
            self._local.connection = connection
            self._open.append(connection)
        connection.putrequest(method, path)
        for name, value in (
            ("Authorization", f"Bearer {self._token}"),
            ("Content-Type", content_type),
            *self._as,
        ):
            connection.putheader(name, value)
        if data is not None:
            connection.putheader("Content-Length", str(len(data.encode())))
        connection.endheaders(None if data is None else data.encode())
        response: http.client.HTTPResponse = connection.getresponse()
        return response


def _message(text: str) -> str:
    try:
        return str(json.loads(text).get("message", text))
    except (ValueError, AttributeError):
        return text
