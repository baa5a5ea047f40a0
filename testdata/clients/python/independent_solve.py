"""Solves every model of every zone again with another solver (CBC), and compares the objectives.

`boucle match --write-mps DIR` writes each model as it was handed to its solver, and what was found for
it before rounding. The two must agree within 1e-6 relative, model by model and in all.

usage: python independent_solve.py [path of boucle]
"""

import csv
import pathlib
import subprocess
import sys
import tempfile

import pulp

from service import ZONES, boucle

TOLERANCE = 1e-6
PATIENCE = 600


def relative(ours, theirs):
    """Difference over the larger of 1 EUR and the magnitude."""
    return abs(ours - theirs) / max(1.0, abs(ours), abs(theirs))


def solved(model, folder):
    """The optimum CBC finds for a model; None unless it proves one."""
    answer = folder / "answer.txt"
    command = [pulp.PULP_CBC_CMD(msg=False).path, str(model), "-ratioGap", "0", "-allowableGap", "0"]
    command += ["-primalTolerance", "1e-9", "-integerTolerance", "1e-9", "-solve", "-solution", str(answer)]
    log = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
    first = answer.read_text().splitlines()[0] if answer.exists() else ""
    if not first.startswith("Optimal"):
        print(f"{model.name}: {first or log}")
        return None
    return recomputed(model, answer)


def recomputed(model, answer):
    """The objective of an answer from the coefficients of its model, with all the digits.

    CBC prints its objective with eight digits, which is less than what is compared.
    """
    section, objective_row, costs, constant = None, None, {}, 0.0
    for line in model.read_text().splitlines():
        if not line.strip() or line.startswith("*"):
            continue
        words = line.split()
        if not line[0].isspace():
            section = words[0]
            continue
        if section == "ROWS" and words[0] == "N" and objective_row is None:
            objective_row = words[1]
        elif section == "COLUMNS" and "'MARKER'" not in words:
            for row, value in zip(words[1::2], words[2::2]):
                if row == objective_row:
                    costs[words[0]] = costs.get(words[0], 0.0) + float(value)
        elif section == "RHS":
            pairs = words[1:] if len(words) % 2 else words
            for row, value in zip(pairs[0::2], pairs[1::2]):
                if row == objective_row:
                    # By the convention of the format the constant stands there with its sign changed.
                    constant -= float(value)
    values = {}
    for line in answer.read_text().splitlines()[1:]:
        words = [word for word in line.split() if word != "**"]
        values[words[1]] = float(words[2])
    return constant + sum(cost * values.get(column, 0.0) for column, cost in costs.items())


def compare(zone):
    """Compares a zone; gives the number of models and the largest relative difference."""
    sheet = next((zone / name for name in ("flows.xlsx", "flows.csv") if (zone / name).exists()), None)
    if sheet is None:
        return 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        options = ["--write-mps", folder, "--output", "csv"]
        if (zone / "distances.csv").exists():
            options += ["--distances", zone / "distances.csv"]
        boucle("match", sheet, *options)
        with open(folder / "objectives.csv", newline="", encoding="utf-8") as file:
            objectives = {row["name"]: float(row["objective_eur"]) for row in csv.DictReader(file)}
        worst, ours, theirs = 0.0, 0.0, 0.0
        for name, objective in objectives.items():
            found = solved(folder / f"{name}.mps", folder)
            if found is None:
                sys.exit(f"{zone.name} {name}: CBC proves no optimum")
            difference = relative(objective, found)
            if difference > TOLERANCE:
                sys.exit(f"{zone.name} {name}: {objective} here, {found} there, {difference:.2e} apart")
            worst = max(worst, difference)
            ours += objective
            theirs += found
        total = relative(ours, theirs)
        if total > TOLERANCE:
            sys.exit(f"{zone.name}: {ours} here, {theirs} there in all")
        print(f"{zone.name}: {len(objectives)} models, total {ours:.3f} EUR, {total:.1e} apart; worst {worst:.1e}")
        return len(objectives), worst


if __name__ == "__main__":
    results = [compare(zone) for zone in sorted(ZONES.iterdir()) if zone.is_dir()]
    models = sum(count for count, _ in results)
    if models == 0:
        sys.exit("no model was written: nothing was compared")
    print(f"{models} models, largest difference {max(worst for _, worst in results):.1e} relative")
