"""Code that takes all there is, or kills: time, memory, disk, processes, output, whoever is near.

Each is small enough for the machine that runs the tests and says so when it went off. Those that
would hit it all the same look first whether they are shut in.
"""

from .code import DIES, attack

CASES = [
    attack("exit", "ends its process, as if all were well", "os._exit(0)", DIES),
    attack("abort", "ends its process with a core", "os.abort()", DIES),
    attack("crash", "reads where nothing is", "ctypes.string_at(0)", DIES),
    attack("kill-itself", "a signal that cannot be caught", "os.kill(os.getpid(), 9)", DIES),
    attack(
        "kill-its-parent",
        "what all students' code comes from",
        "aim()\nos.kill(os.getppid(), 9)\ntime.sleep(1)\nos._exit(0)",
        DIES,
    ),
    attack(
        "kill-its-group",
        "everything of its group and its session",
        "aim()\nos.killpg(0, 15)\nos.killpg(0, 9)",
        DIES,
    ),
    attack("kill-all", "everything that it may", "aim()\nos.kill(-1, 9)"),
    attack("stop-itself", "neither runs nor ends", "os.kill(os.getpid(), signal.SIGSTOP)", DIES),
    attack(
        "stop-its-parent",
        "what all students' code comes from neither runs nor ends",
        "aim()\nos.kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(1)\nos._exit(0)",
        DIES,
    ),
    attack("loop", "computes for ever", "while True: pass", DIES),
    attack(
        "sleep",
        "waits for ever and hears no signal",
        """
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(3600)
""",
        DIES,
    ),
    attack("power", "one long step that no signal of Python's interrupts", "9 ** 9 ** 9", DIES),
    attack("input", "waits for somebody to type", "input()"),
    attack(
        "forks",
        "a thousand processes",
        """
aim()
made = 0
try:
    for made in range(1000):
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
    went_off()
except OSError:
    pass
""",
    ),
    attack(
        "forks-of-forks",
        "each process starts another and ends, so that nobody can follow",
        """
aim()
if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
        time.sleep(0.001)
""",
    ),
    attack(
        "stays-behind",
        "a process that outlives its parent and kills whoever comes next",
        """
aim()
near = {int(p) for p in os.listdir("/proc") if p.isdigit()}
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    near.add(os.getpid())
    end = time.monotonic() + 300
    while time.monotonic() < end:
        for pid in {int(p) for p in os.listdir("/proc") if p.isdigit()} - near:
            try:
                os.kill(pid, 9)
            except OSError:
                pass
        time.sleep(0.005)
    os._exit(0)
""",
    ),
    attack(
        "threads",
        "two thousand threads",
        """
aim()
import threading
try:
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    went_off()
except RuntimeError:
    pass
""",
    ),
    attack(
        "memory",
        "six gigabytes",
        """
aim()
held = []
try:
    for _ in range(60):
        held.append(bytearray(os.urandom(1)) * 100_000_000)
    went_off()
except MemoryError:
    held.clear()
""",
    ),
    attack(
        "memory-of-many",
        "half a gigabyte in each of sixteen processes",
        """
aim()
children = []
try:
    for _ in range(16):
        child = os.fork()
        if child == 0:
            try:
                held = bytearray(b"x") * 500_000_000
                time.sleep(2)
                os._exit(0)
            except MemoryError:
                os._exit(1)
        children.append(child)
except OSError:
    pass
ended = [os.waitpid(child, 0)[1] for child in children]
if ended.count(0) == 16:
    went_off()
""",
    ),
    attack(
        "disk",
        "two gigabytes in one file",
        """
aim()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("big", "wb") as file:
        for _ in range(200):
            file.write(b"x" * 10_000_000)
    went_off()
finally:
    Path("big").unlink()
""",
    ),
    attack(
        "disk-by-pieces",
        "two gigabytes in files that are each small, wherever it may write",
        """
aim()
for place in (".", "/tmp", "/dev/shm", "/var/tmp"):
    try:
        for number in range(200):
            Path(place, f"piece-{number}").write_bytes(b"x" * 10_000_000)
    except OSError:
        for path in Path(place).glob("piece-*"):
            path.unlink()
        continue
    went_off()
""",
    ),
    attack(
        "disk-of-its-own",
        "makes a disk of two gigabytes, in memory, as the root of a namespace may",
        """
aim()
libc = ctypes.CDLL(None, use_errno=True)
Path("there").mkdir()
for _ in range(3):
    if libc.mount(b"tmpfs", b"there", b"tmpfs", 0, b"size=4g") == 0:
        for number in range(200):
            Path("there", f"piece-{number}").write_bytes(b"x" * 10_000_000)
        went_off()
    user, group = os.getuid(), os.getgid()
    libc.unshare(0x10000000 | 0x20000)  # a user namespace, a mount namespace
    for name, ids in ("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1"):
        try:
            Path("/proc/self", name).write_text(ids)
        except OSError:
            pass
""",
    ),
    attack(
        "disk-of-names",
        "two hundred thousand files of nothing",
        """
aim()
try:
    for number in range(200_000):
        Path(f"n{number}").touch()
    went_off()
finally:
    for number in range(200_000):
        Path(f"n{number}").unlink(missing_ok=True)
""",
    ),
    attack(
        "output",
        "a gigabyte of words",
        """
aim()
for _ in range(100):
    sys.stdout.write("x" * 10_000_000)
    os.write(2, b"y" * 1_000_000)
""",
    ),
    attack(
        "open-files-all",
        "ten thousand open files",
        """
aim()
held = []
try:
    for _ in range(10_000):
        held.append(open("/dev/null"))
    went_off()
except OSError:
    held.clear()
""",
    ),
    attack(
        "recursion",
        "calls itself until the stack is gone",
        """
sys.setrecursionlimit(10**9)
class Deep:
    def __repr__(self): return repr(self)
try:
    repr(Deep())
except BaseException:
    os._exit(0)  # This Python kept its stack.
""",
        DIES,
    ),
    attack(
        "recursion-polite",
        "calls itself until Python stops it",
        "def deeper():\n    deeper()\ndeeper()",
    ),
    attack(
        "limits-raised",
        "asks for more than it was given",
        """
aim()
import resource
for name in dir(resource):
    if name.startswith("RLIMIT_"):
        limit = getattr(resource, name)
        soft, hard = resource.getrlimit(limit)
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            continue
        if hard != resource.RLIM_INFINITY:
            went_off()
""",
    ),
    attack(
        "answers-many",
        "answers the same question three hundred times",
        "for number in range(300): answer(ATTACKED, 1000 + number)",
    ),
]
