"""Addresses put together for a list are those that `reverse` gives."""

from __future__ import annotations

import uuid

import pytest
from django.urls import NoReverseMatch, reverse

from core.http import routes


@pytest.mark.parametrize(
    "name", ["certification:certificate", "certification:review", "certification:certificate_text"]
)
def test_each_is_what_reverse_says(name: str) -> None:
    address = routes.to_each(name)
    for pk in (uuid.uuid4(), uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)):
        assert address(pk) == reverse(name, args=[pk])


def test_a_route_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(NoReverseMatch):
        routes.to_each("certification:nothing")
