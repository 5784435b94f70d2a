from __future__ import annotations

import re

import pytest

from certification.domain import ornaments

NUMBER = re.compile(r"-?\d+\.\d\d")


@pytest.mark.parametrize("kind", ["general", "special", "stage"])
def test_every_stroke_is_on_the_page(kind: str) -> None:
    drawn = ornaments.frame(kind)
    paths = re.findall(r' d="([^"]+)"', drawn)
    numbers = [float(number) for path in paths for number in NUMBER.findall(path)]
    across, down = numbers[0::2], numbers[1::2]
    assert min(across) > 7
    assert max(across) < ornaments.WIDTH - 7
    assert min(down) > 7
    assert max(down) < ornaments.HEIGHT - 7


def test_the_kinds_differ_and_each_is_always_the_same() -> None:
    frames = [ornaments.frame(kind) for kind in ("general", "special", "stage")]
    assert len(set(frames)) == 3
    ornaments.frame.cache_clear()
    assert [ornaments.frame(kind) for kind in ("general", "special", "stage")] == frames
