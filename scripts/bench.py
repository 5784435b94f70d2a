"""`make bench`: every program in bench/, or those named. Each prints floor, figure and ratio, and fails over its budget."""

from __future__ import annotations

import functools
import os
import subprocess
import sys

from scripts import stages


def main(names: list[str]) -> int:
    known = sorted(path.stem for path in (stages.ROOT / "bench").glob("[a-z]*.py"))
    unknown = sorted(set(names) - set(known))
    if unknown or not known:
        print(
            f"bench: there is no {', '.join(unknown) or 'program'}; known: {', '.join(known) or 'none'}",
            file=sys.stderr,
        )
        return 2
    chosen = names or known
    return stages.sum_up([stages.run(name, functools.partial(one, name)) for name in chosen])


def one(name: str) -> tuple[bool, str]:
    command = [sys.executable, "-m", f"bench.{name}"]
    return subprocess.run(command, cwd=stages.ROOT, env={**os.environ}, check=False).returncode == 0, ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
