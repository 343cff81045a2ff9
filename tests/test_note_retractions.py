"""A note states of the cited work that it is retracted: not of another one, nor of anything that can be drawn back."""

from __future__ import annotations

import pytest
from reading import note


@pytest.mark.parametrize(
    "text",
    [
        "Lee 2011. doi:10.1000/s3. One of its key references has been retracted.",
        "Lee 2011. doi:10.1000/s4. The 2012 critique (PMID 22222222) was retracted.",
        "Lee 2011. doi:10.1000/s4. The 2012 critique (retracted 2014) was wrong.",
        "PMID 21883866. Authors' 2010 Nature paper was retracted.",
        "PMID 21883866. The first author's thesis was later retracted.",
        "PMID 21883866. Penis was retracted; foreskin retracted in all patients.",
        "PMID 21883866. Retracted in all patients within 5 minutes.",
        "PMID 21883866 · rats; the tongue was retracted with sutures · n = 8",
        "PMID 21883866. Axons have been retracted by day 5.",
        "PMID 21883866 · retracted ear lobes · n = 8",
        "PMID 21883866. It cites a study that has been retracted.",
        "PMID 21883866. Reference 12 was RETRACTED.",
        "PMID 21883866. Not to be confused with the 2009 paper, which was retracted.",
        "Smith J. Prevalence of retracted articles in oncology. JAMA 2014;1:2. PMID 21883866.",
        "PMID 21883866. Three of the included trials have since been retracted.",
        "PMID 21883866. A meta-analysis that includes Boldt 2009 (retracted 2011).",
        "PMID 21883866. Was it retracted? No notice found.",
        "PMID 21883866. Axon retraction: 5 µm per hour.",
        "PMID 21883866. Retraction: measured at the gum line.",
    ],
)
def test_not_said_of_the_cited_work(text):
    assert note(text).marked_retracted is False


@pytest.mark.parametrize(
    "text",
    [
        "Lee 2011. doi:10.1000/s3. Retracted 2015.",
        "Lee 2011. doi:10.1000/s3. Retracted by the authors.",
        "Lee 2011. doi:10.1000/s3. Retracted due to image duplication.",
        "Lee 2011. doi:10.1000/s3. [Retracted]",
        "[Retracted] Lee 2011. doi:10.1000/s3.",
        "RETRACTED: Lee 2011. doi:10.1000/s3.",
        "Lee 2011 (retracted). doi:10.1000/s3.",
        "Lee J, Kim S. Title of it. Nature 2011;5:1 (now retracted). doi:10.1000/s3.",
        "Lee J, Kim S. Title of it. Nature 2011;5:1, since retracted. doi:10.1000/s3.",
        "Lee 2011. doi:10.1000/s3. This paper was retracted in 2015.",
        "Lee 2011. doi:10.1000/s3. The article has since been retracted.",
        "Lee 2011. doi:10.1000/s3. Paper retracted in 2015.",
        "Lee 2011. doi:10.1000/s3. It was retracted by the journal.",
        "Lee J, Kim S. Title of it. Nature 2011;5:1. doi:10.1000/s3. The Nature paper was retracted.",
        "Lee J et al. 2011. doi:10.1000/s3. Lee et al. 2011 has been retracted.",
        "doi:10.1000/s3 was retracted in 2015.",
        "doi:10.1000/s3 · since retracted",
        "doi:10.1000/s3 · *Nature* 2014, later retracted · n = 8",
        "Lee J. Title of it. Nature 2011;5:1. doi:10.1000/s3. Retraction in: Nature 2015;9:1. PMID 22222222",
    ],
)
def test_said_of_the_cited_work(text):
    assert note(text).marked_retracted is True


def test_a_critique_is_another_work():
    stated = note("Lee 2011. doi:10.1000/s4. The 2012 critique (PMID 22222222) was retracted.")
    assert [one.role.value for one in stated.identifiers] == ["cited", "related"]
    assert stated.primary.value == "10.1000/s4"


def test_a_critique_alone_is_what_the_note_cites():
    stated = note("Critique of the telomere clock, doi:10.1000/s4 (PMID 22222222)")
    assert [one.role.value for one in stated.identifiers] == ["cited", "cited"]
