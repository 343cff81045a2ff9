"""Names of journals as pages, PubMed (ISO 4) and Crossref write them."""

from __future__ import annotations

import pytest

from evidence.audit.journals import is_same_journal


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("PNAS", "Proceedings of the National Academy of Sciences of the United States of America"),
        ("Proc. Natl. Acad. Sci. U.S.A.", "Proceedings of the National Academy of Sciences"),
        ("PNAS USA", "Proceedings of the National Academy of Sciences"),
        ("JAMA", "JAMA"),
        ("JAMA", "Journal of the American Medical Association"),
        ("J Am Med Assoc", "JAMA"),
        ("NEJM", "The New England journal of medicine"),
        ("New Engl J Med", "New England Journal of Medicine"),
        ("Lancet", "Lancet (London, England)"),
        ("BMJ", "British Medical Journal"),
        ("Br Med J", "BMJ"),
        ("BMJ", "BMJ (Clinical research ed.)"),
        ("Br Med J (Clin Res Ed)", "BMJ"),
        ("Nat Commun", "Nature Communications"),
        ("Nat. Commun.", "Nature communications"),
        ("Sci Rep", "Scientific Reports"),
        ("PLoS One", "PLOS ONE"),
        ("PLOS Biol", "PLoS Biology"),
        ("Z Gerontol Geriatr", "Zeitschrift für Gerontologie und Geriatrie"),
        ("Dtsch Arztebl Int", "Deutsches Ärzteblatt international"),
        ("Dtsch. Med. Wochenschr.", "Deutsche medizinische Wochenschrift (1946)"),
        ("J Gerontol A Biol Sci Med Sci", "The Journals of Gerontology: Series A"),
        ("J Gerontol A", "The journals of gerontology. Series A, Biological sciences and medical sciences"),
        ("EMBO J", "The EMBO Journal"),
        ("JCI", "Journal of Clinical Investigation"),
        ("J Biol Chem", "Journal of Biological Chemistry"),
        ("JBC", "The Journal of biological chemistry"),
        ("NAR", "Nucleic Acids Research"),
        ("Nucleic Acids Res", "Nucleic Acids Research"),
        ("Cochrane Database Syst Rev", "The Cochrane database of systematic reviews"),
        ("Curr Biol", "Current Biology : CB"),
        ("Genes Dev", "Genes & Development"),
        ("Mol Cell", "Molecular Cell"),
        ("Exp Gerontol", "Experimental Gerontology"),
        ("Ageing Res Rev", "Ageing Research Reviews"),
        ("Aging (Albany NY)", "Aging"),
        ("Am J Clin Nutr", "The American Journal of Clinical Nutrition"),
        ("AJCN", "The American journal of clinical nutrition"),
        ("Acta Physiol (Oxf)", "Acta Physiologica"),
        ("Eur Heart J", "European Heart Journal"),
        ("Circ Res", "Circulation Research"),
        ("JBMR", "Journal of Bone and Mineral Research"),
        ("Ann NY Acad Sci", "Annals of the New York Academy of Sciences"),
        ("Ann. N. Y. Acad. Sci.", "Annals of the New York Academy of Sciences"),
        ("FASEB J", "The FASEB Journal"),
        ("Oncotarget", "Oncotarget"),
        ("eLife", "eLife"),
        ("Elife", "eLife"),
        ("Cell Metab", "Cell Metabolism"),
        (
            "Philos Trans R Soc Lond B Biol Sci",
            "Philosophical Transactions of the Royal Society B: Biological Sciences",
        ),
        ("J Nutr Health Aging", "The journal of nutrition, health & aging"),
        ("Int J Mol Sci", "International Journal of Molecular Sciences"),
        ("IJMS", "International Journal of Molecular Sciences"),
        ("Hum Mol Genet", "Human Molecular Genetics"),
        ("Nat Rev Mol Cell Biol", "Nature Reviews Molecular Cell Biology"),
        ("Science", "Science (New York, N.Y.)"),
        ("Nature", "Nature"),
        ("NATURE", "Nature"),
        ("Rev Esp Salud Publica", "Revista española de salud pública"),
        ("Zh Nevrol Psikhiatr", "Zhurnal nevrologii i psikhiatrii imeni S.S. Korsakova"),
        ("Ann Intern Med", "Annals of Internal Medicine"),
        ("Lancet Oncol", "The Lancet Oncology"),
        ("Sci Transl Med", "Science Translational Medicine"),
        ("Biochem Biophys Res Commun", "Biochemical and Biophysical Research Communications"),
        ("BBRC", "Biochemical and Biophysical Research Communications"),
        ("Mech Ageing Dev", "Mechanisms of Ageing and Development"),
        ("Nat Med", "Nature Medicine"),
        ("J Am Geriatr Soc", "Journal of the American Geriatrics Society"),
        ("JAGS", "Journal of the American Geriatrics Society"),
        ("Br J Nutr", "British Journal of Nutrition"),
        ("Osteoporos Int", "Osteoporosis International"),
        ("Angew Chem Int Ed", "Angewandte Chemie International Edition"),
        ("Proc R Soc B", "Proceedings of the Royal Society B: Biological Sciences"),
        ("Eur J Appl Physiol", "European Journal of Applied Physiology"),
        ("bioRxiv", "bioRxiv : the preprint server for biology"),
        ("Biochim Biophys Acta", "Biochimica et Biophysica Acta (BBA) - General Subjects"),
        ("BBA", "Biochimica et biophysica acta"),
        ("MMWR", "MMWR. Morbidity and mortality weekly report"),
    ],
)
def test_names_of_one_journal(stated, known):
    assert is_same_journal(stated, known)
    assert is_same_journal(known, stated)


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("Nature", "Nature Communications"),
        ("Nature", "Nature Medicine"),
        ("Cell", "Cell Metabolism"),
        ("Aging Cell", "Aging"),
        ("Science", "Science Advances"),
        ("Cell Rep", "Cell Research"),
        ("JAMA", "JAMA Oncology"),
        ("Lancet", "The Lancet Oncology"),
        ("J Clin Invest", "Journal of Clinical Oncology"),
        ("Nat Med", "Nature Metabolism"),
        ("Mol Cell", "Molecular Psychiatry"),
        ("Science", "Scientific Reports"),
        ("Nature", "Cell"),
        ("Sci Rep", "Science"),
        ("PLoS One", "PLOS Biology"),
        ("Nat Genet", "Nature Neuroscience"),
        ("J Biol Chem", "Journal of Cell Biology"),
        ("Am J Clin Nutr", "American Journal of Human Genetics"),
        ("Neuron", "Neurology"),
        ("Circulation", "Circulation Research"),
        ("Br J Nutr", "British Journal of Sports Medicine"),
        ("Blood", "Bone"),
        ("J Nutr", "Journal of Neuroscience"),
        ("NEJM", "Nature Medicine"),
        ("BMJ", "JAMA"),
        ("Gut", "Gut Microbes"),
        ("Nat Commun", "Nature"),
        ("Cancer Res", "Cancer Cell"),
        ("J Physiol", "Journal of Pharmacology"),
        ("J Gerontol A", "Journal of Genetics"),
        ("Ann Intern Med", "Archives of Internal Medicine"),
        ("Eur Heart J", "European Respiratory Journal"),
        ("Nat Aging", "Nature Genetics"),
        ("Diabetes", "Diabetes Care"),
        ("Bone", "Journal of Bone and Mineral Research"),
    ],
)
def test_names_of_two_journals(stated, known):
    assert not is_same_journal(stated, known)
    assert not is_same_journal(known, stated)


@pytest.mark.parametrize("name", ["中华医学杂志", "", "1234", "Журнал"])
def test_nothing_is_told_of_names_that_cannot_be_compared(name):
    assert is_same_journal(name, "Zhonghua yi xue za zhi")
