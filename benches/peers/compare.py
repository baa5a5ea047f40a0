"""Solves the models of a generated zone with other solvers, and compares times and objectives.

The models are those `models --firms N DIR` writes, month by month and with every link; the gap asked
is the one Boucle proves. One model after the other, one thread, each solver in a process of its own.

usage: python compare.py DIR [--seconds S] [--only PART_OF_NAME]
"""

import argparse
import csv
import multiprocessing
import pathlib
import subprocess
import tempfile
import time

GAP = 1e-9
# Relative difference below which two optima are the same.
SAME = 1e-6


def by_highs(model, seconds):
    import highspy

    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", GAP),
        ("mip_abs_gap", 1e-3),
        ("time_limit", float(seconds)),
    ):
        highs.setOptionValue(option, value)
    highs.readModel(str(model))
    highs.run()
    info = highs.getInfo()
    proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = info.primal_solution_status == 2
    return (info.objective_function_value if found else None), proven


def by_scip(model, seconds):
    from ortools.linear_solver.python import model_builder

    problem = model_builder.Model()
    problem.import_from_mps_file(str(model))
    solver = model_builder.Solver("SCIP")
    solver.set_time_limit_in_seconds(seconds)
    solver.set_solver_specific_parameters(f"limits/gap = {GAP}\nlimits/absgap = 0.001")
    status = solver.solve(problem)
    found = status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE)
    return (solver.objective_value if found else None), status == model_builder.SolveStatus.OPTIMAL


def by_cbc(model, seconds):
    import pulp

    with tempfile.TemporaryDirectory() as folder:
        answer = pathlib.Path(folder) / "answer.txt"
        command = [pulp.PULP_CBC_CMD(msg=False).path, str(model)]
        command += ["-ratioGap", str(GAP), "-allowableGap", "0.001", "-threads", "1"]
        command += ["-seconds", str(seconds), "-timeMode", "elapsed", "-solve", "-solution", str(answer)]
        subprocess.run(command, capture_output=True, check=False)
        first = answer.read_text().splitlines()[0] if answer.exists() else ""
    value = float(first.split()[-1]) if "objective value" in first and "infeasible" not in first.lower() else None
    return value, first.startswith("Optimal")


PEERS = {"HiGHS (highspy)": by_highs, "SCIP (OR-tools)": by_scip, "CBC (PuLP)": by_cbc}


def work(peer, model, seconds, pipe):
    # Importing is no part of the time: the first solve pays for it here, before the clock.
    {"HiGHS (highspy)": lambda: __import__("highspy"), "CBC (PuLP)": lambda: __import__("pulp")}.get(
        peer, lambda: __import__("ortools.linear_solver.python.model_builder")
    )()
    start = time.perf_counter()
    try:
        objective, proven = PEERS[peer](model, seconds)
    except Exception as error:
        print(f"  {peer} on {model.name}: {error}", flush=True)
        objective, proven = None, False
    pipe.send((objective, proven, time.perf_counter() - start))


def solved(peer, model, seconds):
    """Objective, whether proven, wall seconds."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(peer, model, seconds, theirs))
    process.start()
    # Some solvers look at their limit only between two steps.
    result = ours.recv() if ours.poll(2 * seconds + 30) else (None, False, 2.0 * seconds + 30)
    process.join(5)
    if process.is_alive():
        process.kill()
    return result


def compare(folder, seconds, only):
    with open(folder / "objectives.csv", newline="", encoding="utf-8") as file:
        objectives = {row["name"]: float(row["objective_eur"]) for row in csv.DictReader(file)}
    with open(folder / "run.csv", newline="", encoding="utf-8") as file:
        run = next(csv.DictReader(file))
    objectives = {name: value for name, value in objectives.items() if only in name}
    ours = float(run["plan_seconds"])
    print(f"{run['firms']} firms, seed {run['seed']}: {len(objectives)} models, Boucle {ours:.2f} s for all")
    for peer in PEERS:
        total, proven, missing, better, worse, apart = 0.0, 0, 0, 0, 0, 0.0
        for name, objective in objectives.items():
            found, closed, took = solved(peer, (folder / f"{name}.mps").resolve(), seconds)
            total += took
            proven += closed
            if found is None:
                missing += 1
                continue
            difference = (found - objective) / max(1.0, abs(objective))
            if closed:
                apart = max(apart, abs(difference))
            better += difference < -SAME
            worse += difference > SAME
            if only:
                print(f"  {peer} {name}: {found:.2f}, Boucle {objective:.2f} ({difference:+.2e}), {took:.1f} s")
        print(
            f"  {peer}: {total:.2f} s, x{total / ours:.1f}; proven {proven} of {len(objectives)}, nothing found {missing};"
            f" better than Boucle {better}, worse {worse}; largest difference where proven {apart:.1e}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=60, help="limit per model")
    parser.add_argument("--only", default="", help="part of the names of the models to solve")
    arguments = parser.parse_args()
    compare(arguments.folder, arguments.seconds, arguments.only)
