"""FILES IN, TEXT AND FIELDS OUT. Nothing here knows a database, a web page or a clock.

``files`` turns an uploaded resume into text, or says in one sentence why it cannot; the parsing itself
runs in ``worker``, a process of its own. ``fields`` reads a person's fields from that text.
``tables`` streams rows from a file of postings, ``postings`` makes a posting of each row.
"""
