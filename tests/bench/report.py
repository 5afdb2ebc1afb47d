#!/usr/bin/env python3
"""Prints what tests/bench/measure.py measured.

  report.py show FIGURES PROGRAM       a table
  report.py document FIGURES PROGRAM   the table; also writes doc/performance.md and doc/performance/*.svg
  report.py check FIGURES RECORD       status 1 if a path needs more instructions than recorded
  report.py record FIGURES RECORD      writes RECORD
"""
import json
import os
import platform
import subprocess
import sys

GROWTH_MAX_PERCENT = 5
DOCUMENT = "doc/performance.md"
PLOTS = "doc/performance"
COLUMNS = [("wall ms", "wall_ms", 1), ("CPU ms", "cpu_ms", 1), ("page faults", "faults", 0),
           ("peak KiB", "peak_kib", 0)]


def table(header, rows):
    """Markdown that a terminal shows well, too: the first column to the left, figures to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in [header, *rows]) for at in range(len(header))]
    lines = ["| " + " | ".join(cell.ljust(width) if at == 0 else cell.rjust(width)
                               for at, (cell, width) in enumerate(zip(row, widths))) + " |"
             for row in [header, *rows]]
    rule = ["-" * widths[0], *["-" * (width - 1) + ":" for width in widths[1:]]]
    return "\n".join([lines[0], "| " + " | ".join(rule) + " |", *lines[1:]])


def ratio(measured, key, of="median"):
    mine, least = measured["agent"][key], measured["yardstick"][key]
    if isinstance(mine, dict):
        mine, least = mine[of], least[of]
    return f"{mine / least:.2f}"


def spread(value, digits):
    """Median, and in brackets the smallest and the largest."""
    return (f"{value['median']:.{digits}f} ({value['min']:.{digits}f} to {value['max']:.{digits}f})"
            if digits else f"{value['median']:.0f}")


def millions(count):
    return f"{count / 1e6:.2f}" if count else "not counted"


def path_table(measured):
    header = ["", *[name for name, _, _ in COLUMNS], "million instructions"]
    rows = [[name, *[spread(figures[key], digits) for _, key, digits in COLUMNS],
             millions(figures.get("instructions"))] for name, figures in measured.items()]
    rows.append(["agent / yardstick", *[ratio(measured, key) for _, key, _ in COLUMNS],
                 ratio(measured, "instructions")])
    return table(header, rows)


def by_path(label, paths, cell):
    """A row for each name that any of `paths` has, in the order of the longer path."""
    names = list(dict.fromkeys(name for path in ("accepted", "no key") for name in paths[path]))
    return table([label, *paths],
                 [[name, *[cell(path[name]) if name in path else "none" for path in paths.values()]]
                  for name in names])


def phase_table(phases):
    return by_path("phase, ms", phases, lambda took_ms: f"{took_ms:.2f}")


def function_table(functions):
    return by_path("million instructions", functions, millions)


def curve_table(label, rows):
    return table([label, "agent ms", "yardstick ms", "ratio"],
                 [[row["x"], f"{row['agent']['median']:.1f}", f"{row['yardstick']['median']:.1f}",
                   f"{row['agent']['median'] / row['yardstick']['median']:.2f}"] for row in rows])


def login_table(logins):
    rows = [[name, spread(figures["wall_ms"], 1)] for name, figures in logins.items()]
    pushed, own = (logins[name]["wall_ms"]["median"] for name in ("pushed key", "authorized_keys"))
    return table(["", "wall ms"], [*rows, ["pushed key / authorized_keys", f"{pushed / own:.2f}"]])


# What a section is called, its plot, the label of its axis, its sentence, and the curves in it.
SECTIONS = [
    ("Records", "records", "records in the blob", True,
     "The blob has several live keys, and sshd gives no fingerprint: the agent verifies each signature "
     "and prints each key.", ["records"]),
    ("Staples", "staples", "staples", False,
     "One staple for each certificate of the chain below the root.", ["staples"]),
    ("Trusted certificates", "certificates", "trusted certificates", True,
     "OpenSSL reads the one file that it needs from a hashed folder, but a whole bundle. The agent also "
     "looks at each name of the folder, to learn what the confinement must leave readable.",
     ["certificates, folder", "certificates, bundle"]),
    ("Runs at once", "at-once", "runs at once", True,
     "The time until the last run has ended.", ["at once"]),
    ("The metadata service's delay", "delay", "ms that each request waits", False,
     "The slope is the number of round trips in sequence: 2 without a key, 4 with one.",
     ["delay, no key", "delay, accepted"]),
]


def gnuplot(name, *script):
    """Writes doc/performance/NAME.svg."""
    script = ["set terminal svg size 720,400 background 'white'", f"set output '{PLOTS}/{name}.svg'",
              "set grid", "set yrange [0:*]", *script]
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", check=True, text=True)


def plot_phases(phases):
    """A bar for each path, of its phases one on the other."""
    names = list(dict.fromkeys(name for path in ("accepted", "no key") for name in phases[path]))
    lines, data = [], []
    for name in names:
        lines.append(f"'-' using 2:xtic(1) title '{name}'")
        data += [f'"{path}" {times.get(name, 0)}' for path, times in phases.items()]
        data.append("e")
    gnuplot("phases", "set style data histograms", "set style histogram rowstacked",
            "set style fill solid border -1", "set boxwidth 0.5", "set ylabel 'ms, median'",
            "set key outside right invert", "plot " + ", ".join(lines), *data)


def plot(name, label, logarithmic, curves, figures):
    lines, data = [], []
    for curve in curves:
        suffix = f" ({curve.split(', ')[1]})" if ", " in curve else ""
        for program in ("agent", "yardstick"):
            lines.append(f"'-' using 1:2 with linespoints title '{program}{suffix}'")
            data += [f"{row['x']} {row[program]['median']}" for row in figures["curves"][curve]]
            data.append("e")
    scale = ["set logscale x 2"] if logarithmic else []
    gnuplot(name, f"set xlabel '{label}'", "set ylabel 'ms, median'", "set key left top", *scale,
            "plot " + ", ".join(lines), *data)


def show(figures, program):
    for path, measured in figures["paths"].items():
        print(f"\n{path}\n")
        print(path_table(measured))
    print("\na whole login by ssh\n")
    print(login_table(figures["logins"]))
    print("\nwhere the time of one run goes\n")
    print(phase_table(figures["phases"]))
    print()
    print(function_table(figures["functions"]))
    for title, _, label, _, _, curves in SECTIONS if "curves" in figures else []:
        for curve in curves:
            print(f"\n{title.lower()}: {curve}\n")
            print(curve_table(label, figures["curves"][curve]))
    print(f"\nprogram: {program}")
    for path, measured in figures["paths"].items():
        print(f"{path}: {ratio(measured, 'wall_ms')} times the yardstick's time "
              f"({ratio(measured, 'wall_ms', 'min')} at best), {ratio(measured, 'cpu_ms')} times its "
              f"CPU time, {ratio(measured, 'instructions')} times its instructions")


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores seen"


def document(figures, program):
    if "curves" not in figures:
        sys.exit("the document needs the curves too")
    os.makedirs(PLOTS, exist_ok=True)
    with open("tests/bench/performance.md.in", encoding="utf-8") as template:
        text = template.read()
    plot_phases(figures["phases"])
    sections = []
    for title, name, label, logarithmic, words, curves in SECTIONS:
        plot(name, label, logarithmic, curves, figures)
        sections.append(f"## {title}\n\n{words}\n\n![{title}](performance/{name}.svg)")
        for curve in curves:
            heading = [curve[0].upper() + curve[1:] + ":"] if len(curves) > 1 else []
            sections.append("\n\n".join([*heading, curve_table(label, figures["curves"][curve])]))
    for mark, value in {
            "@PROGRAM@": "the payload" if "payload" in program else "the release build",
            "@MACHINE@": f"{processor()}; Linux {'.'.join(platform.release().split('.')[:2])}",
            "@NO_KEY@": path_table(figures["paths"]["no key"]),
            "@ACCEPTED@": path_table(figures["paths"]["accepted"]),
            "@LOGINS@": login_table(figures["logins"]),
            "@PHASES@": phase_table(figures["phases"]),
            "@FUNCTIONS@": function_table(figures["functions"]),
            "@SECTIONS@": "\n\n".join(sections)}.items():
        text = text.replace(mark, value)
    with open(DOCUMENT, "w", encoding="utf-8") as out:
        out.write(text)
    print(f"written: {DOCUMENT}, {PLOTS}/")


def agents(figures):
    return {path: counted["agent"] for path, counted in figures["instructions"].items()}


def check(figures, path):
    with open(path, encoding="utf-8") as lines:
        recorded = json.load(lines)["instructions"]
    failed = False
    for name, count in agents(figures).items():
        growth = 100 * (count - recorded[name]) / recorded[name]
        grown = growth > GROWTH_MAX_PERCENT
        failed = failed or grown
        print(f"{name}: {count} instructions, {growth:+.1f} % of {recorded[name]} recorded"
              f"{'; this is too much' if grown else ''}")
    if failed:
        sys.exit(f"more than {GROWTH_MAX_PERCENT} % above {path}: make it cheaper, or commit what\n"
                 "./dev bench --record writes and say in the commit why")


def record(figures, path):
    with open(path, "w", encoding="utf-8") as out:
        json.dump({"build": "release, Debian 12's libraries", "instructions": agents(figures)}, out,
                  indent=2)
        out.write("\n")
    print(f"written: {path}")


def main():
    mode, figures, other = sys.argv[1:]
    with open(figures, encoding="utf-8") as lines:
        figures = json.load(lines)
    if mode in ("check", "record"):
        {"check": check, "record": record}[mode](figures, other)
        return
    show(figures, other)
    if mode == "document":
        document(figures, other)


main()
