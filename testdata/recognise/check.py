#!/usr/bin/env python3
"""Checks the labelled texts of the recogniser against the tables, and prints their counts.

The files of READABLE may be read and tuned on; MEASURE only measures.
One line per fault, `file:line: what`; exit code 1 if there is any. Standard library only.
"""

import csv
import pathlib
import re
import sys
import unicodedata
from collections import Counter

HERE = pathlib.Path(__file__).resolve().parent
TABLES = HERE.parent.parent / "solver" / "domain" / "data"
READABLE = ("tuning.csv", "seen.csv", "development.csv")
MEASURE = "held_out.csv"
OPTIONAL = ("development.csv",)
COLUMNS = [
    "id", "text", "waste_code", "nace", "direction", "outcome",
    "key", "candidates", "shares_label", "note",
]
OUTCOMES = ("recognise", "ask", "unknown")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(text):
    """Words without case, accents and plural marks. More is then shared, never less."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    found = re.findall(r"[a-z0-9]+", plain)
    return [w[:-1] if len(w) > 3 and w[-1] in "sx" else w for w in found]


def phrases(tables=TABLES):
    """Each label and synonym of the two tables, as a sequence of words between spaces."""
    found = set()
    for name in ("donors.csv", "taxonomy.csv"):
        for row in rows_of(tables / name):
            for column, value in row.items():
                if column.startswith(("label_", "synonyms_")):
                    parts = value.split(";") if column.startswith("synonyms_") else [value]
                    found.update(" ".join(words(part)) for part in parts)
    found.discard("")
    return found


def shares_label(text, known):
    sequence = words(text)
    return any(
        " ".join(sequence[start:end]) in known
        for start in range(len(sequence))
        for end in range(start + 1, len(sequence) + 1)
    )


def waste_code_fault(code, codes):
    if not re.fullmatch(r"\d{2} ?\d{2} ?\d{2}\*?", code):
        return f"waste code {code!r} is not written in a form a register uses"
    hazardous = codes.get(re.sub(r"\D", "", code))
    if hazardous is None:
        return f"waste code {code!r} is not in the list"
    if hazardous != code.endswith("*"):
        return f"waste code {code!r} has the wrong star"
    return None


def nace_fault(code, classes):
    if not re.fullmatch(r"[A-U]?\d{2}\.?\d{2}[A-Z]?", code):
        return f"activity {code!r} is not written in a form a sheet uses"
    digits = re.sub(r"\D", "", code)
    letter = code[-1] if code[-1].isalpha() else ""
    if digits not in classes:
        return f"activity {code!r} is not a class"
    if letter and digits + letter not in classes:
        return f"activity {code!r} is not a sub-class"
    if code[0].isalpha() and classes[digits] != code[0]:
        return f"activity {code!r} is in section {classes[digits]}"
    return None


def row_faults(row, keys, known, codes, classes):
    if None in row or None in row.values():
        yield "wrong number of columns"
        return
    outcome, direction = row["outcome"], row["direction"]
    candidates = row["candidates"].split(";") if row["candidates"] else []
    if outcome not in OUTCOMES:
        yield f"outcome {outcome!r}"
    if direction not in ("input", "output"):
        yield f"direction {direction!r}"
    if not row["text"].strip():
        yield "no text"
    if (outcome == "recognise") != bool(row["key"]):
        yield "a key goes with recognise, and only with it"
    if (outcome == "ask") != (len(candidates) >= 2):
        yield "two candidates or more go with ask, and only with it"
    if len(set(candidates)) != len(candidates):
        yield "the same candidate twice"
    for key in candidates + [row["key"]] * bool(row["key"]):
        if key not in keys:
            yield f"key {key} is not in the tables"
        if key.startswith("DON:") and direction == "input":
            yield f"need with the donor key {key}"
    if row["waste_code"]:
        if direction == "input":
            yield "need with a waste code"
        fault = waste_code_fault(row["waste_code"], codes)
        if fault:
            yield fault
    if row["nace"]:
        fault = nace_fault(row["nace"], classes)
        if fault:
            yield fault
    expected = "yes" if shares_label(row["text"], known) else "no"
    if row["shares_label"] != expected:
        yield f"shares_label should be {expected}"


def tables():
    keys = {r["donor_key"] for r in rows_of(TABLES / "donors.csv")}
    keys |= {r["key"] for r in rows_of(TABLES / "taxonomy.csv")}
    codes = {
        re.sub(r"\D", "", r["code"]): r["hazardous"].lower() in ("1", "true", "yes")
        for r in rows_of(TABLES / "waste_codes.csv")
        if len(re.sub(r"\D", "", r["code"])) == 6
    }
    classes = {re.sub(r"\.", "", r["code"]): r["section"] for r in rows_of(TABLES / "activities.csv")}
    return keys, phrases(), codes, classes


def main():
    checks = tables()
    faults, seen_ids, seen_flows = [], set(), set()
    for name in (*READABLE, MEASURE):
        if name in OPTIONAL and not (HERE / name).exists():
            continue
        rows = rows_of(HERE / name)
        if not rows or list(rows[0]) != COLUMNS:
            faults.append(f"{name}:1: columns are not {','.join(COLUMNS)}")
            continue
        for line, row in enumerate(rows, start=2):
            faults.extend(f"{name}:{line}: {fault}" for fault in row_faults(row, *checks))
            flow = tuple(row[c] for c in ("text", "waste_code", "nace", "direction"))
            if row["id"] in seen_ids:
                faults.append(f"{name}:{line}: id {row['id']} used twice")
            if flow in seen_flows:
                faults.append(f"{name}:{line}: the same flow as another row")
            seen_ids.add(row["id"])
            seen_flows.add(flow)
        if [r["id"] for r in rows] != sorted(r["id"] for r in rows):
            faults.append(f"{name}: not in the order of id")
        free = sum(r["shares_label"] == "no" for r in rows)
        if name == MEASURE and 2 * free < len(rows):
            faults.append(f"{name}: only {free} of {len(rows)} share no label")
        outcomes = Counter(r["outcome"] for r in rows)
        print(
            f"{name}: {len(rows)} rows, "
            + ", ".join(f"{outcomes[o]} {o}" for o in OUTCOMES)
            + f"; {sum(r['direction'] == 'input' for r in rows)} needs"
            + f"; {free} share no label or synonym"
            + f" ({sum(r['shares_label'] == 'no' for r in rows if r['key'])} to recognise)"
            + f"; {len({r['key'] for r in rows if r['key']})} keys"
        )
    print("\n".join(faults) if faults else "no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
