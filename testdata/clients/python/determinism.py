"""The same input gives the same bytes: for any number of threads, and for rows in any order.

usage: python determinism.py [path of boucle]
"""

import csv
import pathlib
import random
import sys
import tempfile

from service import ZONES, boucle

THREADS = [1, 2, 8]
SHUFFLES = 3
# The day is fixed so that a test that runs over midnight compares like with like.
DAY = "2026-12-01"


def shuffled(sheet, seed, target):
    """Writes a sheet with its rows in another order; headings stay first."""
    with open(sheet, newline="", encoding="utf-8-sig") as file:
        headings, *rows = list(csv.reader(file))
    before = list(rows)
    random.Random(seed).shuffle(rows)
    if rows == before:
        sys.exit("the shuffle changed nothing")
    with open(target, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])


def answer(sheet, zone, threads):
    """The whole answer."""
    options = ["--zone", zone.name, "--output", "json", "--valid-on", DAY, "--threads", threads]
    if (zone / "distances.csv").exists():
        options += ["--distances", zone / "distances.csv"]
    return boucle("match", sheet, *options)


def check(zone):
    """Compares the answers of a zone."""
    sheet = zone / "flows.csv"
    reference = answer(sheet, zone, THREADS[0])
    if len(reference) < 1000:
        sys.exit(f"{zone.name}: the answer is empty")
    for threads in THREADS[1:]:
        if answer(sheet, zone, threads) != reference:
            sys.exit(f"{zone.name}: {threads} threads give another answer than 1")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(SHUFFLES):
            other = pathlib.Path(folder) / "flows.csv"
            shuffled(sheet, seed, other)
            if answer(other, zone, THREADS[-1]) != reference:
                sys.exit(f"{zone.name}: rows in another order (seed {seed}) give another answer")
    print(f"{zone.name}: {len(reference)} bytes, the same with {THREADS} threads and {SHUFFLES} shuffles")


if __name__ == "__main__":
    for folder in sorted(ZONES.iterdir()):
        if (folder / "flows.csv").exists():
            check(folder)
