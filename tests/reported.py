"""Reports for the tests of their formats: of a real store, of hostile pages, and of findings made by hypothesis."""

from __future__ import annotations

from auditing import KIM, WEBER, Vault
from hypothesis import strategies as st
from judging import CHOICES, add_sources, claim, work
from msgspec.structs import replace

from evidence.audit import CODES
from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport
from evidence.audit.judgement import JudgedClaim
from evidence.audit.verdicts import judge
from evidence.vocabulary import Severity

PAGE = """# Page

Bone is lost.[^a] And fat is gained.[^a][^b] Nothing is cited here at all.

Old bone breaks.[^c] New bone breaks too.[^gone] Bone hurts.[^a]

Muscle is lost.[^a] #gap/needs-replication

[^a]: in-vivo · model: mice · doi:10.1000/a1
[^b]: in-vivo · model: mice · doi:10.1000/b1
[^c]: doi:10.1000/c1
"""
# Each means something to one of the formats, a terminal, a spreadsheet or a CI runner.
HOSTILE = [
    "=HYPERLINK(0)",
    "+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "a;=1+1",
    'a"; =1+1',
    "＝1+1",
    "a,b\r\n=1",
    '"quoted", "twice""',
    "]]>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b `c` **d** _e_ ~~f~~",
    "[click](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "http://evil.example www.evil.example a@evil.example @somebody org/repo#1",
    "$x^2$ and <!-- -->",
    "# heading",
    "::error file=a::b",
    "x\n::set-output name=a::b",
    "##[command]x",
    "50 %25 %0A",
    "\x1b[31mred\x1b]0;title\x07",
    "\u202ereversed\u202c",
    "\u2028line\u2029paragraph\x85next",
    "nul\x00nul",
    "\ud800 lone \udfff",
    "\\",
    "{0} {{x}} \\{",
    "",
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=[]), max_size=40),
    st.lists(st.sampled_from([*"=+-@;,|\"'\\`*_[]()<>&#:%\t\r\n ab", "\u202e", "\ud800", "\x00"]), max_size=12).map(
        "".join
    ),
)


def vault():
    """A store with a retracted, a load-bearing and a replicated work, a missing note, and works that were looked up."""
    made = Vault().page(PAGE).work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)
    return made.work("doi:10.1000/c1", notices=["retraction"])


def report_of(*claims, findings=()):
    """An audit of claims made by hand, as the audit itself puts it together."""
    report = AuditReport(pages=1)
    for one in claims:
        verdict = judge(one, CHOICES)
        report.claims.append(JudgedClaim(one, verdict))
        add_sources(report.sources, one, verdict)
    report.findings += findings
    return report


def finding(code="EV001", severity=Severity.ERROR, path="page.md", line=3, message="a message", **facts):
    values = {"column": 1, "claim": None, "fix": "a fix", "fingerprint": f"{code}-{path}-{line}"} | facts
    return Finding(code, severity, path, line, message=message, **values)


def hostile_report(text):
    """An audit in which every text that a page or a registry gives is this one."""
    where = {"path": text or "page.md", "section": (text,)}
    one = replace(claim(work(title=text), work("b", title=text), text=text), **where)
    same = replace(claim(work(title=text), text=text), **where)
    said = {"path": text or "page.md", "message": text, "fix": text}
    return report_of(one, same, same, findings=[finding(**said), finding(code="EV009", **said, acknowledged=text)])


def reports():
    """Reports with texts that hypothesis finds."""
    return TEXTS.map(hostile_report)


def findings():
    """Findings with any texts, some of them acknowledged."""
    return st.lists(
        st.builds(
            Finding,
            code=st.sampled_from(sorted(CODES)),
            severity=st.sampled_from(Severity),
            path=TEXTS.filter(bool),
            line=st.integers(0, 10**6),
            column=st.integers(1, 10**4),
            claim=st.none() | st.just("c1"),
            message=TEXTS,
            fix=TEXTS,
            fingerprint=st.sampled_from(["f1", "f2", "f3"]),
            acknowledged=st.none() | TEXTS,
        ),
        max_size=6,
    )
