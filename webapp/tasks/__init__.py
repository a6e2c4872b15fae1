"""Background work: what runs, when, and how often it is retried.

Whoever opens the queue knows every task: a worker refuses letters and chores it has not been told of.
"""

from webapp.tasks import (  # noqa: F401 - they put themselves on the queue's list
    chores,
    digests,
    erasing,
    followups,
    funnel,
    imports,
    letters,
    market,
    planner,
    posts,
    probing,
    publications,
    reports,
    runs,
    sampling,
    sealing,
)
