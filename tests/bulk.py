"""For the tests of mirrors: bulk files as PubMed and Crossref make them."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from pathlib import Path

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle" "x.dtd">\n'
)
JANUARY_2026 = 1_768_000_000


def article(pmid, *, doi=None, pmcid=None, version=1, title="A title", cites="", revised="2025-12-20"):
    """A PubmedArticle with the elements in the order of the DTD."""
    year, month, day = revised.split("-")
    ids = [f'<ArticleId IdType="pubmed">{pmid}</ArticleId>']
    ids += [f'<ArticleId IdType="doi">{doi}</ArticleId>'] if doi else []
    ids += [f'<ArticleId IdType="pmc">{pmcid}</ArticleId>'] if pmcid else []
    cited = f'<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">{cites}</ArticleId></ArticleIdList>'
    cited += "</Reference></ReferenceList>"
    return (
        f'<PubmedArticle>\n<MedlineCitation Status="MEDLINE" Owner="NLM">\n<PMID Version="{version}">{pmid}</PMID>\n'
        f"<DateRevised><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></DateRevised>\n"
        f"<Article><ArticleTitle>{title}</ArticleTitle></Article>\n</MedlineCitation>\n<PubmedData>"
        f"<ArticleIdList>{''.join(ids)}</ArticleIdList>{cited if cites else ''}</PubmedData>\n</PubmedArticle>\n"
    )


def article_set(*articles, deleted=()):
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>\n' for pmid in deleted)
    end = f"<DeleteCitation>\n{gone}</DeleteCitation>\n" if deleted else ""
    return f"{HEAD}<PubmedArticleSet>\n{''.join(articles)}{end}</PubmedArticleSet>\n"


def work(doi, **fields):
    indexed = {"date-time": "2025-12-20T04:21:57Z"}
    return {"indexed": indexed, "DOI": doi, "title": ["A title"], "reference": [{"DOI": "10.9/cited"}], **fields}


def write(path: Path, text: str | bytes, *, changed: int = JANUARY_2026) -> Path:
    """Write a file, packed where its name says so, and last changed on a given day."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    os.utime(path, (changed, changed))
    return path


def json_lines(*works):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in works)


def json_items(*works, indent=None):
    return json.dumps({"items": list(works)}, ensure_ascii=False, indent=indent)


def write_tar(path: Path, members: dict[str, str]) -> Path:
    """Write an archive of packed files, as Crossref's public data file comes."""
    with tarfile.open(path, "w") as archive:
        for name, text in members.items():
            data = gzip.compress(text.encode(), mtime=0)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    os.utime(path, (JANUARY_2026, JANUARY_2026))
    return path
