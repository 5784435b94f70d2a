"""A program that talks to the API with a token, and holds every answer against the published schema."""

from __future__ import annotations

import functools
import re
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from accounts.domain.scopes import SCOPES
from accounts.models import User
from accounts.services import tokens

BASE = "/api/v1"


@functools.cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return found


@functools.cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Each operation by its id: method, path, description."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
        if path.startswith(f"{BASE}/")
    }


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    paths = sorted(schema()["paths"], key=lambda path: path.count("{"))
    return tuple((re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), path) for path in paths)


@functools.cache
def _validator(path: str, method: str, status: int, content_type: str) -> Draft202012Validator | None:
    """None where nothing is to be said. A status or type that the schema does not know fails the test."""
    answer = schema()["paths"][path][method]["responses"].get(str(status))
    assert answer is not None, f"{method} {path} answered {status}, which the schema does not know"
    if "content" not in answer:
        return None
    assert content_type in answer["content"], f"{method} {path} {status} answered {content_type}"
    said = answer["content"][content_type]["schema"]
    return Draft202012Validator({**said, "components": schema()["components"]})


def check(method: str, path: str, response: HttpResponseBase) -> None:
    """That an answer is one that the schema promises."""
    template = next((template for pattern, template in _patterns() if pattern.fullmatch(path)), None)
    if template is None or method not in schema()["paths"][template]:
        return
    content_type = response.headers.get("Content-Type", "").partition(";")[0]
    if response.streaming or content_type in {"application/pdf", "application/cap+xml"}:
        return
    validator = _validator(template, method, response.status_code, content_type)
    if validator is not None:
        faults = [
            f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(response.json())
        ]
        assert faults == [], f"{method} {path} {response.status_code}"


class Api:
    """`user` None asks without a token. Paths are relative to /api/v1."""

    def __init__(self, user: User | None = None, *scopes: str) -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            _token, secret = tokens.create(actor=None, user=user, label="test", scopes=list(scopes or SCOPES), days=1)
            self.headers = {"Authorization": f"Bearer {secret}"}

    def ask(self, method: str, path: str, data: object = None, **query: str) -> Any:
        address = f"{BASE}{path}"
        if method == "get":
            response = self.client.get(address, query, headers=self.headers)
        elif data is None:
            response = self.client.generic(method.upper(), address, headers=self.headers)
        else:
            response = getattr(self.client, method)(
                address, data, content_type="application/json", headers=self.headers
            )
        check(method, address, response)
        return response

    def get(self, path: str, **query: str) -> Any:
        return self.ask("get", path, **query)

    def post(self, path: str, data: object = None) -> Any:
        return self.ask("post", path, data)

    def put(self, path: str, data: object = None) -> Any:
        return self.ask("put", path, data)

    def delete(self, path: str) -> Any:
        return self.ask("delete", path)

    def upload(self, path: str, **fields: object) -> Any:
        address = f"{BASE}{path}"
        response = self.client.post(address, fields, headers=self.headers)
        check("post", address, response)
        return response
