"""What `import despatch963` costs, beside Python alone and beside pandas with plotly.

Each start is a new process, the three in turn, so that whatever else the machine does falls on all
alike. Times are medians; memory is what the process holds at its end.
"""

import statistics
import subprocess
import sys
import time

ROUNDS = 15
BUDGET = 0.1  # seconds beyond an empty Python
PROGRAMS = {
    "python alone": "",
    "import despatch963": "import despatch963",
    "import pandas, plotly": "import pandas, plotly.graph_objects",
}
_OWN_MEMORY = "import psutil; info = psutil.Process().memory_info(); print(info.rss)"


def seconds(program: str) -> float:
    """Return how long a new Python takes to run `program` and end."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - begun


def megabytes(program: str) -> float:
    """Return the memory of a new Python that has run `program`, in MB."""
    command = [sys.executable, "-c", f"{program}\n{_OWN_MEMORY}"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(run.stdout) / 1e6


def main() -> None:
    """Print the table."""
    for program in PROGRAMS.values():
        seconds(program)  # the first start of each reads the disk
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():
            times[name].append(seconds(program))
    medians = {name: statistics.median(all_times) for name, all_times in times.items()}
    alone = medians["python alone"]

    print(f"{'start, in a new process':<28}{'seconds':>10}{'beyond Python':>16}{'MB':>8}")
    for name, program in PROGRAMS.items():
        beyond = medians[name] - alone
        print(f"{name:<28}{medians[name]:>10.3f}{beyond:>16.3f}{megabytes(program):>8.0f}")
    cost = medians["import despatch963"] - alone
    heavy = medians["import pandas, plotly"] - alone
    verdict = "within" if cost <= BUDGET else "OVER"
    print(
        f"\nimport despatch963: {cost:.3f} s, {verdict} its budget of {BUDGET} s; "
        f"1/{heavy / max(cost, 0.0005):.0f} of pandas with plotly."
    )


if __name__ == "__main__":
    main()
