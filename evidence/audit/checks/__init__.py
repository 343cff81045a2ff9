"""What a page's author should mend: a module a subject, one function a check.

`claims.py` for a claim and its verdict, `tags.py` for its tags, `works.py` for a work wherever it is cited, `notes.py`
for what a note says of its work, `consistency.py` for what two places say of one work, `pages.py` for a page as read.
"""
