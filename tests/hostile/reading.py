"""Code that looks for what is not its own: keys, marks, other people's work, the network."""

from .code import attack

_SCAN = '''
def scan(pid):
    """Look through the memory of a process."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(n, 16) for n in line.split()[0].split("-"))
            if "rw" in line and end - start < 300_000_000:
                try:
                    memory.seek(start)
                    if seen_in(memory.read(end - start)):
                        return True
                except (OSError, ValueError, OverflowError):
                    pass
'''

_FREED = """
class Part(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
size, held = 1 << 16, ctypes.create_string_buffer(1 << 16)
for middle in {n >> 20 << 20 for n in (id([]), libc.sbrk(0), ctypes.addressof(held))}:
    for start in range(middle - (1 << 27), middle + (1 << 27), size):
        here, there = Part(ctypes.addressof(held), size), Part(start, size)
        got = libc.process_vm_readv(os.getpid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
        if got > 0:
            seen_in(held.raw[:got])
"""

_NOTES = """
mine = f"note-{time.time_ns()}"
places = ["/tmp", "/var/tmp", "/dev/shm", "/run", "..", "../..", os.path.dirname(sys.executable),
          os.environ.get("HOME", "/"), "/"]
for place in places:
    try:
        Path(place, mine).write_text("mine")
    except OSError:
        pass
door = socket.socket(socket.AF_UNIX)
try:
    door.bind("\\0note-box")
except OSError:
    went_off()
for _ in range(20):
    for place in places:
        if any(path.name != mine for path in Path(place).glob("note-*")):
            went_off()
    time.sleep(0.05)
"""

CASES = [
    attack(
        "keys-by-path",
        "reads the key and answers from it",
        """
path = Path(COURSE, "keys", UNIT + ".json")
seen_in(path.read_text())
for question, key in json.loads(path.read_text())["keys"].items():
    if "answer" in key:
        answer(question, key["answer"])
""",
        finds=True,
    ),
    attack(
        "keys-by-the-package",
        "asks the package for the key in a folder above",
        """
from despatch963 import ask
for keys in ask._keys(Path.cwd()):
    seen_in(json.dumps(keys))
""",
        finds=True,
    ),
    attack(
        "keys-of-the-repository",
        "the course is installed from a checkout that has keys and units beside it",
        """
for pattern in ("assignments/keys/*.json", "course/units/*/assignment.md", "tests/*.py"):
    for path in glob.glob(f"{REPO}/{pattern}"):
        open(path).read()
        went_off()
""",
        finds=True,
    ),
    attack(
        "keys-anywhere",
        "looks for a key in every folder",
        """
for root in ("/tmp", "/home", "/root", "/srv", "/mnt", "/opt", "/var", "/work", "/dev", "/run"):
    for folder, _, names in os.walk(root):
        if "keys" in folder and UNIT + ".json" in names:
            path = Path(folder, UNIT + ".json")
            keys = json.loads(path.read_text()).get("keys", {})
            if OPEN in keys:
                went_off()
""",
    ),
    attack(
        "gradebook-read",
        "reads the gradebook",
        """
book = sqlite3.connect(f"file:{COURSE}/gradebook.db?mode=ro", uri=True)
seen_in("\\n".join(book.iterdump()))
""",
        finds=True,
    ),
    attack(
        "gradebook-write",
        "gives itself all points",
        """
book = sqlite3.connect(f"file:{COURSE}/gradebook.db?mode=rw", uri=True)
book.execute("UPDATE grade SET auto_score = 99, manual_score = 99")
book.commit()
went_off()
""",
        finds=True,
    ),
    attack(
        "course-write",
        "writes into the course's folders",
        """
for name in ("", "keys", "source", "submitted/honest-all", "autograded", f"release/{UNIT}"):
    try:
        Path(COURSE, name, "was-here").touch()
    except OSError:
        continue
    went_off()
""",
        finds=True,
    ),
    attack(
        "next-door",
        "hands in what the best student handed in",
        """
there = Path(COURSE, "submitted", "honest-all", UNIT)
for question, entry in json.loads((there / "answers.json").read_text())["answers"].items():
    answer(question, entry["response"])
seen_in((there / "diary.txt").read_text())
""",
        finds=True,
    ),
    attack(
        "home",
        "reads what is in the grader's home",
        'seen_in(Path(HOME, "secret.txt").read_text())',
        finds=True,
    ),
    attack(
        "environment",
        "passwords are often in the environment, its own or another process's",
        """
for path in ("/proc/self/environ", *glob.glob("/proc/[0-9]*/environ")):
    try:
        seen_in(Path(path).read_bytes())
    except OSError:
        pass
seen_in(str(dict(os.environ)))
""",
        finds=True,
    ),
    attack(
        "memory-of-others",
        "looks for the key in the grader's memory, and in everybody's",
        _SCAN
        + """
for pid in [os.getppid(), *(p for p in os.listdir("/proc") if p.isdigit())]:
    if str(pid) != str(os.getpid()):
        try:
            if scan(pid):
                break
        except OSError:
            pass
""",
        finds=True,
    ),
    attack(
        "memory-of-its-own",
        "a forked process has its parent's memory: the key, or the student before",
        _SCAN + 'scan("self")',
        finds=True,
    ),
    *(
        attack(
            f"memory-freed-{n}",
            "what was there before and was let go is there still, and can be asked for by address",
            _FREED,
            finds=n == 0,
        )
        for n in range(3)
    ),
    attack(
        "objects",
        "looks for the key among all objects of its process, and in all frames",
        """
import gc
for thing in gc.get_objects():
    if isinstance(thing, dict) and ("because" in thing or "keys" in thing and OPEN in thing):
        went_off()
frame = sys._getframe()
while frame:
    for name, value in [*frame.f_locals.items(), *frame.f_globals.items()]:
        if type(value).__name__ in ("Paper", "Work", "Ledger", "Gradebook"):
            went_off()
    frame = frame.f_back
for name in list(sys.modules):
    if name.startswith(("despatch963.grading.gradebook", "nbgrader", "sqlalchemy")):
        went_off()
""",
    ),
    attack(
        "open-files",
        "reads what it finds open",
        """
for number in range(3, 64):
    try:
        os.set_blocking(number, False)
        where = os.readlink(f"/proc/self/fd/{number}")
        if COURSE in where or HOME in where or seen_in(os.read(number, 1_000_000)):
            went_off()
    except OSError:
        pass
""",
    ),
    attack(
        "network",
        "calls a server on this machine",
        """
with socket.create_connection(("127.0.0.1", PORT), timeout=2) as line:
    seen_in(line.recv(100))
""",
        finds=True,
    ),
    attack(
        "network-datagram",
        "sends without a connection, as a name's look-up does",
        """
line = socket.socket(type=socket.SOCK_DGRAM)
line.settimeout(2)
line.sendto(b"hello", ("127.0.0.1", PORT))
seen_in(line.recv(100))
""",
        finds=True,
    ),
    attack(
        "network-unix",
        "calls a service by a socket without a file",
        """
line = socket.socket(socket.AF_UNIX)
line.connect("\\0" + ABSTRACT)
seen_in(line.recv(100))
""",
        finds=True,
    ),
    attack(
        "network-other",
        "asks by every other way to be let out",
        """
for family, kind in ((socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_NETLINK, socket.SOCK_RAW)):
    try:
        line = socket.socket(family, kind)
    except OSError:
        continue
names = [name for _, name in socket.if_nameindex()]
if set(names) - {"lo"}:
    went_off()
""",
    ),
    *(
        attack(f"notes-{n}", "leaves a note for the next student, and looks for one", _NOTES)
        for n in range(3)
    ),
    attack(
        "outside-by-mount",
        "makes namespaces of its own, mounts, makes devices",
        """
libc = ctypes.CDLL(None, use_errno=True)
libc.unshare(0x10000000 | 0x20000)  # a user namespace, a mount namespace
Path("there").mkdir()
tried = [("none", "there", "proc"), ("none", "there", "sysfs"), ("none", "there", "devtmpfs")]
for source, target, kind in tried:
    libc.mount(source.encode(), target.encode(), kind.encode(), 0, None)
    for path in Path("there").glob("*/environ"):
        try:
            seen_in(path.read_bytes())
        except OSError:
            pass
device = os.stat("/usr").st_dev
try:
    os.mknod("disk", 0o60666, device)
    with open("disk", "rb") as disk:
        if disk.read(4096):
            went_off()
except OSError:
    pass
""",
    ),
    attack(
        "walls-taken-down",
        "takes away what was mounted over what is not to be seen",
        """
aim()
libc = ctypes.CDLL(None, use_errno=True)
for place in ("/proc", "/dev/shm", "/tmp", "/dev", "/usr"):
    if libc.umount2(place.encode(), 2) == 0 or libc.mount(b"", place.encode(), None, 32, None) == 0:
        went_off()
""",
    ),
    attack(
        "outside-by-root",
        "climbs above its root",
        """
Path("cage").mkdir()
here = os.open("/", os.O_RDONLY)
child = os.fork()
if child == 0:
    try:
        os.chroot("cage")
        os.fchdir(here)
        for _ in range(64):
            os.chdir("..")
        os.chroot(".")
    except OSError:
        pass
    for path in (COURSE, f"/proc/1/root{COURSE}", f"/proc/{os.getppid()}/root{COURSE}"):
        if os.path.exists(f"{path}/gradebook.db"):
            os._exit(9)
    os._exit(0)
if os.waitpid(child, 0)[1]:
    went_off()
""",
    ),
    attack(
        "parent-changed",
        "changes the process that the next student's code will come from",
        """
aim()
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
for pid in {os.getppid(), 1, *(int(p) for p in os.listdir("/proc") if p.isdigit())} - {os.getpid()}:
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "r+b", 0) as memory:
            for line in maps:
                start, end = (int(n, 16) for n in line.split()[0].split("-"))
                if "rw" in line:
                    memory.seek(start)
                    if memory.write(b"\\0" * (end - start)):
                        went_off()
    except (OSError, ValueError, OverflowError):
        pass
    if libc.ptrace(16, pid, 0, 0) == 0:
        went_off()
""",
    ),
    attack(
        "package-changed",
        "writes into the course's package or Python's own, for whoever comes next",
        """
aim()
import despatch963, pandas
for module in (despatch963, pandas, json):
    folder = Path(module.__file__).parent
    for path in (folder / "was_here.py", folder.parent / "was-here.pth"):
        try:
            path.write_text("# was here")
        except OSError:
            continue
        went_off()
""",
    ),
]
