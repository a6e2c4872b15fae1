"""The platform, and its map. This module imports nothing.

Read in this order:

1. ``domain/``      the programme's rules in plain Python: ``pipeline``, ``retention``, ``evidence``.
2. ``models/``      the tables, one noun a file; what must never be is a named CHECK.
3. ``services/``    deeds: session first, keyword-only, they flush and never commit.
4. ``queries/``     reads: session in, rows or frozen dataclasses out.
5. ``reading/``     files in, text and fields out: resumes, tables of postings.
6. ``reports/``     the plan's six reports from frozen snapshots, as HTML, DOCX, XLSX and PDF.
7. ``tasks/``       background work: what runs, when, and how often it is retried.
8. ``auth/ graduates/ employers/ officers/ pages/``   Flask, by audience; templates beside them.
9. ``ui/``          what all audiences share on a page: forms, filters, charts, paging, exports.
10. ``app.py``       ``create_app(settings)`` puts it together; ``wsgi.py`` is the server's door.

A resume's way: ``graduates/resume.py`` -> ``reading`` -> ``services/resumes.py`` ->
``services/matching.py`` -> ``matcher``. A placement's way: ``services/placements.py`` ->
``services/evidence.py`` -> ``services/verifications.py`` -> ``domain/retention.py`` ->
``services/ledger.py`` -> ``queries/breakdowns.py``, and back by ``services/reversals.py``. A post's way:
``services/postings.py`` -> ``services/post_ledger.py`` -> ``domain/post_likeness.py`` ->
``queries/post_ledger.py``.
The reasons for all this are in ``decisions/``.
"""
