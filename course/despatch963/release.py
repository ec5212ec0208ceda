"""An assignment as students get it, made from its master by nbgrader's own steps."""

import nbformat


def student_version(master: str) -> str:
    """Return the text of the notebook that students get, given the text of the master.

    These are the steps of ``nbgrader generate_assignment`` in their order, without its gradebook:
    cells locked, essays emptied, anything hidden or printed taken out.
    """
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    notebook = nbformat.reads(master, as_version=4)
    resources: dict[str, object] = {}
    for step in (
        LockCells,
        ClearSolutions,
        ClearOutput,
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ComputeChecksums,
    ):
        notebook, resources = step().preprocess(notebook, resources)
    return nbformat.writes(notebook) + "\n"
