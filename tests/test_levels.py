"""What was studied: people, animals, or cells and tissue of people."""

from __future__ import annotations

import pytest
from reading import note

from evidence.audit.designs import find_level
from evidence.levels import find_organisms
from evidence.vocabulary import Design


@pytest.mark.parametrize(
    ("text", "organisms"),
    [
        ("human cells (IR-treated)", "human cells"),
        ("human fibroblasts", "human cells"),
        ("cultured human keratinocytes/fibroblasts", "human cells"),
        ("human umbilical vein endothelial cells", "human cells"),
        ("human breast cancer cell lines", "human cells"),
        ("human iPSC-derived neurons", "human cells"),
        ("primary human DCs (3 donors)", "human cells"),
        ("fibroblasts from six healthy donors", "human cells"),
        ("patients' fibroblasts", "human cells"),
        ("human and rat hepatocytes", "human cells, rat"),
        ("human + mouse cell lines; mouse xenograft", "human cells, mouse"),
        ("IMR90 human lung fibroblasts; mice", "human cells, mouse"),
        ("HUVEC", ""),
        ("human tissue", "human tissue"),
        ("human femoral condyle explants", "human tissue"),
        ("human AML PDX", "human tissue"),
        ("patient-derived xenograft in mice", "mouse"),
        ("patient derived xenografts in nude mice", "human tissue, mouse"),
        ("humanized mice", "mouse"),
        # People, whatever was taken from them besides.
        ("human volunteers and their PBMCs", "human"),
        ("human cohort + human fibroblasts", "human"),
        ("human skin biopsies + fibroblast culture", "human"),
        ("human muscle biopsies", "human"),
        ("healthy male donors", "human"),
        ("human stem cell transplant recipients", "human"),
        ("patients with B cell lymphoma", "human"),
        ("human breast cancer patients; cell count", "human"),
        ("human and mouse", "human, mouse"),
        ("human genetics", "human"),
    ],
)
def test_people_are_told_from_their_cells_and_tissue(text, organisms):
    assert ", ".join(find_organisms(text)) == organisms


@pytest.mark.parametrize("name", ["human cells", "human tissue", "mouse, human cells", "human tissue, mouse", "human"])
def test_names_of_organisms_are_read_as_they_are_written(name):
    assert ", ".join(find_organisms(name)) == name


@pytest.mark.parametrize(
    ("stated", "level"),
    [
        ("in-vitro + in-vivo · model: human cells (IR-treated)", None),
        ("in-vivo · model: human fibroblasts", None),
        ("in-vivo · model: HUVEC", None),
        ("in-vivo · model: human tissue", None),
        ("in-vivo · model: patient-derived xenograft in mice", "animal"),
        ("in-vivo · model: humanized mice", "animal"),
        ("in-vitro + in-vivo · model: human tumor cell lines + nude mice", "animal"),
        ("in-vivo (cardiomyocyte-specific KO mouse) + human heart failure tissue", "animal"),
        ("in-vitro · model: human fibroblasts", "cells"),
        ("ex-vivo human tissue", "cells"),
        ("in-vivo · model: human volunteers", "human"),
        ("in-vivo + in-vitro · model: aged human skin biopsies + human dermal fibroblasts", "human"),
        ("in-vivo · model: mice and human volunteers", "mixed"),
        # A trial or cohort studies people, also by their cells.
        ("rct · model: human PBMCs", "human"),
        ("cohort · model: human leukocytes", "human"),
    ],
)
def test_level_of_a_note_about_cells_of_people(stated, level):
    found = note(f"doi:10.1000/a1 · {stated}").level
    assert (found and found.value) == level


@pytest.mark.parametrize(
    ("designs", "organism", "mesh", "level"),
    [
        # MeSH says "Humans" of their cells too.
        ([Design.IN_VITRO, Design.IN_VIVO], "human cells", ["Humans"], "cells"),
        ([Design.IN_VITRO, Design.IN_VIVO], "human cells", ["Humans", "Animals", "Mice"], "animal"),
        ([Design.IN_VIVO], "human tissue", [], "unknown"),
        ([], "human cells", ["Humans"], "cells"),
        ([Design.IN_VIVO], "human", ["Humans", "Animals"], "human"),
        ([Design.RCT], "human cells", ["Humans"], "human"),
        ([], None, ["Humans"], "human"),
    ],
)
def test_level_of_a_work_about_cells_of_people(designs, organism, mesh, level):
    assert find_level(designs, organism, mesh).level.value == level
