"""A document signed (PAdES B-B, P-256, key held in the process), as a ratio to laying a plain page out.

Laying out is what no signature makes superfluous. The page here is much plainer than a certificate, which takes several
times as long; half of it is the budget. RSA of 3072 bits is measured beside it, since an authority may bring such a key.
Run by `make bench`.
"""

from __future__ import annotations

import sys

from bench import (
    _ready,  # noqa: F401 - before whatever needs Django
    _signing,
)

if __name__ == "__main__":
    sys.exit(_signing.main())
