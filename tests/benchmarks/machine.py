"""What a figure was measured on."""

import os
import platform
import resource
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import numpy as np

LIBRARIES = ("faiss-cpu", "numpy", "scipy", "sqlalchemy", "tokenizers")


def machine() -> dict[str, object]:
    """Describe processor, memory, versions, threads, and how busy the machine was with other work."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
        "load_average": round(os.getloadavg()[0], 1),
    }


def milliseconds(seconds: Iterable[float]) -> dict[str, float]:
    """Sum up how long something took, in milliseconds."""
    taken = np.array(list(seconds)) * 1000
    return {
        "p50_ms": round(float(np.median(taken)), 3),
        "p99_ms": round(float(np.quantile(taken, 0.99)), 3),
        "least_ms": round(float(taken.min()), 3),
    }


def memory_mb() -> float:
    """Return the most memory this process has held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text("utf-8").splitlines() if facts.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
