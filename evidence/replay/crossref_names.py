"""The names that Crossref's list of works takes in `select=` and `filter=`.

Source:
    Crossref's documentation of the REST API, 2026. "language", "subtype" and "reference-count", which a full work has,
    cannot be selected.
"""

from __future__ import annotations

_SELECTABLE = """
    DOI ISBN ISSN URL abstract accepted alternative-id approved archive article-number assertion author chair
    clinical-trial-number container-title content-created content-domain contributor created degree deposited editor
    event funder group-title indexed is-referenced-by-count issn-type issue issued license link member
    original-title page posted prefix published published-online published-print publisher publisher-location
    reference references-count relation resource score short-container-title short-title standards-body subject
    subtitle title translator type update-policy update-to updated-by volume
"""
_FILTERS = """
    affiliation alternative-id archive article-number assertion assertion-group award.funder award.number
    category-name clinical-trial-number container-title content-domain directory doi from-accepted-date
    from-approved-date from-awarded-date from-created-date from-deposit-date from-event-end-date
    from-event-start-date from-index-date from-issued-date from-online-pub-date from-posted-date from-print-pub-date
    from-pub-date from-update-date full-text.application full-text.type full-text.version funder
    funder-doi-asserted-by group-title has-abstract has-affiliation has-alias has-archive has-assertion
    has-authenticated-orcid has-award has-clinical-trial-number has-content-domain has-description
    has-domain-restriction has-event has-full-text has-funder has-funder-doi has-license has-orcid has-prime-doi
    has-references has-relation has-ror-id has-update has-update-policy is-update isbn issn license.delay
    license.url license.version location member orcid prefix relation.object relation.object-type relation.type
    ror-id type type-name until-accepted-date until-approved-date until-awarded-date until-created-date
    until-deposit-date until-event-end-date until-event-start-date until-index-date until-issued-date
    until-online-pub-date until-posted-date until-print-pub-date until-pub-date until-update-date update-type
    updates
"""

SELECTABLE = frozenset(_SELECTABLE.split())
FILTERS = frozenset(_FILTERS.split())
