"""Whether a submission, or what it is marked by, has changed since it was graded."""

import hashlib
import json
from collections.abc import Mapping

from .submission import Paper, Work


def paper(paper: Paper) -> str:
    """Return the fingerprint of an assignment: its notebook, files, questions and keys."""
    known = json.dumps([paper.questions, paper.keys, paper.reasons], sort_keys=True, default=str)
    return _hashed({**paper.files, "": paper.master, "/": known.encode()})


def work(work: Work, paper: str) -> str:
    """Return the fingerprint of a submission marked by the assignment with fingerprint `paper`."""
    unreadable = "\0".join(sorted(work.unreadable)).encode(errors="surrogateescape")
    return _hashed({**work.files, "": paper.encode(), "/": unreadable})


def _hashed(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        for part in (name.encode(errors="surrogateescape"), content):
            # With its length before it, no part can pass for the end of another.
            whole.update(len(part).to_bytes(8))
            whole.update(part)
    return whole.hexdigest()
