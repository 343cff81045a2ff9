"""Dates of libraries: months by their names in several languages, and what is not certain of a date."""

from __future__ import annotations

import pytest
from libraries import read_text

from evidence.library.dates import read_date
from evidence.library.months import month_of

MONTHS = {
    "English": "January February March April May June July August September October November December",
    "German": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "Dutch": "januari februari maart april mei juni juli augustus september oktober november december",
    "German, short": "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "Austrian": "Jänner Feber März April Mai Juni Juli August September Oktober November Dezember",
    "French, short": "janv févr mars avr mai juin juil août sept oct nov déc",
    "Spanish, short": "ene feb mar abr may jun jul ago sept oct nov dic",
    "Italian, short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "Portuguese, short": "jan fev mar abr mai jun jul ago set out nov dez",
}


def entry_of(fields):
    [entry] = read_text(f"@article{{a, title={{T}}, doi={{10.1000/x}}, {fields}}}")
    return entry


@pytest.mark.parametrize("language", list(MONTHS))
def test_months_are_read_by_their_names(language):
    names = MONTHS[language].split()
    assert [month_of(name) for name in names] == list(range(1, 13))
    assert [month_of(name.upper()) for name in names] == list(range(1, 13))


@pytest.mark.parametrize(
    ("month", "date"),
    [
        (r"{M{\"a}rz}", "2019-03"),
        (r"{ao{\^u}t}", "2019-08"),
        ("{janv.--févr.}", "2019-01"),
        ("{12 de marzo}", "2019-03-12"),
        ('mar # "~5"', "2019-03-05"),
        ('"5~" # mar', "2019-03-05"),
        ("{5--7 May}", "2019-05-05"),
        ("{Feb 28 -- Mar 3}", "2019-02-28"),
        # The day is of the second month.
        ("{Sep-Oct 3}", "2019-09"),
        ("{Frühjahr}", "2019"),
        ("{été}", "2019"),
        ("{primavera}", "2019"),
    ],
)
def test_month_of_an_entry_is_read(month, date):
    entry = entry_of(f"year = 2019, month = {month}")
    assert (entry.description.date, entry.problems) == (date, ())


@pytest.mark.parametrize("month", ["jui", "Mardi", "Marchioness", "listopad", "décade"])
def test_word_that_is_no_month_or_may_be_two_is_told(month):
    entry = entry_of(f"year = 2019, month = {{{month}}}")
    assert entry.description.date == "2019"
    assert [one.message for one in entry.problems] == [f"“{month}” is no month; it is not read"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019 Mar 12", "2019-03-12"),
        ("2019-Mar-12", "2019-03-12"),
        ("2019, March 5", "2019-03-05"),
        ("2019 Mar-Apr", "2019-03"),
        ("2019 décembre", "2019-12"),
        ("12. März 2019", "2019-03-12"),
        ("12 de marzo de 2019", "2019-03-12"),
        ("1er janvier 2019", "2019-01-01"),
        ("5th May 2019", "2019-05-05"),
        ("May 5, 2019", "2019-05-05"),
        ("Mar/Apr 2019", "2019-03"),
        ("2018 Dec - 2019 Jan", "2018-12"),
        ("Dec 2018 - Jan 2019", None),
        ("2019 (Mayo Clinic)", "2019"),
        ("2019 Spring", "2019"),
        ("Spring 2019", "2019"),
        ("2019 5", "2019"),
        ("March of 45 people 2019", "2019"),
    ],
)
def test_date_in_words_is_read_as_far_as_it_is_certain(text, date):
    assert read_date(text) == date


def test_day_of_medline_is_read_in_ris():
    [entry] = read_text("TY  - JOUR\nTI  - T\nDO  - 10.1000/x\nPY  - 2019\nDA  - 2019 Mar 12\nER  - \n", "ris")
    assert (entry.description.date, entry.problems) == ("2019-03-12", ())
