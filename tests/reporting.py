"""Audits made by hand for the tests of the HTML report."""

from __future__ import annotations

import datetime as dt

from judging import CHOICES, RETRACTION, add_sources, claim, human, missing, review, work
from msgspec.structs import replace

from evidence.audit.checking import check_claim
from evidence.audit.judged import AuditReport
from evidence.audit.judgement import JudgedClaim
from evidence.audit.trend import AuditRun
from evidence.audit.verdicts import judge
from evidence.vocabulary import Flag, Status

COUNTED = {"single-study", "single-group", "multi-study", "replicated", "replicated-in-human"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)><svg onload=alert(1)> {{ 7 * 7 }} {% raw %} \u202e \x1b[31m"


def placed(*works, **facts):
    """A claim with an id, a page and a line of its own."""
    names = {"id", "path", "line"} & facts.keys()
    place = {name: facts.pop(name) for name in names}
    return replace(claim(*works, **facts), **place)


def report_of(*claims):
    """An audit of some claims, each with an id of its own unless it has one."""
    report = AuditReport(pages=len({one.path for one in claims}))
    for one in claims:
        verdict = judge(one, CHOICES)
        report.claims.append(JudgedClaim(one, verdict))
        report.findings += [found.finding for found in check_claim(one, verdict)]
        add_sources(report.sources, one, verdict)
        if Flag.UNVERIFIED in verdict.flags:
            report.unverified = [*report.unverified, one.path]
    return report


def holds_alone(claim, work):
    """Whether a claim of a JSON report rests on a work alone, as a whole or in a clause."""
    if claim["clauses"] and claim["status"] in COUNTED:
        return any(one["status"] == "single-study" and work in one["counted"] for one in claim["clauses"])
    counted = [one["id"] for one in claim["works"] if one["counted"]]
    return claim["status"] == "single-study" and work in counted


def many(number):
    """A report of a vault of three folders, with some claims of each status."""
    kinds = (
        lambda name: (work(name),),
        lambda name: (human(f"{name}-a"), human(f"{name}-b")),
        lambda name: (review(name),),
        lambda name: (work("fallen", notices=(RETRACTION,)),),
        lambda name: (missing(name),),
        lambda name: (),
    )
    folders = ("genes", "cells", "Genes!")
    claims = [
        placed(
            *kinds[one % 6](f"w{one % 31}"),
            id=f"claim{one:06}",
            path=f"wiki/{folders[one % 3]}/page {one % 40}.md",
            line=one + 1,
        )
        for one in range(number)
    ]
    return report_of(*sorted(claims, key=lambda one: (one.path, one.line)))


def audit_of(date, counts=None, run=1, rules="4"):
    """One audit of the past, by its day."""
    known = {status: (counts or {}).get(status, 0) for status in Status}
    return AuditRun(run, dt.datetime.fromisoformat(f"{date}T12:00:00+00:00"), rules, known, None)
