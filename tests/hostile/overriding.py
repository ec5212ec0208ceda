"""Code that changes what words mean: builtins, equality, the package, pandas, its own results."""

from .code import ALL, DIES, attack

CASES = [
    attack(
        "builtins",
        "every builtin says 99: the rest of its own cells breaks, nobody else's",
        """
import builtins
for name in ("len", "open", "isinstance", "sum", "float", "int", "repr", "getattr", "sorted"):
    setattr(builtins, name, lambda *given, **named: 99)
""",
        DIES,
    ),
    attack(
        "equal-to-all",
        "an answer that equals every answer",
        """
class Right(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __abs__ = lambda *given: Right()
answer(ATTACKED, Right())
""",
    ),
    attack(
        "any-table",
        "a table that says of itself what it holds",
        """
class Table:
    def to_dict(self): return {}
    def to_json(self, **named): return '[{"sending_state": "Afghanistan", "value": NaN}]'
answer(TABLE, Table())
""",
    ),
    attack(
        "answer-replaced", "its own answer() answers nothing", "answer = lambda *given: None", DIES
    ),
    attack(
        "marking-replaced",
        "every mark is the best, in a process where nothing is marked",
        """
import despatch963.questions as questions, despatch963.ask as ask
questions.mark = ask.questions.mark = lambda *given: questions.Mark(1.0, ("",))
for kind in list(questions.KINDS):
    questions.KINDS[kind] = questions.KINDS[kind]._replace(score=lambda *given: 1.0)
answer(ATTACKED, 99)
""",
    ),
    attack(
        "json-replaced",
        "all that is written is written by the student",
        """
forged = {"version": 1, "points": {ATTACKED: 99}, "answers": {
    ATTACKED: {"response": 99, "points": 99, "score": 1}}}
json.dumps = lambda *given, **named: '{"version": 1, "answers": %s}' % forged
json.loads = json.load = lambda *given, **named: forged
""",
        DIES,
    ),
    attack(
        "pandas-replaced",
        "every table of pandas is empty, for whoever comes next",
        """
import numpy, pandas
pandas.DataFrame.__init__ = lambda self, *given, **named: None
pandas.DataFrame.to_json = numpy.sum = numpy.array = lambda *given, **named: 1 / 0
""",
    ),
    attack(
        "results-forged",
        "writes what the grader may wait for into every open file, one thing a program",
        """
import pickle, struct
class Program:
    def __reduce__(self): return os.system, (f"touch {COURSE}/was-here",)
told = {"responses": {ATTACKED: 99}, "points": {OPEN: 99}, "outputs": "",
        "problem": "", "answers": {ATTACKED: {"response": 99}}, "version": 1}
for number in range(64):
    for content in (pickle.dumps(Program()), json.dumps(told).encode() + b"\\n"):
        for length in (b"", struct.pack("!i", len(content)), struct.pack("<Q", len(content))):
            try:
                os.set_blocking(number, False)
                os.write(number, length + content)
            except OSError:
                pass
""",
    ),
    attack(
        "sheet-by-hand",
        "a sheet with points in it, written by code",
        """
sheet = json.loads(Path("answers.json").read_text())
sheet["answers"][ATTACKED] = {"response": 99, "points": 99, "score": 1}
Path("answers.json").write_text(json.dumps({**sheet, "points": 99}))
""",
    ),
    attack(
        "sheet-a-link",
        "the grader reads the sheet and follows",
        """
Path("answers.json").unlink()
os.symlink(f"{COURSE}/submitted/honest-all/{UNIT}/answers.json", "answers.json")
os.symlink(f"{COURSE}/keys/{UNIT}.json", "mine.json")
os._exit(0)
""",
        ALL,
    ),
    attack(
        "sheet-a-pipe",
        "the grader reads the sheet and waits",
        'Path("answers.json").unlink()\nos.mkfifo("answers.json")\nos._exit(0)',
        ALL,
    ),
    attack(
        "sheet-a-folder",
        "the grader reads the sheet and finds a folder",
        'Path("answers.json").unlink()\nPath("answers.json").mkdir()\nos._exit(0)',
        ALL,
    ),
    attack(
        "sheet-of-megabytes",
        "the grader reads the sheet, all of it",
        'with open("answers.json", "r+b") as sheet: sheet.truncate(60_000_000)\nos._exit(0)',
        ALL,
    ),
    attack(
        "sheet-of-storeys",
        "the grader reads the sheet and falls",
        """
Path("answers.json").write_text('{"version": 1, "answers": ' + '{"a":' * 200_000)
os._exit(0)
""",
        ALL,
    ),
    attack(
        "shadows",
        "modules of its own in the folder, for whoever imports there",
        """
for name in ("json", "despatch963", "pandas", "answers", "struct", "pickle", "encodings"):
    Path(name + ".py").write_text("import os; os.system('touch was-here'); os._exit(7)")
os.environ["PYTHONPATH"] = os.getcwd()
""",
    ),
    attack("no-such-question", "answers what nobody asked", 'answer("no-such-question", 1)'),
    attack("not-python", "a cell that cannot be compiled", "def ( = \0"),
    attack("brackets", "a cell that no compiler gets through", "(" * 100_000 + ")" * 100_000),
    attack("megabyte", "a cell of nearly a megabyte", "x = 1\n" * 150_000),
    attack(
        "shell", "IPython's words, which are no Python", "!touch was-here\n%%bash\ntouch was-here"
    ),
    attack("leaves", "asks to end, politely", "raise SystemExit(0)"),
    attack("interrupts", "as if somebody had pressed Ctrl-C", "raise KeyboardInterrupt"),
    attack(
        "error-of-errors",
        "an error that cannot be told",
        """
class Odd(BaseException):
    __str__ = __repr__ = __getattribute__ = lambda *given: 1 / 0
raise Odd
""",
    ),
    attack(
        "audited",
        "from now on everything that Python reports is an error",
        """
def refuse(*event):
    raise RuntimeError
sys.addaudithook(refuse)
""",
        DIES,
    ),
    attack(
        "closes-everything",
        "closes all files that it finds open",
        "os.closerange(0, 1000)",
        DIES,
    ),
    attack(
        "after-the-end",
        "code for when the process ends, and a thread that does not",
        """
import atexit, threading
def late():
    time.sleep(0.2)
    Path("answers.json").write_text("{}")
    os._exit(3)
atexit.register(late)
threading.Thread(target=time.sleep, args=(3600,)).start()
""",
    ),
]
