"""People and views behind a statement: "unlike Lee et al.", "contra Lee 2012", "but not by Lee", "a view that others dispute".

`+` supports, `-` speaks against it, `m` mentions; a sign for each mark, in order.
"""

from __future__ import annotations

import pytest
from reading import claims
from test_polarity import NOTES, signs

AGAINST = [
    ("KL falls with age [^a]; [^b] is a failed replication.", "+-"),
    ("KL falls with age [^a], despite a failed replication [^b].", "+-"),
    ("KL falls with age despite a failed replication [^b].", "-"),
    ("KL falls with age [^a] (failed replication: [^b]).", "+-"),
    ("KL falls with age,[^a] but two later failed replications.[^b][^c]", "+--"),
    ("KL falls with age [^a], whereas Egerman et al. found no such effect [^b].", "+-"),
    ("KL falls with age [^a], while Egerman 2015 found no such effect [^b].", "+-"),
    ("KL falls with age [^a], while a larger trial found no such fall [^b].", "+-"),
    ("KL falls with age [^a], whereas two trials found no effect [^b].", "+-"),
    ("KL falls with age [^a]; Weber 2012 found no such effect [^b].", "+-"),
    ("KL falls with age [^a], whereas Weber 2012 did not see it [^b].", "+-"),
    ("Bone falls, as replicated by Brown[^b] but not by Clark[^c].", "+-"),
    ("X lengthens life,[^a] as replicated by Brown[^b] but not by Clark[^c].", "++-"),
    ("X lengthens life [^a], replicated by Brown 2012 [^b] but not by Clark 2014 [^c].", "++-"),
    ("X lengthens life [^a], which was confirmed by Brown et al. [^b] but not by Clark et al. [^c].", "++-"),
    ("X lengthens life, as found by Brown [^b] but not by Clark [^c] or Davis [^d].", "+--"),
    ("X lengthens life[^a], unlike Davis et al.[^d].", "+-"),
    ("X lengthens life,[^a] unlike Davis 2010 [^d].", "+-"),
    ("X lengthens life in men [^a] (unlike Davis et al. 2010 [^d]).", "+-"),
    ("Kim found a loss [^a], unlike Lee and colleagues [^b].", "+-"),
    ("Bone is lost with age [^a], contra Brown 2006 [^b].", "+-"),
    ("Bone is lost with age (contra Brown 2006 [^b]).", "-"),
    ("Bone is lost with age [^a] (contra Brown 2006 [^b]).", "+-"),
    ("Bone is lost with age [^a] (contra Brown et al. 2006 [^b]; Lee 2010 [^c]).", "+--"),
    ("Bone is lost with age, contra Brown et al. [^b].", "-"),
    ("Bone is lost with age [^a] (contra Brown and Lee 2006 [^b]).", "+-"),
    ("X lengthens life [^a] (see Brown et al. for a negative result [^b]).", "+-"),
    ("X lengthens life [^a]; for null results see [^b].", "+-"),
    ("X lengthens life [^a] (for a null result see Brown 2006 [^b]).", "+-"),
    ("X lengthens life [^a]; see [^b] for a negative result.", "+-"),
    ("X lengthens life [^a] (see [^b] for null findings).", "+-"),
    ("X lengthens life [^a]; see Brown et al. for a failed replication [^b].", "+-"),
    ("Bone is lost with age,[^a] a view that others dispute [^b].", "+-"),
    ("Bone is lost with age [^a], a claim which Brown et al. dispute [^b].", "+-"),
    ("Bone is lost with age [^a], a conclusion several groups have challenged [^b].", "+-"),
    ("Bone is lost with age [^a], an idea that later work contradicts [^b].", "+-"),
    ("Bone falls, as first reported by Lee[^a] but not by Park[^b].", "+-"),
    ("Bone falls, as reported by Lee et al. [^a] but not by Park et al. [^b].", "+-"),
    ("X falls, as claimed by Kim [^a], but not by Weber [^b].", "+-"),
    ("Bone is lost[^a], unlike Davis et al. (2010)[^b] and Lee et al. (2012)[^c].", "+--"),
    ("X lengthens life, unlike Davis et al. [^a].", "-"),
    ("X lengthens life, contra the findings of Brown [^a].", "-"),
    ("X lengthens life, contra Brown [^a].", "-"),
    ("Contra Brown 2006 [^b], X lengthens life [^a].", "-+"),
    ("Contra Brown (2006),[^b] X lengthens life.[^a]", "-+"),
    ("X lengthens life [^a]; contra Brown & Lee (2006) [^b].", "+-"),
    ("X lengthens life [^a] (pace Lee 2010; contra Brown 2006 [^b]).", "+-"),
    ("X lengthens life [^a]; for a negative trial, see Lee et al. 2012 [^b].", "+-"),
    ("X lengthens life [^a]; for failed replications see [^b][^c].", "+--"),
    ("X lengthens life [^a] (see Lee 2012 for a failure to replicate in women [^b]).", "+-"),
    ("X lengthens life [^a]; see [^b] and [^c] for null results.", "+--"),
    ("X lengthens life [^a] (see [^b] for null results in flies).", "+-"),
    ("Bone is lost with age, a view that others dispute [^a].", "-"),
    ("Bone is lost with age [^a] — a finding that two later trials have refuted [^b].", "+-"),
    ("Bone is lost with age [^a] (a claim that Brown 2006 has rejected [^b]).", "+-"),
    ("Bone is lost with age,[^a] the interpretation others have questioned.[^b]", "+-"),
    ("Bone is not lost [^a], a model that the data reject [^b].", "+-"),
]

NEAR = [
    # What is copied in cells, and what a failed replication led to.
    ("Cells arrest after a failed replication of DNA [^a].", "+"),
    ("HIV is cleared despite a failed replication [^a].", "+"),
    ("A failed replication [^b] led to a larger trial, which found a fall [^a].", "++"),
    ("The trial was no failed replication [^a].", "+"),
    # Of others, or beside a statement that says the same.
    ("KL falls in mice [^a], whereas human studies found no effect [^b].", "++"),
    ("KL falls with age [^a]; controls found no effect [^b].", "++"),
    ("KL has no effect [^a], whereas two trials found no effect [^b].", "++"),
    ("KL falls in mice [^a]; Weber 2012 found a fall in rats [^b].", "++"),
    ("Vitamin D rarely improves strength [^a]; for null results, see [^b].", "+m"),
    ("Vitamin D is of little use in fracture prevention [^a] (for null results see [^b]).", "+m"),
    ("The benefit of metformin vanished at two years [^a]; for null results, see [^b].", "+m"),
    ("Glucose uptake rises as reported by Smith in response to Insulin [^a] but not by Leptin [^b].", "++"),
    # How a study was done is no finding.
    ("Kim infused it into the brain [^a], unlike Weber et al. [^b].", "++"),
    ("Kim injected old mice [^a], unlike Weber et al. [^b].", "++"),
    ("Rapamycin is given daily [^a], unlike Weber et al. [^b].", "++"),
    ("Bone was scanned by micro-CT [^a], unlike Weber et al. [^b].", "++"),
    ("Rapamycin was encapsulated [^a], unlike Weber et al. [^b].", "++"),
    ("X is induced by insulin [^a] but not by glucagon [^b].", "++"),
    ("Bone falls in mice [^a] but not in rats [^b].", "++"),
    ("Autophagy is induced by Torin [^a] but not by Rapamycin [^b].", "++"),
    ("p53 is stabilised by Nutlin[^a] but not by Mdm2[^b].", "++"),
    ("Bone is lost in Denmark [^a] but not in Norway [^b].", "++"),
    ("The mutant is bound by Sirt1 [^a] but not by Sirt6 [^b].", "++"),
    ("The signal was confirmed by PCR [^a] but not by Western blot [^b].", "++"),
    ("The variant was replicated in Europeans [^a] but not in Asians [^b].", "++"),
    ("X lengthens life,[^a] unlike Rapamycin [^d].", "++"),
    ("X lengthens life [^a], unlike metformin [^b].", "++"),
    ("Mice lose bone [^a], unlike rats [^b].", "++"),
    ("MFF binds Drp1 [^a], unlike FIS1 [^b].", "++"),
    ("Iran-Contra affairs were studied in Brown 2006 [^b].", "+"),
    ("The contra lateral side was lost [^b].", "+"),
    ("X lengthens life [^a]; for the negative regulators see [^b].", "+m"),
    ("X has no effect on life [^a]; for null results in flies see [^b].", "+m"),
    ("X lengthens life [^a]; see [^b] for a negative feedback loop.", "+m"),
    ("The test was positive [^a] (see [^b] for negative controls).", "+m"),
    ("Bone is lost with age [^a], a view that others share [^b].", "++"),
    ("Bone is lost with age [^a], a process that others dispute the name of [^b].", "++"),
    ("Whether others dispute the view is not known [^b].", "+"),
    ("Bone is lost with age [^a], a view that nobody disputes [^b].", "++"),
    ("Bone is lost with age [^a], a view that few dispute [^b].", "++"),
    ("Bone falls, as shown by Western blot[^a] but not by Northern blot[^b].", "++"),
    ("Bone falls, as confirmed by Sanger[^a] but not by Illumina[^b].", "++"),
    ("Loss is reproduced by Torin [^a] but not by Everolimus [^b].", "++"),
    ("Growth is blocked, as proposed by Kim [^a], by Torin [^c] but not by Everolimus [^b].", "+++"),
    (
        "The factor is needed, as suggested by Kim[^a], and made by Sertoli cells[^b] but not by Leydig cells[^c].",
        "+++",
    ),
    ("Kim used men [^a], unlike Davis et al. [^b].", "++"),
    ("The trial was blinded [^a], unlike Davis et al. [^b].", "++"),
    ("Kim and Lee measured telomeres by FISH [^a] (unlike Davis 2010 [^b]).", "++"),
    ("Mice were fed from birth [^a], unlike Davis et al. [^b].", "++"),
    ("X lengthens life [^a], not unlike Davis et al. [^b].", "++"),
    ("X lengthens life [^a], unlike Davis et al. [^b], who used men.", "++"),
    ("Kim et al. [^a], unlike Lee et al. [^b], enrolled women.", "++"),
    ("Deaths fall in Denmark [^a], unlike Norway [^b].", "++"),
    ("The contralateral kidney grows, as in Brown 2006 [^b].", "+"),
    ("X is pro- and contra-indicated in men [^a], in women Brown 2006 [^b].", "++"),
    ("The pro and contra of Brown 2006 [^b].", "+"),
    ("Views on pro and contra Brown 2006 lists [^b].", "+"),
    ("X does not lengthen life [^a]; see [^b] for a negative trial.", "+m"),
    ("X has no effect on life [^a] (see Brown et al. for a null result [^b]).", "++"),
    ("X lengthens life [^a]; for negative controls see [^b].", "+m"),
    ("X lengthens life [^a]; for the null model see [^b].", "+m"),
    ("X lengthens life [^a]; see Figure 2 for null results.[^b]", "++"),
    ("X lengthens life [^a]; for null results see also [^b].", "+m"),
    ("X lengthens life [^a]; we see a negative result [^b].", "++"),
    ("Bone is lost with age [^a], a view that Kim did not dispute [^b].", "++"),
    ("Bone is lost with age [^a], a view that no later trial has refuted [^b].", "++"),
    ("Bone is lost with age [^a], a view that others dispute in mice [^b].", "++"),
    ("Lee rejects a view that others hold [^b].", "+"),
    ("Kim tested the hypothesis that others rejected [^b].", "+"),
    ("It is a view that they question [^b].", "+"),
]


@pytest.mark.parametrize(("text", "expected"), [*AGAINST, *NEAR])
def test_people_and_views_behind_a_statement(text, expected):
    assert signs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bone is lost with age, a view that others dispute [^a].", ["opposes"]),
        ("Bone is lost with age (contra Brown 2006 [^a]).", ["opposes"]),
        ("Bone is lost with age,[^a] unlike Davis et al.[^b]", ["supports", "opposes"]),
        ("Bone is lost with age [^a]; for null results see [^b].", ["supports", "opposes"]),
        ("Bone is lost, as replicated by Brown[^a] but not by Clark[^b].", ["supports", "contrasts"]),
    ],
)
def test_what_a_statement_is_set_against_opposes_it(text, expected):
    (claim,) = claims(f"{text}\n\n{NOTES}")
    assert [one.polarity.value for one in claim.citations] == expected


def test_name_alone_is_of_people_where_the_key_of_its_mark_has_it():
    text = "Bone is lost in men, shown by Brown[^a] but not by Clark[^{}].\n\n[^{}]: doi:10.1000/c\n"
    for key, expected in (("clark2014", "contrasts"), ("c", "supports")):
        (claim,) = claims(f"{text.format(key, key)}\n{NOTES}")
        assert claim.citations[1].polarity.value == expected
