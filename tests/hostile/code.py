"""Code that attacks, put into one exercise of a notebook that does two others honestly."""

from pathlib import Path

from conftest import ROOT

from .case import ATTACKED, COMPUTED, EARLY, LATE, OPEN, TABLE, UNIT, Case, Place, both, exercise

CANARY = "canary-of-"
"""What begins every secret that is planted for attacks to find."""
NAMESPACE = Path("/proc/self/ns/pid")

PRELUDE = '''
import ctypes, glob, json, os, re, signal, socket, sqlite3, subprocess, sys, time
from pathlib import Path
COURSE, HOME, REPO, UNIT, PORT, ABSTRACT, EARLY, ATTACKED, TABLE, OPEN = {known!r}
# Never whole in this text, so that finding the text is not finding a secret.
SECRET = re.compile("canary" + "-of-" + "[a-z]+")

def loot(found):
    """Put what was found wherever it might get out."""
    told = str(found)[:5000]
    Path("loot.txt").write_text(told)
    os.write(1, told.encode())
    print(told, file=sys.stderr)
    answer(OPEN, told)

def went_off():
    loot("-".join(["canary", "of", "bombs"]))

def seen_in(text):
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    found = SECRET.search(text)
    if found:
        loot(found[0])
    return bool(found)

def aim():
    """End here unless this process cannot hit the machine that runs the tests."""
    try:
        outside = os.readlink("/proc/self/ns/pid") == {namespace!r}
    except OSError:
        outside = os.getpid() > 300  # No machine gives a new process a number below.
    if outside:
        went_off()
        os._exit(0)
'''


def cell(place: Place, code: str) -> str:
    """Return the attack as a student's cell that knows where everything is."""
    known = (*map(str, (place.course, place.home, ROOT)), UNIT, place.port, place.abstract)
    known += (EARLY, ATTACKED, TABLE, OPEN[0])
    return PRELUDE.format(known=known, namespace=str(NAMESPACE.readlink())) + code


def attack(
    name: str, why: str, code: str, loses: tuple[str, ...] = (), *, finds: bool = False
) -> Case:
    """Return the case of a student whose code does this between two honest exercises."""
    honest = [exercise(q, f'answer("{q}", {response})') for q, response in COMPUTED.items()]

    def do(place: Place) -> None:
        both(*honest, exercise(ATTACKED, cell(place, code)))(place)

    return Case(name, why, do, loses, code, finds)


DIES = (LATE,)
"""What is lost by code that ends its own process: what would have come after."""
ALL = (EARLY, LATE)
