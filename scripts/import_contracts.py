"""A wall that import-linter has no contract for: which rooms of an app its neighbours may enter (house.md, section 1)."""

from __future__ import annotations

from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Another app imports only the `open_rooms` of an app in `apps`; `allowed_importers` may enter everywhere.

    A room that does not exist yet is no fault, which is why this is not a list of "protected" contracts.
    """

    type_name = "doors"

    apps = fields.ListField(subfield=fields.StringField())
    open_rooms = fields.ListField(subfield=fields.StringField())
    allowed_importers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - their signature
        wrong = [
            f"{importer} -> {module}"
            for app in self._texts(self.apps)
            for module in sorted(graph.find_descendants(app))
            if module.split(".")[1] not in self._texts(self.open_rooms)
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if importer.split(".")[0] not in {app, *self._texts(self.allowed_importers)}
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["wrong"]:
            output.print_error(line)

    @staticmethod
    def _texts(value: Any) -> list[str]:
        # import-linter replaces each field by its parsed value on the instance, which its types do not say.
        return list(value)
