"""The six reports the plan names, written from a frozen snapshot and made into four kinds of file.

A report is a :class:`~webapp.reports.document.Document` made by one module for each name; ``html``,
``docx``, ``xlsx`` and ``pdf`` turn any document into bytes that are the same each time. Nothing here
knows the web, the database or the clock.
"""
