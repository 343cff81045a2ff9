"""Bulk files of the registries, read in their place: PubMed's baseline and updates, Crossref's public data file."""
