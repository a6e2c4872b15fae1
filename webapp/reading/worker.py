"""The parsing process: a file on standard input, JSON on standard output, under hard limits.

``python -m webapp.reading.worker application/pdf`` reads what strangers upload, so it gets little memory,
little time and no way to write a file; if it dies, only it dies.
"""

import json
import resource
import sys

from webapp.reading.errors import Unreadable
from webapp.reading.kinds import MediaType

CPU_SECONDS = 15
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Parse standard input as the media type named by the first argument."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        text, pages = _parse(content, MediaType(sys.argv[1]))
        answer: dict[str, object] = {"text": text, "pages": pages}
    except Unreadable as problem:
        answer = {"problem": type(problem).__name__, "facts": problem.facts}
    sys.stdout.write(json.dumps(answer))


def _parse(content: bytes, kind: MediaType) -> tuple[str, int]:
    """Call the reader for a kind of file; each brings its own library."""
    if kind is MediaType.PDF:
        from webapp.reading.pdf import read_pdf

        return read_pdf(content)
    from webapp.reading.docx import read_docx

    return read_docx(content)


if __name__ == "__main__":
    main()
