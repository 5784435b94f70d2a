"""`make bench` runs every program in bench/ whose name has no underscore before it: each has to be one."""

from __future__ import annotations

from scripts.stages import ROOT


def test_what_is_run_as_a_benchmark_is_a_program() -> None:
    programs = [path for path in (ROOT / "bench").glob("[a-z]*.py") if not path.name.startswith("_")]
    assert len(programs) == 7
    assert [path.name for path in programs if 'if __name__ == "__main__":' not in path.read_text()] == []
