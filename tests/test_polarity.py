"""What the words around a mark say of it. `+` supports, `-` contrasts, `m` mentions; a sign for each mark, in order."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import claims

from evidence.extract.forms.layout import Mark
from evidence.extract.places import find_places
from evidence.extract.polarities import read_polarities

SIGNS = {"supports": "+", "contrasts": "-", "opposes": "-", "mentions": "m"}


NOTES = "".join(f"[^{key}]: rct · doi:10.1000/{key}\n" for key in "abcd")


def signs(text):
    found = claims(f"{text}\n\n{NOTES}")
    return "".join(SIGNS[one.polarity.value] for claim in found for one in claim.citations)


CONTRASTS = [
    # The preposition is said again of each.
    ("Bone falls,[^a] at odds with [^b] and with [^c].", "+--"),
    ("Bone falls,[^a] contrary to [^b], and to [^c].", "+--"),
    ("Bone falls,[^a] contrary to Lee 2012 [^b] and to Park 2013 [^c].", "+--"),
    # The mark is the subject.
    ("Bone falls,[^a] but [^b] contradicts this.", "+-"),
    ("Bone falls,[^a] but [^b] failed to replicate it.", "+-"),
    ("Bone falls[^a], but [^b] did not replicate this.", "+-"),
    ("Bone falls [^a]; however, [^b] was unable to reproduce the finding.", "+-"),
    ("Bone falls,[^a] but [^b] found no effect.", "+-"),
    ("Bone falls,[^a] but [^b] found no such effect in rats.", "+-"),
    ("Bone falls,[^a] although [^b] did not find this.", "+-"),
    ("Bone falls,[^a] whereas [^b] disputes the claim.", "+-"),
    ("Bone falls,[^a] yet [^b] refutes it.", "+-"),
    ("Bone falls,[^a] but [^b] has challenged this view.", "+-"),
    ("Bone falls,[^a] but [^b] later challenged this.", "+-"),
    ("Bone falls,[^a] but [^b], however, disputes this.", "+-"),
    ("Bone falls,[^a] but [^b] could not reproduce it in rats.", "+-"),
    ("Bone falls,[^a] but [^b] disagrees.", "+-"),
    ("Bone falls,[^a] but [^b] calls this into question.", "+-"),
    ("Bone falls,[^a] but [^b] casts doubt on it.", "+-"),
    ("Bone falls,[^a] but [^b][^c] contradict this.", "+--"),
    ("Bone falls,[^a] but [^b] and [^c] failed to replicate it.", "+--"),
    ("Bone falls,[^a] but [^b], [^c] and [^d] contradict this.", "+---"),
    ("Bone falls,[^a] but Weber 2020 [^b] contradicts this.", "+-"),
    ("Bone falls,[^a] but Weber et al. [^b] failed to replicate the loss.", "+-"),
    ("Bone falls,[^a] but a larger trial[^b] failed to replicate this.", "+-"),
    ("Bone falls,[^a] but two later trials[^b] found no effect.", "+-"),
    ("Bone falls.[^a] However, [^b] failed to replicate it.", "+-"),
    ("Bone falls.[^a] Weber 2020[^b] disputes this.", "+-"),
    ("Bone falls (as Kim found[^a]), but [^b] contradicts that.", "+-"),
    ("Bone falls,[^a] but [^b] contradicts [^a].", "+-m"),
    ("Bone falls,[^a] but [^b] failed to replicate the finding of [^a].", "+-m"),
    ("[^a] challenges this model: the complex forms without it.", "-"),
    ("Bone falls,[^a] but [Weber](https://doi.org/10.1000/w) contradicts this.", "+-"),
    ("Bone falls (Kim 2019 [^a]), but Weber [^b] and Lee [^c] failed to replicate it.", "+--"),
    ("Bone falls.[^a] [^b] contradicts this.", "+-"),
    ("Bone falls,[^a] which [^b] contradicts.", "+-"),
    ("Bone falls,[^a] a finding that [^b] failed to replicate.", "+-"),
    ("Bone falls,[^a] but [^b] reported the opposite.", "+-"),
    ("Bone falls,[^a] but **[^b]** contradicts this.", "+-"),
    ("Bone falls,[^a] but [[studies/weber]][^b] contradicts this.", "+-"),
    ("Bone falls (PMID 12345678), but PMID 12345679 contradicts this.", "+-"),
    ("Bone falls,[^a] but the same group[^b] was later unable to confirm the effect.", "+-"),
    ("Bone falls;[^a] [^b] did not replicate this; [^c] did.", "+-+"),
    ("Bone falls,[^a] but [^b] contradicts this, and muscle falls too.[^c]", "+-+"),
    # The mark closes the clause.
    ("Bone falls[^a] (not replicated: [^b]).", "+-"),
    ("Bone falls [^a]; not replicated [^b].", "+-"),
    ("Bone falls[^a] (challenged by [^b]).", "+-"),
    ("Bone falls,[^a] but attempts to replicate it failed.[^b]", "+-"),
    ("Bone falls,[^a] but could not be replicated.[^b]", "+-"),
    ("Bone falls,[^a] but this could not be replicated.[^b]", "+-"),
    ("Bone falls,[^a] but was not reproduced in a larger trial.[^b]", "+-"),
    ("The loss of bone[^a] was not replicated in rats.[^b]", "+-"),
    ("Bone falls,[^a] but has been challenged.[^b]", "+-"),
    ("Bone falls,[^a] but this was challenged by others.[^b]", "+-"),
    ("Bone falls,[^a] but this has been challenged by Weber.[^b]", "+-"),
    ("Bone falls,[^a] but failed to be reproduced.[^b]", "+-"),
    ("Bone falls,[^a] but Weber contradicts this.[^b]", "+-"),
    ("Bone falls[^a] (contradicted by [^b]).", "+-"),
    ("Bone falls[^a] (contradicted by [^b] and [^c]).", "+--"),
    ("Bone falls,[^a] contradicting earlier work.[^b]", "+-"),
    ("Bone falls,[^a] but a larger trial found no effect.[^b]", "+-"),
    ("Bone falls,[^a] but Weber et al. did not find this effect.[^b]", "+-"),
    ("Bone falls in [^a] but not in [^b].", "+-"),
    ("Bone falls,[^a] but in a larger trial it rose, which contradicts this.[^b]", "+-"),
    ("Bone falls,[^a] but Weber disagrees with this.[^b]", "+-"),
    ("Bone falls,[^a] but later work calls this into question.[^b]", "+-"),
    ("Bone falls.[^a] This is contradicted by Weber 2020.[^b]", "+-"),
    ("Bone falls.[^a] The finding was not replicated by Weber.[^b]", "+-"),
    ("Bone falls in mice, but [^a] failed to replicate it in people.", "-"),
    # The verb is left out.
    ("Bone falls,[^a] but [^b] did not.", "+-"),
    ("Bone falls,[^a] whereas [^b] did not.", "+-"),
    ("Bone falls,[^a] but Weber et al.[^b] did not.", "+-"),
    ("Bone falls,[^a] but a larger trial did not.[^b]", "+-"),
    ("Bone falls,[^a] although Weber et al. did not [^b].", "+-"),
    # One mark stands beside the other, and begins the next part of the sentence.
    ("Bone falls [^a]; [^b] contradicts this.", "+-"),
    ("Bone falls [^a]; [^b] found the opposite.", "+-"),
    ("Bone falls [^a]; [^b] did not.", "+-"),
    # The work is what the sentence sets itself against.
    ("Bone falls in mice,[^a] contrary to [^b].", "+-"),
    ("Bone falls in mice[^a] (in contrast to [^b]).", "+-"),
    ("Bone falls in mice,[^a] in contrast to [^b][^c].", "+--"),
    ("Bone falls in mice,[^a] unlike [^b].", "+-"),
    ("Bone falls[^a] (contra [^b]).", "+-"),
    ("Bone falls ([^a]), but [^b] did not.", "+-"),
    ("Bone falls ([^a]), but [^b] found no effect.", "+-"),
    ("Bone falls ([^a]), but a larger trial did not ([^b]).", "+-"),
    ("Contrary to [^a], bone falls in mice.[^b]", "-+"),
    ("In contrast to earlier reports [^a], bone falls in mice [^b].", "-+"),
    ("Contrary to an earlier trial by Weber et al. [^a], bone falls [^b].", "-+"),
    ("In marked contrast with Weber et al. (2019) [^a], bone falls [^b].", "-+"),
    ("These results[^a] are at odds with those of Weber et al.[^b]", "+-"),
    ("Contrary to [^a], [^b] showed that bone falls.", "-+"),
    ("Bone falls ([^a]), and [^b] could not confirm it.", "+-"),
    ("Bone falls,[^a] but failed to replicate in a larger trial.[^b]", "+-"),
    ("Bone falls,[^a] which is inconsistent with earlier findings.[^b]", "+-"),
    ("Bone falls, in conflict with PMID 12345678.", "-"),
    # The comma before the mark ends the clause that it closes.
    ("Although one trial failed to replicate the loss,[^a] three others confirmed it.[^b][^c]", "-++"),
    ("Although one trial failed to replicate the loss[^a], three others confirmed it.[^b][^c]", "-++"),
    ("Although a trial contradicts this,[^a] bone falls.[^b]", "-+"),
    ("Although this was refuted,[^a] bone falls.[^b]", "-+"),
    ("While one group disputes this,[^a] most agree.[^b]", "-+"),
    # The verb stands behind marks with names.
    ("Bone falls;[^a] Lee 2012[^b] and Park 2013[^c] found no effect.", "+--"),
    ("Bone falls (Kim 2011[^a]; Lee 2012[^b] and Park 2013[^c] found no effect).", "+--"),
    ("Bone falls,[^a] but [^b] and [^c] found no effect.", "+--"),
    ("Bone falls,[^a] but one trial ([^b]; [^c]) did not.", "+--"),
    ("Bone falls,[^a] but two trials (Lee[^b]; Park et al.[^c]) contradict this.", "+--"),
    ("Bone falls (Kim 2011[^a], Lee 2012[^b]), but two trials (Park[^c]; Weber[^d]) contradict this.", "++--"),
    ("Bone falls,[^a] which a larger trial[^b] did not confirm.", "+-"),
    ("Bone falls,[^a] a finding that Lee 2012[^b] disputes.", "+-"),
    # The verb is left out.
    ("Bone falls,[^a] never reproduced since.[^b][^c]", "+--"),
    ("Bone falls,[^a] though not replicated.[^b][^c]", "+--"),
    ("Bone falls,[^a] but was never replicated.[^b]", "+-"),
    ("Bone falls,[^a] but not independently reproduced since (Lee 2012[^b]; Park 2013[^c]).", "+--"),
    ("The findings of [^a] were challenged by [^b].", "+-"),
    ("The findings of Kim 2011[^a] were later challenged by Lee 2012.[^b]", "+-"),
    ("The results of Kim et al. in mice[^a] have since been challenged.[^b]", "+-"),
    ("Bone falls in Kim 2011[^a] but not in Lee 2012.[^b]", "+-"),
    ("Fasting lowers IGF-1 according to Fontana[^a] but not according to Lee.[^b]", "+-"),
    ("Hypoxia extends life,[^a] at variance with Lee et al.[^b]", "+-"),
    ("New neurons form in adults[^a]; contra: [^b].", "+-"),
    ("GDF11 falls,[^a] but Lee et al. report that it rises, contradicting the earlier claim.[^b]", "+-"),
    # Others disagree.
    ("Klotho falls,[^a] but two later trials disagree.[^b]", "+-"),
    ("Klotho falls.[^a] Others disagree [^b].", "+-"),
    ("Klotho falls.[^a] Lee et al.[^b] disagree.", "+-"),
    ("Klotho falls;[^a] others disagree.[^b]", "+-"),
    ("Klotho falls;[^a] however, Lee et al. strongly disagree.[^b]", "+-"),
    ("Klotho falls,[^a] but a larger trial disagrees.[^b]", "+-"),
    ("Klotho falls,[^a] although more recent work disagrees, placing the fall in mice.[^b]", "+-"),
    # Nothing of the kind was found.
    ("Klotho falls,[^a] but a large trial found none.[^b]", "+-"),
    ("Klotho falls,[^a] yet Lee et al.[^b] found none.", "+-"),
    ("Klotho falls,[^a] but a large trial found no such effect.[^b]", "+-"),
    ("Klotho falls,[^a] but Lee 2012 saw nothing of the kind.[^b]", "+-"),
    ("Klotho falls,[^a] but Lee et al.[^b] saw nothing of the sort in men.", "+-"),
    ("Klotho falls,[^a] but a large trial found no decline.[^b]", "+-"),
    # Neither, and no other, did.
    ("Klotho falls.[^a] Neither [^b] nor [^c] could confirm this.", "+--"),
    ("Klotho falls,[^a] but neither [^b] nor [^c] could confirm this.", "+--"),
    ("Klotho falls,[^a] but neither Lee 2012[^b] nor Park 2013[^c] found a fall.", "+--"),
    ("Klotho falls,[^a] but neither Lee et al. ([^b]) nor Park et al. ([^c]) found it.", "+--"),
    ("Klotho falls,[^a] but neither Lee nor Park found a fall.[^b][^c]", "+--"),
    ("Klotho falls,[^a] but neither of two later trials found this.[^b]", "+-"),
    ("Klotho falls,[^a] but no later trial could reproduce it.[^b]", "+-"),
    ("Klotho falls,[^a] but none of three larger studies was able to confirm the loss in men.[^b]", "+-"),
    # The reader is sent to what speaks against the statement.
    ("Klotho falls[^a] (but see [^b]).", "+-"),
    ("Klotho falls[^a] (but see [^b][^c]).", "+--"),
    ("Klotho falls[^a] (but see Lee 2012[^b]; Park 2013[^c]).", "+--"),
    ("Klotho falls,[^a] but see Lee 2012[^b] and Park 2013.[^c]", "+--"),
    ("Klotho falls,[^a] but see Lee et al. 2012,[^b] Park 2013,[^c] and Weber 2014.[^d]", "+---"),
    ("Klotho falls ([^a]; but see [^b]).", "+-"),
    ("Klotho falls,[^a] though see [^b].", "+-"),
    ("Klotho falls,[^a] although see Lee et al.[^b]", "+-"),
    ("Klotho falls ([^a]; see however [^b]).", "+-"),
    ("Klotho falls ([^a]; see, however, Lee 2012 [^b]).", "+-"),
    ("Klotho falls ([^a]; but see Lee 2012, [^b]).", "+-"),
    ("Klotho falls ([^a]; however, see [^b]).", "+-"),
    ("Klotho falls;[^a] for contrary evidence see [^b].", "+-"),
    ("Klotho falls;[^a] see [^b] for a contrary view.", "+-"),
    ("Klotho falls in old mice (but see [^a]).", "-"),
    ("Klotho falls,[^a] but see [^b], and muscle is lost.[^c]", "+-+"),
    ("Klotho falls ([^a]; but see [^b]; see also [^c]).", "+-m"),
    ("Klotho falls ([^a]; see also [^b]; but see [^c]).", "+m-"),
    # Said of the statement, or of what another found.
    ("Klotho cleaves,[^a] though the activity that this lab reported could not be reproduced in rats.[^b]", "+-"),
    ("Klotho falls,[^a] but a second group disputed this.[^b]", "+-"),
    ("Klotho falls,[^a] although the finding has been disputed.[^b]", "+-"),
    ("Klotho falls,[^a] a claim since refuted by three trials.[^b]", "+-"),
    ("Klotho falls,[^a] but later work in larger cohorts did not confirm the association.[^b]", "+-"),
    ("Klotho falls,[^a] but Mendelian randomization did not confirm it.[^b]", "+-"),
    ("Klotho falls,[^a] but shortening was not confirmed in a second cohort.[^b]", "+-"),
    ("Klotho falls,[^a] but the fall with age was not confirmed by Lee et al.[^b]", "+-"),
    ("Klotho falls,[^a] but Lee reported that the effect could not be reproduced.[^b]", "+-"),
    ("Klotho falls,[^a] which contradicts earlier reports of a rise.[^b]", "+-"),
    ("Klotho falls,[^a] but the data of Lee contradict this.[^b]", "+-"),
    ("Klotho falls,[^a] but this appears to contradict Lee 2012.[^b]", "+-"),
    ("Klotho falls,[^a] but studies in women failed to replicate the association.[^b]", "+-"),
    ("Klotho falls,[^a] but a larger GWAS did not replicate the association.[^b]", "+-"),
    ("Klotho falls,[^a] but the association was disputed by Lee.[^b]", "+-"),
    ("Klotho falls,[^a] but Lee refuted the claim that it falls.[^b]", "+-"),
    ("Klotho falls,[^a] but two groups were unable to confirm any loss.[^b]", "+-"),
    ("Klotho falls,[^a] but the authors' own replication refuted it.[^b]", "+-"),
    ("Klotho falls,[^a] but the effect of age failed to replicate in two cohorts.[^b]", "+-"),
    ("Klotho falls;[^a] this has been widely disputed.[^b]", "+-"),
    ("Klotho falls,[^a] but reports of a fall have been refuted.[^b]", "+-"),
    ("Statins lower LDL,[^a] but Lee et al. could confirm neither finding.[^b]", "+-"),
    ("Statins lower LDL,[^a] but Lee et al. could not replicate either effect.[^b]", "+-"),
    ("Statins lower LDL,[^a] but the largest trial to date found no difference.[^b]", "+-"),
    ("Statins lower LDL,[^a] but the signal did not replicate.[^b]", "+-"),
    ("Statins lower LDL,[^a] a finding others have been unable to replicate.[^b]", "+-"),
    ("Statins lower LDL,[^a] but subsequent studies have cast doubt on this.[^b]", "+-"),
    ("Statins lower LDL,[^a] but see Lee et al. (2012).[^b]", "+-"),
    ("Statins lower LDL;[^a] but see Lee and Park (2012) [^b].", "+-"),
    # People find otherwise than others did.
    ("In contrast to Weber et al.[^a], we see a fall of Klotho.[^b]", "-+"),
    ("Contrary to Lee 2012 [^a], we see a fall of Klotho.[^b]", "-+"),
    ("Unlike Weber 2012[^a], Lee et al. found a fall.[^b]", "-+"),
    ("Unlike Brown et al.[^b], Adams et al.[^a] and Clark et al.[^c] found that klotho ages nails.", "-++"),
    ("Unlike Brown et al. (2006),[^b] Adams et al. (2005)[^a] reported that klotho ages nails.", "-+"),
    ("Klotho ages nails,[^a] while others found no effect.[^b]", "+-"),
    ("Klotho ages nails,[^a] whereas others found no effect.[^b]", "+-"),
    ("Klotho ages nails,[^a] although earlier work disagrees.[^b]", "+-"),
    ("Klotho ages nails;[^a] see [^b] for contradictory evidence.", "+-"),
    ("Unlike Weber et al. (2012),[^a] Lee and colleagues found no fall.[^b]", "-+"),
    ("Unlike Weber et al.[^a] and Lee et al.,[^b] we found no fall.[^c]", "--+"),
    ("Klotho falls.[^a] Unlike Weber et al.[^b], the present study found a rise.[^c]", "+-+"),
    ("In contrast to Loffredo et al.,[^a] Egerman et al. found that GDF11 rises with age.[^b]", "-+"),
    # To find nothing speaks against what is there, and to repeat nothing against what is not.
    ("Klotho falls in mice with no kidneys,[^a] but [^b] found no effect.", "+-"),
    ("Klotho not only falls but is lost,[^a] but neither [^b] nor [^c] found a loss.", "+--"),
    ("Lack of sleep lowers Klotho,[^a] but a larger trial found no effect.[^b]", "+-"),
    ("Klotho does not fall,[^a] but neither [^b] nor [^c] could replicate this.", "+--"),
    ("Klotho does not fall,[^a] but [^b] found the opposite.", "+-"),
    ("Klotho falls,[^a] but [^b] did not, and neither [^c] nor [^d] found a fall.", "+---"),
    ("Klotho falls,[^a] which [^b] could not replicate, and neither [^c] nor [^d] found a fall.", "+---"),
    ("Klotho does not age nails. It thickens bone,[^a] but [^b] found no effect.", "+-"),
    # Lists with names.
    ("Bone falls, contradicted by Lee 2012[^a], Park 2013[^b] and Weber 2014[^c], and muscle falls.[^d]", "---+"),
    ("Bone falls (contradicted by Lee[^a] and Park[^b]).", "--"),
]

NO_CONTRAST = [
    ("Bone falls[^a][^b], and this contradicts the dogma.", "++"),
    ("Bone falls, which contradicts the dogma.[^a]", "+"),
    ("This contradicts the textbook.[^a]", "+"),
    ("The result contradicts conventional wisdom.[^a]", "+"),
    ("Bone falls,[^a] and [^b] contradicts the dogma that it cannot.", "++"),
    ("Bone falls, which challenges the view that it rises.[^a]", "+"),
    ("Bone falls in old mice, contradicting the idea that it is stable.[^a]", "+"),
    ("In contrast to wild type, mutants lose bone.[^a]", "+"),
    ("Mutants lose bone,[^a] in contrast to wild type.[^b]", "++"),
    ("The drug failed to reduce mortality.[^a]", "+"),
    ("Bone falls,[^a] but the drug failed to reduce mortality.[^b]", "++"),
    ("Bone falls,[^a] but [^b] failed to reduce mortality.", "++"),
    ("Bone falls,[^a] but this is not replicated yet.", "+"),
    ("Bone falls,[^a] and has not been replicated yet.", "+"),
    ("The effect has not been replicated in humans.[^a]", "+"),
    ("The effect has not yet been independently replicated.[^a]", "+"),
    ("The figure could not be confirmed from the abstract alone.[^a]", "+"),
    ("Unlike mice, people lose bone.[^a]", "+"),
    ("Bone falls;[^a] however, muscle does too.[^b]", "++"),
    ("Bone falls;[^a] no effect was found in rats.[^b]", "++"),
    ("Bone falls,[^a] but [^b] found no effect on weight.", "++"),
    ("Bone falls,[^a] and [^b] found no effect on weight.", "++"),
    ("A large trial found no effect.[^a]", "+"),
    ("Weber[^a] found no effect of the drug.", "+"),
    ("Bone falls,[^a] but metformin had no effect.[^b]", "++"),
    ("Bone falls,[^a] and [^b] did not contradict this.", "++"),
    ("Bone falls,[^a] and no trial[^b] contradicts this.", "++"),
    ("Bone falls,[^a] and neither [^b] nor [^c] contradicts this.", "+++"),
    ("Bone falls,[^a] as [^b] confirmed.", "++"),
    ("Bone falls,[^a] but [^b] replicated it only in men.", "++"),
    ("[^a] was challenged by [^b].", "+-"),
    ("Cells divide,[^a] but did not replicate.[^b]", "++"),
    ("Bacteria enter,[^a] but failed to replicate.[^b]", "++"),
    ("DNA is unwound,[^a] but was not replicated.[^b]", "++"),
    ("Influenza[^a] failed to replicate in old mice.", "+"),
    ("The finding that bone falls[^a] contradicts earlier views.", "+"),
    ("Mice[^a] challenged with LPS die.", "+"),
    ("Bone falls,[^a] but was challenged with a fat-rich meal.[^b]", "++"),
    ("Bone falls[^a] and [^b] shows why.", "++"),
    ("Bone falls in [^a] and [^b] contradicts this.", "+-"),
    ("This failed to replicate in rats[^a] and [^b] shows why.", "-+"),
    ("A later trial failed to replicate the effect,[^a] and muscle falls.[^b]", "-+"),
    ("[^a] questions remain open.", "+"),
    ("If [^a] contradicts this, it is not said.", "+"),
    ("There is no doubt that bone falls.[^a]", "+"),
    ("Doubt remains on the dose.[^a]", "+"),
    ("Others disagree on the dose.[^a]", "+"),
    ("Bone falls,[^a] but [^b] did not find muscle.", "++"),
    ("Bone falls,[^a] but [^b] did not observe that mice die.", "++"),
    ("Bone falls,[^a] but a larger trial did not observe that mice die.[^b]", "++"),
    ("Rapamycin extends life,[^a] but the trial found no adverse effects.[^b]", "++"),
    ("The trials disagree with each other.[^a][^b]", "++"),
    ("It was never challenged.[^a]", "+"),
    ("Mice were vaccinated[^a] and were challenged at day 20.[^b]", "++"),
    ("Bone falls,[^a] whereas Weber[^b] challenged the mice with LPS.", "++"),
    ("Bone falls,[^a] but this is not replicated yet.[^b]", "++"),
    ("HIV did not replicate in these cells.[^a]", "+"),
    ("Mice lack the gene,[^a] but fail to reproduce.[^b]", "++"),
    ("Bone falls,[^a] but [^b] found the opposite sex to matter.", "++"),
    ("Bone falls,[^a] but not unlike [^b].", "++"),
    ("In contrast to mice [^a], rats gain bone [^b].", "++"),
    ("Unlike in mice [^a], bone is kept in rats [^b].", "++"),
    ("Unlike earlier studies [^a], this one was of women [^b].", "++"),
    ("In contrast to results in mice [^a], people gain bone [^b].", "++"),
    ("In contrast to Metformin [^a], Aspirin lowers fever [^b].", "++"),
    ("Contrary to popular belief [^a], bone falls [^b].", "++"),
    ("Contrary to expectation, bone falls.[^a]", "+"),
    ("This is not inconsistent with [^a].", "+"),
    ("Women lost bone [^a], but men did not [^b].", "++"),
    ("Some mice lost bone [^a], but others did not [^b].", "++"),
    ("Women lost bone [^a], but men in the trial did not [^b].", "++"),
    ("Osterix fell [^a], but RUNX2 [^b] did not.", "++"),
    ("Osterix fell [^a], but RUNX2 did not [^b].", "++"),
    ("Bone falls,[^a] and [^b] did not measure it.", "++"),
    ("Metformin lowers glucose,[^a] but Aspirin showed no effect.[^b]", "++"),
    ("Bone falls [^a]; [^b] shows why.", "++"),
    # What is said by the way, and of something else.
    ("Unlike FIS1, whose role is disputed, MFF binds DRP1.[^a]", "+"),
    ("Unlike FIS1, whose role is disputed,[^a] MFF binds DRP1.[^b]", "++"),
    ("Although this was refuted, bone falls.[^a]", "+"),
    ("Although this was refuted, [^a] found that bone falls.", "+"),
    ("Although this was refuted, Lee 2012[^a] found that bone falls.", "+"),
    ("Although mice do not contradict this,[^a] rats do.[^b]", "++"),
    # The clause behind the comma has a subject of its own.
    ("Although a trial contradicts this[^a], Kim 2011[^b] and others confirmed it.", "-+"),
    ("Although a trial contradicts this,[^a] Kim 2011[^b] and Park 2013[^c] confirmed it.", "-++"),
    ("Bone falls (contradicted by Lee 2012[^a]; Kim 2011[^b] confirmed it).", "-+"),
    ("Bone falls (contradicted by Lee 2012[^a]), and muscle too (Kim 2011[^b]).", "-+"),
    ("Bone falls (Kim 2011[^a]; Lee 2012[^b] found so too).", "++"),
    ("Bone falls (Kim 2011[^a]; Lee 2012[^b] found no effect on weight).", "++"),
    ("Metformin lowers glucose (Kim 2011[^a]; Aspirin[^b] showed no effect).", "++"),
    ("Bone falls in women (Lee 2012[^a]; Park 2013[^b]) but men (Kim 2011[^c]; Weber 2012[^d]) did not.", "++++"),
    ("Cells (Lee 2012[^a]; Park 2013[^b]) did not replicate.", "++"),
    ("Bone falls in men,[^a] though not yet replicated.[^b]", "++"),
    ("Mice mated,[^a] but never reproduced.[^b]", "++"),
    ("Viruses enter,[^a] though not replicated.[^b]", "++"),
    ("Mice[^a] were challenged by Lee et al.[^b]", "++"),
    ("Bone falls in mice[^a] but not in rats.[^b]", "++"),
    # Said of its cause, of a diagnosis, of a drug, of critics; of no study.
    ("Klotho falls,[^a] but the mechanism is disputed.[^b]", "++"),
    ("Klotho falls,[^a] but its cause is disputed.[^b]", "++"),
    ("Klotho falls,[^a] although the extent of the loss has been challenged.[^b]", "++"),
    ("Klotho falls,[^a] but it is disputed whether this matters.[^b]", "++"),
    ("Klotho falls,[^a] but whether muscle does too is disputed.[^b]", "++"),
    ("Klotho falls,[^a] a much disputed marker of age.[^b]", "++"),
    ("Klotho falls,[^a] and the disputed role of FGF23 is being studied.[^b]", "++"),
    ("Grip falls,[^a] and self-report disagreed with measured strength.[^b]", "++"),
    ("Grip falls,[^a] and raters disagreed with the algorithm in 12 %.[^b]", "++"),
    ("Klotho falls,[^a] and Lee disagrees with neither view.[^b]", "++"),
    ("Klotho falls,[^a] and the finding has never since been seriously challenged.[^b]", "++"),
    ("Klotho falls,[^a] which has not been refuted in thirty years.[^b]", "++"),
    ("Klotho falls,[^a] and attempts to refute this have all failed.[^b]", "++"),
    ("Klotho falls,[^a] and a trial meant to refute this found the same.[^b]", "++"),
    ("Klotho falls,[^a] refuting the idea that it rises.[^b]", "++"),
    ("Klotho falls,[^a] and a second group refuted the objection.[^b]", "++"),
    ("Klotho falls,[^a] rebutting the critics.[^b]", "++"),
    ("Klotho falls,[^a] and Lee rebutted the criticism.[^b]", "++"),
    ("Klotho falls,[^a] and Lee refuted the alternative that it is degraded.[^b]", "++"),
    ("Klotho falls,[^a] but the drug did not reproduce this in women.[^b]", "++"),
    ("The antibody[^a] could not be confirmed to bind klotho.[^b]", "++"),
    ("Klotho falls,[^a] but diagnosis could not be confirmed in two patients.[^b]", "++"),
    ("Klotho falls,[^a] but exposure was not confirmed by blood levels.[^b]", "++"),
    ("Klotho falls,[^a] though infection was not confirmed in all.[^b]", "++"),
    ("Klotho falls,[^a] and cancer was not confirmed by biopsy.[^b]", "++"),
    ("Mice were challenged with LPS,[^a] and did not reproduce the phenotype of patients.[^b]", "++"),
    ("Klotho falls,[^a] and the knockout does not reproduce this phenotype.[^b]", "++"),
    ("Klotho falls,[^a] but overexpression failed to reproduce the effects of restriction.[^b]", "++"),
    ("Klotho falls,[^a] and if this is confirmed, no study will have contradicted it.[^b]", "++"),
    ("Sirtuins extend life in yeast,[^a] and no later study has contradicted this.[^b]", "++"),
    ("No study to date has refuted the association.[^a][^b]", "++"),
    ("The disputed question of neurogenesis[^a] was reopened in 2018.[^b]", "++"),
    ("The estimates of Lee[^a] and Park[^b] disagree.", "++"),
    ("Klotho was measured twice;[^a] Lee[^b] and Park[^c] disagree.", "+++"),
    # Not done, not by all, not of the statement.
    ("Klotho falls,[^a] but it could not be confirmed that muscle is lost.[^b]", "++"),
    ("Klotho falls,[^a] but it was not confirmed whether muscle is lost.[^b]", "++"),
    ("Statins lower LDL,[^a] but a registry found none of the expected myopathy.[^b]", "++"),
    ("Statins lower LDL,[^a] but Lee et al. saw nothing of note in liver enzymes.[^b]", "++"),
    ("Statins lower LDL,[^a] and other trials agree.[^b]", "++"),
    ("Statins lower LDL,[^a] but guidelines disagree.[^b]", "++"),
    ("Statins lower LDL,[^a] but later guidelines disagree on whom to treat.[^b]", "++"),
    ("Statins lower LDL,[^a] but other methods disagree with direct measurement.[^b]", "++"),
    ("Statins lower LDL,[^a] although patients and doctors disagree.[^b]", "++"),
    ("Statins lower LDL,[^a] but reviewers disagreed, and a third decided.[^b]", "++"),
    ("Statins lower LDL,[^a] neither of which is in doubt.[^b]", "++"),
    ("Statins lower LDL,[^a] and neither arm found a change in weight.[^b]", "++"),
    ("Statins lower LDL,[^a] but neither dose changed HDL.[^b]", "++"),
    ("Neither the trial[^a] nor its extension[^b] found harm.", "++"),
    ("Statins lower LDL[^a] (see, however, the dose [^b]).", "++"),
    ("Statins lower LDL[^a] (but see [^b] and the reply by its authors).", "+m"),
    ("Statins lower LDL,[^a] but as we will see, not in all.[^b]", "++"),
    ("Statins lower LDL,[^a] contrary to what many patients believe.[^b]", "++"),
    ("Unlike Finland[^a], we find more LDL in Sweden.[^b]", "++"),
    ("Unlike Asia[^a], Europe shows a fall.[^b]", "++"),
    ("Statins do not cause dementia,[^a] and the claim that they do has been refuted.[^b]", "++"),
    ("Statins do not cause dementia;[^a] reports to the contrary were not confirmed.[^b]", "++"),
    ("Statins lower LDL,[^a] and the trial refuted the hypothesis of no effect.[^b]", "++"),
    ("Statins lower LDL,[^a] and no contradictory data exist.[^b]", "++"),
    ("Statins lower LDL,[^a] but adherence was not confirmed by pill counts.[^b]", "++"),
    ("Statins lower LDL,[^a] but genotype could not be confirmed in a second sample.[^b]", "++"),
    ("Statins lower LDL,[^a] and a meta-analysis resolved earlier contradictory findings.[^b]", "++"),
    ("Statins lower LDL,[^a] which settled a long-disputed question.[^b]", "++"),
    ("Statins lower LDL,[^a] and this is no longer disputed.[^b]", "++"),
    ("Statins lower LDL,[^a] and this is now beyond dispute.[^b]", "++"),
    ("Statins lower LDL,[^a] although this was once disputed.[^b]", "++"),
    ("Statins lower LDL,[^a] although it was initially disputed whether this saves lives.[^b]", "++"),
    ("Statins lower LDL,[^a] despite being challenged with a fat-rich diet.[^b]", "++"),
    ("Statins lower LDL,[^a] and would have been refuted by one trial.[^b]", "++"),
    ("Statins lower LDL,[^a] and could be refuted only by a trial.[^b]", "++"),
    ("Statins lower LDL,[^a] and whether later trials will confirm or refute this is open.[^b]", "++"),
    ("Statins lower LDL,[^a] and trials that may refute this are under way.[^b]", "++"),
    ("Statins lower LDL,[^a] unless a trial contradicts this.[^b]", "++"),
    ("Statins lower LDL,[^a] and nobody disputes it.[^b]", "++"),
    ("Statins lower LDL,[^a] and few dispute this.[^b]", "++"),
    ("Statins lower LDL,[^a] which hardly anyone now disputes.[^b]", "++"),
    ("Statins lower LDL,[^a] which cannot be disputed.[^b]", "++"),
    ("Statins lower LDL,[^a] a result that is rarely disputed.[^b]", "++"),
    ("Statins lower LDL,[^a] a result that does not contradict earlier findings.[^b]", "++"),
    ("Statins lower LDL,[^a] without contradicting earlier findings.[^b]", "++"),
    ("Statins lower LDL,[^a] which seems to contradict but in fact explains earlier findings.[^b]", "++"),
    ("Statins lower LDL,[^a] but placebo failed to reproduce the effect.[^b]", "++"),
    ("Statins lower LDL,[^a] and ezetimibe did not reproduce these effects.[^b]", "++"),
    ("Statins lower LDL,[^a] but the model does not replicate the human disease.[^b]", "++"),
    ("Statins lower LDL,[^a] but biopsy did not confirm the diagnosis.[^b]", "++"),
    ("Statins lower LDL,[^a] but biopsy did not confirm it in three patients.[^b]", "++"),
    ("Statins lower LDL,[^a] but sequencing failed to confirm the variants.[^b]", "++"),
    # Genes and drugs are unlike others, and trials are made otherwise.
    ("Unlike FIS1[^a], MFF is recruited by phosphate.[^b]", "++"),
    ("Unlike Weber[^a], we see a fall of Klotho.[^b]", "++"),
    ("Unlike Japan[^a], we find a rise in Peru.[^b]", "++"),
    ("Unlike Klotho[^a], FGF23 rises.[^b]", "++"),
    ("Bone falls,[^a] while controls in the group found no effect.[^b]", "++"),
    ("Bone falls,[^a] while others fall too.[^b]", "++"),
    ("Early estimates disagree between cohorts.[^a]", "+"),
    ("Unlike Rapamycin[^a], we see no effect of everolimus.[^b]", "++"),
    ("Unlike Weber et al.[^a], this trial enrolled women.[^b]", "++"),
    ("Unlike Weber 2012[^a], the trial of Lee was blinded.[^b]", "++"),
    ("Unlike Weber et al.[^a], we studied women.[^b]", "++"),
    ("Unlike Drosophila[^a], we find one orthologue.[^b]", "++"),
    ("Unlike wild-type mice[^a], we found that mutants lose bone.[^b]", "++"),
    ("We found, unlike Klotho[^a], that FGF23 rises.[^b]", "++"),
    # Of each other, of a size, of whom nobody knows.
    ("Klotho falls,[^a] though the data disagree with each other.[^b]", "++"),
    ("Klotho falls,[^a] but the raters disagreed.[^b]", "++"),
    ("Klotho falls,[^a] but estimates disagree between cohorts.[^b]", "++"),
    ("Klotho falls,[^a] but the two trials disagree.[^b]", "++"),
    ("Klotho falls,[^a] but later trials disagree on the dose.[^b]", "++"),
    ("Klotho falls,[^a] but Lee and Park disagreed.[^b]", "++"),
    ("Lee 2012[^a] and Park 2013[^b] disagree by 20 %.", "++"),
    # None of something else.
    ("Klotho falls,[^a] but a large trial found none of the adverse events.[^b]", "++"),
    ("Adverse events were not measured,[^a] but Lee 2012 found none.[^b]", "++"),
    ("Kim looked for off-target cuts,[^a] but Lee et al. found none.[^b]", "++"),
    ("Off-target cuts are rare,[^a] but Lee et al.[^b] found none.", "++"),
    ("The screen looked for off-target cuts[^a] but found none.[^b]", "++"),
    # The sentence states it itself, or something else.
    ("Neither Lee 2012[^a] nor Park 2013[^b] found a fall.", "++"),
    ("Neither rapamycin[^a] nor metformin[^b] extended life.", "++"),
    ("Klotho falls,[^a] but neither trial found harm.[^b]", "++"),
    ("Klotho falls,[^a] but neither Lee[^b] nor Park[^c] measured it.", "+++"),
    ("Klotho falls,[^a] but no trial has confirmed this.[^b]", "++"),
    # To find nothing agrees with what says that nothing is there.
    ("Klotho has no effect on nails [^a][^c], and neither Brown [^b] nor Davis [^d] found an effect.", "++++"),
    ("No trial found an effect of Klotho,[^a] and neither [^b] nor [^c] saw any benefit.", "+++"),
    ("It is not linked to nails,[^a] and neither [^b] nor [^c] found a link.", "+++"),
    ("Klotho is not harmful,[^a][^c] but Brown et al. did not find a benefit.[^b]", "+++"),
    ("Klotho is not harmful,[^a] but [^b] did not find a benefit.", "++"),
    ("Statins didn't lower LDL [^a]; [^b] found no effect.", "++"),
    ("Statins did not lower LDL [^a]; [^c]; [^b] found no effect.", "+++"),
    ("Statins failed to lower LDL in Kim et al. 2011,[^a] but neither of two later trials found an effect.[^b]", "++"),
    ("LDL was unaffected,[^a] although a larger trial[^b] found no change.", "++"),
    ("Statins lack an effect on grip.[^a] Neither [^b] nor [^c] found a difference.", "+++"),
]

MENTIONS = [
    ("Bone falls (Kim 2011[^a]; see also Lee 2012[^b]).", "+m"),
    ("Bone falls[^a] (reviewed in Lee 2012[^b] and Park 2013[^c]).", "+mm"),
    ("Bone falls;[^a] cf. Lee et al.[^b]", "+m"),
    ("Bone falls[^a] (see Lee\n2012[^b]).", "+m"),
    ("Reviewed in Lee 2012[^a] and Park 2013[^b], bone falls (Kim 2011[^c]).", "mm+"),
    ("Bone falls (contradicted by Lee 2012[^a]; see also Park 2013[^b]).", "-m"),
    ("Bone falls (PMID 11111111; PMID 22222222 is an unrelated paper).", "+m"),
    ("Bone falls (PMID 11111111; PMID 22222222, an unrelated paper).", "+m"),
    ("Bone falls (doi:10.1000/a; doi:10.1000/b resolves to a different paper).", "+m"),
    # For something else than what is stated.
    ("Klotho falls[^a] (but see [^b] for the dose).", "+m"),
    ("Klotho falls[^a] (but see also [^b]).", "+m"),
    ("Klotho falls[^a] (but see [^b] and [^c] for men).", "+mm"),
    ("Klotho falls[^a] (cf. [^b]).", "+m"),
    ("Klotho falls;[^a] see [^b] for a review.", "+m"),
    ("Klotho falls;[^a] for the dose see [^b].", "+m"),
    ("Klotho falls,[^a] but see [^b], who measured it twice.", "+m"),
    ("This was refuted,[^a] but see [^b].", "-m"),
    ("But see [^a].", "m"),
    # Nothing but the name of what is cited stands between.
    ("We see bone loss in Kim 2011[^a] and Lee 2012.[^b]", "++"),
    ("As we see, bone falls in mice.[^a]", "+"),
    ("Bone falls[^a] (see Figure 2 for men).[^b]", "++"),
    ("Reviewed in Lee 2012[^a], bone falls (Kim 2011[^b]).", "m+"),
    ("Bone falls in mice (doi:10.1000/a), an unrelated study (doi:10.1000/b) agrees.", "++"),
    ("Bone falls.[^a] This is no wrong.[^b]", "++"),
]


@pytest.mark.parametrize(
    ("mark", "expected"), [("[^weber2019]", "-+"), ("[^2019-Weber-klotho]", "-+"), ("[^1]", "++"), ("[^web]", "++")]
)
def test_a_name_alone_is_of_people_where_the_key_of_the_note_has_it(mark, expected):
    (claim,) = claims(f"Unlike Weber{mark}, we see a fall of Klotho.[^b]\n\n{NOTES}{mark}: doi:10.1000/w\n")
    assert "".join(SIGNS[one.polarity.value] for one in claim.citations) == expected


@pytest.mark.parametrize(("sentence", "expected"), CONTRASTS)
def test_words_of_contradiction_directed_at_the_statement_contrast(sentence, expected):
    assert signs(sentence) == expected


@pytest.mark.parametrize(("sentence", "expected"), NO_CONTRAST)
def test_words_that_contradict_no_source_leave_it_supporting(sentence, expected):
    assert signs(sentence) == expected


@pytest.mark.parametrize(("sentence", "expected"), MENTIONS)
def test_words_that_send_the_reader_on_mention(sentence, expected):
    assert signs(sentence) == expected


@pytest.mark.parametrize("sentence", ["but [^b] contradicts this", "but could not be replicated.[^b]"])
@pytest.mark.parametrize(
    "form", ["- Bone falls,[^a] {}", "> Bone falls,[^a]\n> {}", "| x |\n|---|\n| Bone falls,[^a] {} |"]
)
def test_items_quotes_and_cells_are_read_alike(form, sentence):
    assert signs(form.format(sentence)) == "+-"


A, B = "https://doi.org/10.1000/a1", "https://doi.org/10.1000/b1"
# The sentence with {0} for a link to the first paper, {1} for the beginning and {2} for the end of one to the second.
LINKS = [
    ("Bone falls ({0}), contrary to {1}Lee 2019{2}.", "+-"),
    ("Bone falls ({0}), contrary to {1}Lee{2}.", "+-"),
    ("Bone falls ({0}), in contrast to {1}Lee et al.{2}.", "+-"),
    ("Bone falls ({0}; contra {1}Lee & Kim 2019{2}).", "+-"),
    ("Bone falls ({0}), unlike {1}Lee 2019{2}.", "+-"),
    ("Bone falls ({0}), but {1}Lee 2019{2} contradicts this.", "+-"),
    ("Bone falls ({0}), but {1}Lee 2019{2} did not.", "+-"),
    ("Bone falls ({0}); {1}Lee 2019{2} failed to replicate it.", "+-"),
    ("Bone falls ({0}), but {1}this was not replicated{2}.", "+-"),
    ("Bone falls ({0}), {1}disputed by Lee{2}.", "+-"),
    ("Bone falls ({0}), but {1}Lee 2019{2} found no effect.", "+-"),
    ("Bone falls ({0}), see also {1}Lee 2019{2}.", "+m"),
    ("Bone falls ({0}; reviewed in {1}Lee 2019{2}).", "+m"),
    ("Bone falls ({0}), and {1}fat is gained in men{2}.", "++"),
    ("Bone falls ({0}), and {1}Lee 2019{2} found so too.", "++"),
    ("Bone falls ({0}), in contrast to mice ({1}Lee 2019{2}).", "++"),
    # The words of the link are part of the sentence.
    ("Bone falls ({0}), but {1}a larger trial found no effect{2}.", "+-"),
    ("Bone falls ({0}), but {1}a larger trial did not{2}.", "+-"),
    ("Bone falls ({0}), but {1}Lee 2019 found no effect{2}.", "+-"),
    ("Bone falls ({0}), but {1}Lee failed to replicate this{2}.", "+-"),
    ("Bone falls ({0}), but {1}ACCORD did not find this{2}.", "+-"),
    ("Bone falls ({0}), but {1}failed to replicate{2}.", "+-"),
    ("Bone falls ({0}), but {1}it failed to replicate{2}.", "+-"),
    ("Bone falls ({0}), but {1}a larger trial{2} did not.", "+-"),
    ("Bone falls ({0}), but {1}a larger trial{2} found no effect.", "+-"),
    ("Bone falls ({0}). {1}A larger trial failed to replicate this{2}.", "+-"),
    ("Bone falls ({0}), contrary to {1}earlier reports of Lee{2}.", "+-"),
    ("Bone falls ({0}), see {1}a trial in men{2}.", "+m"),
    ("Bone falls ({0}), but {1}no effect in men{2}.", "++"),
    ("Bone falls ({0}), but {1}a larger trial found no effect on weight{2}.", "++"),
    ("Bone falls ({0}), but {1}men in the trial{2} did not.", "++"),
    ("Bone falls ({0}), unlike {1}in mice{2}.", "++"),
    ("The virus enters ({0}), but {1}failed to replicate{2}.", "++"),
    # A title tells what its paper says of its own question, which may be another.
    ("Bone falls ({0}), but {1}No evidence of bone loss in men{2}.", "++"),
    ("Bone falls ({0}; {1}Why the loss of bone failed to replicate{2}).", "++"),
    ("Bone falls ({0}), contrary to {1}No loss of bone in men{2}.", "+-"),
]


@pytest.mark.parametrize(("sentence", "expected"), LINKS)
@pytest.mark.parametrize("form", ["markdown", "reference", "html"])
def test_links_are_read_as_marks_are(sentence, expected, form):
    if form == "markdown":
        found = claims(sentence.format(f"[Kim 2011]({A})", "[", f"]({B})"))
    elif form == "reference":
        found = claims(f"{sentence.format('[Kim 2011][a]', '[', '][b]')}\n\n[a]: {A}\n[b]: {B}\n")
    else:
        said = sentence.replace("&", "&amp;").format(f'<a href="{A}">Kim 2011</a>', f'<a class="x" href="{B}">', "</a>")
        found = claims(f"<p>{said}</p>", name="page.html")
    by_work = {one.identifier.value: one.polarity for claim in found for one in claim.citations}
    assert "".join(SIGNS[by_work[work].value] for work in ("10.1000/a1", "10.1000/b1")) == expected


# How the same three papers are cited in each form, and what stands below the text.
FORMS = {
    "note": ("[^{0}]", "".join(f"[^{key}]: doi:10.1000/{key}\n" for key in "abc")),
    "markdown": ("[Kim 2011](https://doi.org/10.1000/{0})", ""),
    "reference": ("[Kim 2011][{0}]", "".join(f"[{key}]: https://doi.org/10.1000/{key}\n" for key in "abc")),
    "html": ('<a class="x" href="https://doi.org/10.1000/{0}">Kim 2011</a>', ""),
    "doi": ("doi:10.1000/{0}", ""),
    "address": ("https://doi.org/10.1000/{0}", ""),
    "angle": ("<https://doi.org/10.1000/{0}>", ""),
    "key": ("[@{0}]", ""),
    "html note": (
        '<sup id="to-{0}"><a href="#fn-{0}">{0}</a></sup>',
        "<ol>" + "".join(f'<li id="fn-{key}">Lee. doi:10.1000/{key}</li>' for key in "abc") + "</ol>",
    ),
}
ALIKE = [
    ("Bone falls ({0}), but {1} did not.", "+-", [0, 1]),
    ("Bone falls ({0}), but a larger trial did not ({1}).", "+-", [0, 1]),
    ("Bone falls ({0}), although two later studies found no effect ({1}).", "+-", [0, 1]),
    ("Bone falls ({0}), and {1} could not confirm it.", "+-", [0, 0]),
    ("Bone falls ({0}), but this could not be confirmed ({1}) and {2}.", "+--", [0, 1, 1]),
    ("Bone falls ({0}), contradicted by {1}, {2}.", "+--", [0, 1, 1]),
    ("Bone falls ({0}); at odds with {1} and {2}.", "+--", [0, 1, 1]),
    ("Bone falls ({0}); contra {1}, and muscle is gained ({2}).", "+-+", [0, 1, 2]),
    ("Contrary to {0}, {1} found that bone falls.", "-+", [0, 0]),
    ("Bone falls ({0}), see also {1}.", "+m", [0, 0]),
    ("Reviewed in {0}, bone falls ({1}).", "m+", [0, 1]),
    ("Bone falls ({0}), but it was not seen in men ({1}).", "++", [0, 1]),
    ("Bone falls ({0}), but the groups did not differ ({1}).", "++", [0, 1]),
    ("Although one trial failed to replicate the loss ({0}), two confirmed it ({1}, {2}).", "-++", [0, 1, 1]),
    ("Bone falls ({0}; see also Lee 2012, {1}).", "+m", [0, 0]),
    ("Bone falls ({0}; Lee 2012, {1}, found no effect).", "+-", [0, 0]),
    ("Bone falls ({0}), but see {1} and {2}.", "+--", [0, 1, 1]),
    ("Bone falls ({0}), contradicted by Lee 2012 ({1}) and Park 2013 ({2}).", "+--", [0, 1, 2]),
    ("Bone falls ({0}), but two later trials ({1}; {2}) found no effect.", "+--", [0, 1, 1]),
    ("Bone falls ({0}), which two groups (Lee 2012 {1}; Park 2013 {2}) failed to replicate.", "+--", [0, 1, 1]),
    ("Bone falls ({0}), never reproduced since ({1}, {2}).", "+--", [0, 1, 1]),
    ("The findings of {0} were challenged by {1}.", "+-", [0, 1]),
    ("Bone falls ({0}), but two later trials disagree ({1}).", "+-", [0, 1]),
    ("Bone falls ({0}), but a large trial found none ({1}).", "+-", [0, 1]),
    ("Bone falls ({0}), but neither {1} nor {2} could confirm this.", "+--", [0, 1, 2]),
    ("Bone falls ({0}; but see {1}).", "+-", [0, 1]),
    ("Unlike Weber et al. ({0}), we find that bone falls ({1}).", "-+", [0, 1]),
    ("Bone falls ({0}), but the mechanism is disputed ({1}).", "++", [0, 1]),
]


@pytest.mark.parametrize(("sentence", "expected", "clauses"), ALIKE)
@pytest.mark.parametrize("form", FORMS)
def test_all_forms_of_citations_are_read_alike(form, sentence, expected, clauses):
    if form == "html note" and sentence.startswith("Contrary to {0}, {1}"):
        pytest.skip("of a page with tags, the comma between two marks is no text")
    cite, below = FORMS[form]
    said = sentence.format(*(cite.format(key) for key in "abc"))
    is_html = form.startswith("html")
    text, name = (f"<p>{said}</p>{below}", "page.html") if is_html else (f"{said}\n\n{below}", "page.md")
    citations = claims(text, name)[0].citations
    assert "".join(SIGNS[one.polarity.value] for one in citations) == expected
    assert [one.clause for one in citations] == clauses


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("contradicted by {0} and {1}.", "--"),
        ("contradicted by {0}, {1}.", "--"),
        ("contrary to {0}; {1}.", "--"),
        ("(contradicted by {0}; {1}).", "--"),
        ("see also {0}, {1}.", "mm"),
        ("contradicted by {0}, {1} in part.", "--"),
        ("contradicted by {0}, {1} and {0}.", "---"),
        # The second is what the sentence goes on with.
        ("contrary to {0}, {1} found it to fall.", "-+"),
        ("contradicted by {0}, [which shows the way]({2}).", "-+"),
    ],
)
def test_links_side_by_side_are_read_once(sentence, expected):
    links = f"[Kim 2011]({A})", f"[Lee 2019]({B})", B
    found = claims(f"Bone falls[^x], {sentence.format(*links)}\n\n[^x]: doi:10.1000/x\n")[0].citations
    assert "".join(SIGNS[one.polarity.value] for one in found[1:]) == expected


@pytest.mark.parametrize(
    ("unit", "length"), [(", and", 90), (", and", 20_000), (",", 20_000), (" ", 20_000), (")", 20_000)]
)
def test_no_text_between_two_links_takes_much_longer_than_a_plain_one(unit, length):
    def read(between):
        text = f"Contradicted by [Kim](https://doi.org/10.1/a){between} x [Lee](https://doi.org/10.1/b)."
        first, second = text.index("10.1/a"), text.index("10.1/b")
        read_polarities(text, 0, find_places(text, 0, [Mark("a", first, first + 6), Mark("b", second, second + 6)]))

    assert seconds(read, (unit * length)[:length]) < 20 * seconds(read, ("bone is lost " * length)[:length])


@pytest.mark.parametrize(
    "unit",
    [
        " ",
        "Lee 2012 ",
        "Lee, ",
        "; Lee 2012",
        "see ",
        "see Lee ",
        "is a ",
        "which ",
        "that two groups ",
        "(",
        "never ",
        ".",
        "neither Lee nor ",
        "others disagree ",
        "no study could confirm ",
        "a later ",
        "the effect of ",
        "but see ",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "Results of [^a]{}[^b] were challenged by [^c].",
        "It falls,[^a]{}(Lee 2012[^b]; Park[^c]) found no effect.",
        "It falls[^a]; Lee 2012[^b]{}",
        "It falls,[^a] although this was refuted {},[^b] see {} [^c]{}",
        "It falls,[^a] but {} disagree.[^b] Neither {}[^c]",
        "Unlike {},[^a] we find that it falls.[^b]",
        "It falls,[^a] but {} did not confirm {}.[^b] But see {}[^c]",
    ],
)
def test_the_time_for_text_around_names_grows_with_its_length(form, unit):
    def look(between):
        text = form.replace("{}", between)
        at = [text.find(mark) for mark in ("[^a]", "[^b]", "[^c]")]
        read_polarities(text, 0, find_places(text, 0, [Mark(str(one), one, one + 4) for one in at if one >= 0]))

    # Of plain words only what stands near the marks is read: what reads all of them is held against its own eighth.
    length = 20_000
    assert seconds(look, (unit * length)[:length]) < 24 * seconds(look, (unit * length)[: length // 8])


@pytest.mark.parametrize("between", ["", " and ", "; ", "; Lee 2012", ", Lee", ",    ", " (Lee) did not "])
def test_the_time_for_many_marks_grows_with_their_number(between):
    def look(count):
        one = f"[^a]{between}"
        text = f"Contradicted by Lee ({one * count}) did not."
        marks = [Mark(str(at), at, at + 4) for at in range(21, 21 + count * len(one), len(one))]
        read_polarities(text, 0, find_places(text, 0, marks))

    assert seconds(look, 400) < 14 * seconds(look, 50)


@pytest.mark.parametrize(
    "unit",
    ["](", "[", "[a]", "](a", "[a](", "but ", "but failed to ", "A trial ", "failed to replicate ", "phage", "*"],
)
@pytest.mark.parametrize(
    "form", ["[Kim](https://doi.org/10.1/a) {} [x](https://doi.org/10.1/b)", "{0} [{0}](https://doi.org/10.1/b)"]
)
def test_no_words_of_a_link_take_much_longer_than_plain_ones(form, unit):
    def read(words):
        text = form.format(words)
        at = text.rindex("10.1/b")
        read_polarities(text, 0, find_places(text, 0, [Mark("a", 0, 1), Mark("b", at, at + 6)]))

    # Of so many that what is read of those around a citation, which takes the same for any number, tells little.
    length = 40_000
    assert seconds(read, (unit * length)[:length]) < 20 * seconds(read, ("bone is lost " * length)[:length])


SET_AGAINST = [
    "Klotho falls (contradicted by [^a], [^b]).",
    "Klotho falls with age, contrary to [^a][^b].",
    "Klotho falls in men; this was refuted.[^a][^b]",
    "Klotho falls in men, but this has since been disputed by [^a].",
    "Klotho falls (contradicted by Lee 2012[^a] and Park 2013[^b]).",
    "Klotho falls — not replicated by Lee et al.[^a]",
    "Klotho did not fall, at odds with earlier reports.[^a]",
    "Contrary to [^a] and [^b], klotho falls in men.",
    "Contrary to Lee et al.,[^a] klotho falls in men.",
    "Unlike Lee 2012,[^a] we found that klotho falls in men.",
    "Klotho falls in men (but see [^a], [^b]).",
    "Klotho falls in men, though see Lee et al.[^a]",
]
STATED = [
    "Lee's finding was refuted by [^a].",
    "Lee's finding was not replicated.[^a][^b]",
    "The effect could not be confirmed.[^a]",
    "This is at odds with [^a].",
    "A hypothesis of ageing, disputed in 2012, was revived.[^a]",
    "In ageing (contrary to common belief), klotho falls.[^a]",
    "[^a] contradicts this.",
]


def polarities(text):
    return [one.polarity.value for claim in claims(f"{text}\n\n{NOTES}") for one in claim.citations]


@pytest.mark.parametrize("text", SET_AGAINST)
def test_what_a_statement_is_set_against_opposes_it(text):
    assert set(polarities(text)) == {"opposes"}


@pytest.mark.parametrize("text", STATED)
def test_what_the_words_themselves_state_is_not_opposed(text):
    assert "opposes" not in polarities(text)


def test_a_statement_keeps_its_support_beside_what_it_is_set_against():
    assert polarities("Contrary to [^a], klotho falls in men.[^b]") == ["opposes", "supports"]
