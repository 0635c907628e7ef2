"""One more rule for import-linter: an app enters another app by its front door only."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FrontDoor(Contract):
    """``regie.apps.a.x`` may import ``regie.apps.b`` only through the listed modules."""

    apps = fields.ModuleField()
    doors = fields.ListField(subfield=fields.StringField())
    vocabulary = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root: str = self.apps.name  # type: ignore[attr-defined]
        through_the_wall = []
        for imported in sorted(graph.find_descendants(root)):
            if self._is_open(imported.removeprefix(root + ".")):
                continue
            app = f"{root}.{imported.removeprefix(root + '.').partition('.')[0]}"
            for importer in sorted(graph.find_modules_that_directly_import(imported)):
                if importer != app and not importer.startswith(app + "."):
                    through_the_wall.append((importer, imported))
        return ContractCheck(
            kept=not through_the_wall, metadata={"through_the_wall": through_the_wall}
        )

    def _is_open(self, module: str) -> bool:
        app, _, inside = module.partition(".")
        door = inside.partition(".")[0]
        doors: list[str] = self.doors  # type: ignore[assignment]
        vocabulary: list[str] = self.vocabulary or []  # type: ignore[assignment]
        return not inside or door in doors or f"{app}.{door}" in vocabulary

    def render_broken_contract(self, check: ContractCheck) -> None:
        doors = ", ".join(self.doors)  # type: ignore[arg-type]
        for importer, imported in check.metadata["through_the_wall"]:
            output.print_error(f"{importer} imports {imported}: go through {doors}.", bold=False)
