"""How long the service takes to load: `python -m tests.benchmarks.loading FOLDER`.

Of load_library and create_app alone, in one process, as JSON. With --profile, the
functions that it goes into; the profiler itself doubles the times.
"""

import argparse
import cProfile
import json
import pstats
import sys
from contextlib import nullcontext
from pathlib import Path
from time import perf_counter

from api.app import create_app
from api.config import CONTENT, Config
from api.loader import load_library


def main() -> None:
    """Print the seconds of both."""
    parser = argparse.ArgumentParser(prog="loading", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CONTENT)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with cProfile.Profile() if options.profile else nullcontext() as profile:
        times = measure(options.folder)
    print(json.dumps(times))
    if isinstance(profile, cProfile.Profile):
        stats = pstats.Stats(profile, stream=sys.stdout)
        stats.sort_stats("cumulative").print_stats(30)
        stats.sort_stats("tottime").print_stats(20)


def measure(folder: Path) -> dict[str, float]:
    began = perf_counter()
    library = load_library(folder, Config().public_url)
    loaded = perf_counter()
    create_app(library, Config())
    return {"load_library": loaded - began, "create_app": perf_counter() - loaded}


if __name__ == "__main__":
    main()
