"""What may be uploaded: decided by the name's ending, by the first bytes and by reading the file as what it claims to be."""

from core.uploads.inspection import ACCEPT, EXTENSIONS, Inspected, inspect

__all__ = ["ACCEPT", "EXTENSIONS", "Inspected", "inspect"]
