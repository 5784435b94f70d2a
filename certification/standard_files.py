"""Reads the file of a standard, YAML or JSON, and reports everything that is wrong with it, each fault with its place.

The JSON schema finds faults of shape; `certification.domain.standard_checks` finds those of sense.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from certification.domain import standard_checks
from certification.domain.standard import Standard, StandardError
from core import strict_json, strict_yaml
from core.domain.faults import Fault, FaultsError, key_place, shown, within

__all__ = ["LARGEST_FILE", "StandardFile", "parse_standard"]

LARGEST_FILE: Final = 4 * 1024 * 1024
_SCHEMA_PATH: Final = Path(__file__).parent / "standards" / "standard.schema.json"
_MOST_FAULTS: Final = 200


@dataclass(frozen=True, slots=True)
class StandardFile:
    """`document` is what is stored and hashed; `standard` is what is scored by."""

    document: dict[str, Any]
    standard: Standard


def parse_standard(data: bytes, *, name: str, for_publication: bool = False) -> StandardFile:
    """Raises StandardError with every fault. `name` is the file's: its ending tells JSON from YAML.

    `for_publication` also refuses what a score can do without but a certificate cannot: validity that leaves a subject
    without an end date, a mandatory criterion without a remedy, guidance without a source, a floor above its pass mark.
    """
    document = _read(data, name)
    if not isinstance(document, dict):
        raise StandardError([Fault(name, f"This is {shown(document)}, not a standard.")])
    sense = standard_checks.faults_of(document)
    if for_publication:
        sense += standard_checks.publication_faults(document)
    faults = [*_shape_faults(document), *sense]
    if faults:
        raise StandardError(_in_order(faults))
    return StandardFile(document, Standard.from_dict(document))


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    found = list(dict.fromkeys(faults))
    if len(found) > _MOST_FAULTS:
        return [*found[:_MOST_FAULTS], Fault("", f"There are {len(found) - _MOST_FAULTS} more faults.")]
    return found


def _read(data: bytes, name: str) -> object:
    if len(data) > LARGEST_FILE:
        raise StandardError([Fault(name, f"This file is larger than {LARGEST_FILE:,} bytes.")])
    suffix = Path(name).suffix.lower()
    # Without a telling name: JSON opens with a brace, and a YAML file of a standard hardly ever does.
    as_json = suffix == ".json" or (suffix not in {".yaml", ".yml"} and data.lstrip().startswith(b"{"))
    try:
        return strict_json.loads(data) if as_json else strict_yaml.loads(data)
    except FaultsError as error:
        raise StandardError(within(name, error.faults)) from error


def _is_whole(_: TypeChecker, value: object) -> bool:
    """JSON Schema takes 3.0 for an integer; a weight or a level is written without a point."""
    return isinstance(value, int) and not isinstance(value, bool)


@functools.cache
def _validator() -> Draft202012Validator:
    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
    strict = extend(Draft202012Validator, type_checker=checker)  # type: ignore[no-untyped-call]
    schema = json.loads(_SCHEMA_PATH.read_text(encoding="utf-8"))
    # Expressions are read by certification.domain.expressions, which refuses all that the schema refuses, says where,
    # and stands any depth. A choice of four shapes that call themselves fails in the schema without saying why.
    schema["$defs"]["when"] = {}
    found: Draft202012Validator = strict(schema)
    return found


def _shape_faults(document: dict[str, Any]) -> Iterator[Fault]:
    for error in _validator().iter_errors(document):
        path = list(error.absolute_path)
        place = _place(path)
        name = _criterion_code(document, path)
        for inner, message in _said(error):
            yield Fault(place + inner if place or not inner else inner.lstrip("."), f"{name}{message}")


def _place(path: Iterable[str | int]) -> str:
    place = ""
    for step in path:
        place = f"{place}[{step}]" if isinstance(step, int) else key_place(place, step)
    return place


def _criterion_code(document: Mapping[str, Any], path: list[str | int]) -> str:
    """The code as a prefix of the message, when the path leads into a criterion that has one."""
    match path:
        case ["sections", int(section), "criteria", int(criterion), *_]:
            code = document["sections"][section]["criteria"][criterion]
            code = code.get("code") if isinstance(code, Mapping) else None
            return f"{shown(code)[1:-1]}: " if isinstance(code, str) else ""
    return ""


_TYPES: Final = {
    "object": "an object",
    "array": "a list",
    "string": "text (put it in quotes)",
    "integer": "a whole number",
    "boolean": "true or false",
}
_SIMPLE: Final[Mapping[str, Callable[[Any, Any], str]]] = {
    "type": lambda value, wanted: f"{shown(value)} is not {_TYPES.get(wanted, wanted)}.",
    "enum": lambda value, wanted: f"{shown(value)} is not one of {', '.join(wanted)}.",
    "pattern": lambda value, wanted: f"{shown(value)} does not have the form {wanted}.",
    "minimum": lambda value, wanted: f"{shown(value)} is less than {wanted}.",
    "maximum": lambda value, wanted: f"{shown(value)} is more than {wanted}.",
    "minLength": lambda _, __: "This text is empty.",
    "minItems": lambda _, wanted: f"This list needs {wanted} or more entries.",
    "maxItems": lambda _, wanted: f"This list may have {wanted} entries at most.",
}


def _said(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Pairs of what to add to the place, and the message."""
    rule, value = str(error.validator), error.instance
    wanted: Any = error.validator_value
    if rule == "required":
        # One error for each missing key; the key is only in the library's message, in quotes.
        missing = next(key for key in wanted if error.message.startswith(repr(key)))
        yield f".{missing}", "This is missing."
    elif rule == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        for key in value if isinstance(value, Mapping) else ():
            if key not in known:
                yield key_place(".", key).replace("..", ".", 1), "This key is not known here."
    elif rule == "oneOf":
        yield "", "Give exactly one of months and until."
    elif rule in _SIMPLE:
        yield "", _SIMPLE[rule](value, wanted)
    else:
        yield "", f"{shown(value)} does not fit the schema ({rule})."
