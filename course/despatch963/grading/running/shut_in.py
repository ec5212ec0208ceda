"""A process shut in alone: namespaces of its own, an empty folder, limits, no way to the others.

Linux only. As a program this tries whether it works, and fails with the reason where it does not.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from . import FOLDER

MEMORY = 1_000_000_000
"""Bytes that a process may ask for, beyond what the warm process had."""
DISK = 64_000_000
"""Bytes of the folder and of everything else that can be written."""
PROCESSES = 4
"""Processes and threads at once, the one that watches included."""

_NEW = {"mount": 0x00020000, "ipc": 0x08000000, "user": 0x10000000, "pid": 0x20000000}
_NO_SET_ID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_BIND, _AND_BELOW = 4096, 16384
_DIE_WITH_PARENT, _DUMPABLE, _NO_LATER_RIGHTS, _NO_NEW_RIGHTS = 1, 4, 24, 38
_RIGHTS_VERSION = 0x20080522
_USER = 250_000  # an account that no machine has

_libc = ctypes.CDLL(None, use_errno=True)


def step_down() -> None:
    """Give away root's rights; keep other processes of the same account from reading this one."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_USER, _USER, _USER)
        os.setresuid(_USER, _USER, _USER)
    _control(_NO_NEW_RIGHTS, 1)
    _control(_DUMPABLE, 0)


def alone(folder: str) -> None:
    """Go on as the first process of a world of its own, where it sees none of the others.

    The process that called waits outside and ends with it. `folder` becomes an empty one that holds
    DISK bytes; /proc is empty, and it has no rights over any of it. Raises OSError.
    """
    user, group = os.getuid(), os.getgid()
    # The maps of a process that cannot be read belong to root; for this moment it can be.
    _control(_DUMPABLE, 1)
    _call("unshare", _NEW["user"] | _NEW["mount"] | _NEW["pid"] | _NEW["ipc"])
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _control(_DUMPABLE, 0)
    inside = os.fork()
    if inside:
        os.closerange(3, 1024)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(inside, 0)[1]) & 255)
    _control(_DIE_WITH_PARENT, signal.SIGKILL)
    flags = _NO_SET_ID | _NO_DEVICES
    size = f"size={DISK},nr_inodes=4096,mode=0700".encode()
    _call("mount", b"tmpfs", folder.encode(), b"tmpfs", flags | _NO_PROGRAMS, size)
    _call("mount", b"tmpfs", b"/proc", b"tmpfs", flags | _NO_PROGRAMS, b"size=4096,nr_inodes=2")
    _call("mount", b"tmpfs", b"/dev/shm", b"tmpfs", flags | _NO_PROGRAMS, b"size=4096,nr_inodes=2")
    # Whoever has another root than the namespace's may make no namespaces, in which it had all
    # rights again: over mounts, to see more, and over memory, by file systems made of it.
    _call("mount", b"/", b"/tmp", None, _BIND | _AND_BELOW, None)
    os.chroot("/tmp")
    os.chdir("/")
    _give_up_rights()


def _give_up_rights() -> None:
    """Give away the rights that a process has in a namespace that it made."""
    for right in range(64):
        # There are fewer; how many differs from kernel to kernel.
        if _libc.prctl(_NO_LATER_RIGHTS, right, 0, 0, 0) != 0:
            break
    header = (ctypes.c_uint32 * 2)(_RIGHTS_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def limit(seconds: int, walls: bool) -> None:
    """Bind this process and those it starts; what it may not do fails as if the machine were full.

    Processes are counted only behind `walls`: elsewhere the person's own would count.
    """
    now = _memory()
    bounds = {
        resource.RLIMIT_AS: now + MEMORY,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: DISK,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    if walls:
        bounds[resource.RLIMIT_NPROC] = PROCESSES
    for what, bound in bounds.items():
        try:
            resource.setrlimit(what, (bound, bound))
        except (OSError, ValueError):
            # macOS takes some of them only as words.
            continue


def _memory() -> int:
    try:
        pages = int(_STATM.split()[0])
    except (IndexError, ValueError):
        return MEMORY
    return pages * resource.getpagesize()


def _statm() -> str:
    try:
        return Path("/proc/self/statm").read_text()
    except OSError:
        return ""


_STATM = ""


def remember_memory() -> None:
    """Note what the warm process holds; its children, which hold the same, cannot look."""
    global _STATM
    _STATM = _statm()


def _control(what: int, value: int) -> None:
    if sys.platform == "linux":
        _call("prctl", what, value, 0, 0, 0)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    step_down()
    alone(FOLDER)
    sys.exit(os.getpid() != 1)
