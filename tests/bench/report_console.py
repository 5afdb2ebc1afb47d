#!/usr/bin/python3
"""Says what ./dev bench console measured.

  report_console.py show FIGURES       a table
  report_console.py document FIGURES   and writes it into doc/console.md, with its plots in doc/console/
"""
import json
import os
import platform
import subprocess
import sys

DOCUMENT = "doc/console.md"
PLOTS = "doc/console"
BEGIN, END = "<!-- ./dev bench console --document writes from here -->", "<!-- to here -->"
# Of ttyd 1.7.7 over ssh, measured on two busy cores, for a machine that cannot have it.
RECORDED = {"websocket": 14.4, "browser": 3.2, "drop_s": 10, "interrupt_ms": 3924, "echo_ms": 38, "memory_kib": 1338}


def of_ttyd(figures):
    """ttyd's figures, and whether they are of this run."""
    wire, browser = figures["wire"]["ttyd"], figures["browser"].get("ttyd")
    if not wire or not browser:
        return RECORDED, False
    flood = browser["flood"]
    return {"websocket": wire["websocket"]["megabytes_per_s"], "browser": browser["megabytes_per_s"],
            "drop_s": flood["drops"][0] if flood["drops"] else None,
            "interrupt_ms": browser["interrupt"]["worst"], "echo_ms": browser["echo"]["p99"],
            "memory_kib": wire["memory"]["session_kib"], "click_ms": browser["click"],
            "echo": browser["echo"], "cpu_s": wire["websocket"]["cpu_s"]}, True


def per_session_kib(curve):
    """Front and workers, for each session beyond none: at the end, and at a tenth of it."""
    none, last = curve[0], curve[-1]
    early = next(row for row in curve if row["sessions"] * 10 >= last["sessions"])

    def at(row):
        grown = row["front_kib"] - none["front_kib"] + row["workers_kib"]
        return grown / row["sessions"]

    return at(last), at(early), last["workers_kib"] / last["workers"]


def echoes(figures):
    echo = figures.get("echo")
    return f" ({echo['p50']:.1f}, {echo['p90']:.1f})" if echo else ""


def rows(figures):
    """What, goal, ttyd, ours, whether the goal is met."""
    wire, browser = figures["wire"]["ours"], figures["browser"]["ours"]
    ttyd, is_measured = of_ttyd(figures)
    mark = "" if is_measured else " (recorded)"
    sessions, flood = wire["sessions"], browser["flood"]
    last, early, worker = per_session_kib(sessions["curve"])
    websocket, shown = wire["websocket"]["megabytes_per_s"], browser["megabytes_per_s"]
    drop = "none" if ttyd["drop_s"] is None else f"dropped after {ttyd['drop_s']:.0f} s"
    page = figures["browser"]["page"]
    click = f"{ttyd['click_ms']['median'] / 1000:.2f} s" if "click_ms" in ttyd else ""
    is_linear = last <= early * 1.1
    return [
        ("websocket, 100 MB", "1.5 x ttyd", f"{ttyd['websocket']:.1f} MB/s{mark}", f"{websocket:.1f} MB/s",
         websocket >= 1.5 * ttyd["websocket"]),
        (f"Chromium, DOM renderer, {figures['browser']['megabytes']} MB", "1.2 x ttyd",
         f"{ttyd['browser']:.1f} MB/s{mark}", f"{shown:.1f} MB/s", shown >= 1.2 * ttyd["browser"]),
        (f"bytes lost, drops in {figures['browser']['flood_seconds']} s of output", "0", f"{drop}{mark}",
         f"{flood['breaks']}, {len(flood['drops'])}", flood["breaks"] == 0 and not flood["drops"]),
        ("Ctrl+C under `yes`, worst of 20", "below 1 s", f"{ttyd['interrupt_ms'] / 1000:.2f} s{mark}",
         f"{browser['interrupt']['worst'] / 1000:.2f} s", browser["interrupt"]["worst"] < 1000),
        ("key echo, p99 of 200 (p50, p90)", "at most ttyd's", f"{ttyd['echo_ms']:.1f} ms{mark}{echoes(ttyd)}",
         f"{browser['echo']['p99']:.1f} ms{echoes(browser)}", browser["echo"]["p99"] <= ttyd["echo_ms"]),
        ("private memory per session", "below 400 KiB", f"{ttyd['memory_kib']:.0f} KiB{mark}",
         f"{last:.0f} KiB (worker {worker:.0f})", last < 400),
        ("sessions at once; failures; memory linear", f"{sessions['wanted']}; 0; yes", "",
         f"{sessions['answered']}; {sessions['failed']}; {'yes' if is_linear else 'no'}",
         sessions["answered"] == sessions["wanted"] and sessions["failed"] == 0 and is_linear),
        ("the two pages, compressed", "below 200 KB", "", f"{page['compressed'] / 1000:.0f} KB",
         page["compressed"] < 200000),
        ("click to prompt, loopback, worst of 10", "below 1.5 s", click,
         f"{browser['click']['worst'] / 1000:.2f} s (median {browser['click']['median'] / 1000:.2f})",
         browser["click"]["worst"] < 1500),
    ]


def table(figures):
    header = ["what", "goal", "ttyd 1.7 over ssh", "eic-console", "result"]
    body = [[*row[:4], "met" if row[4] else "**missed**"] for row in rows(figures)]
    widths = [max(len(row[at]) for row in [header, *body]) for at in range(len(header))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
             for row in [header, *body]]
    return "\n".join([lines[0], "| " + " | ".join("-" * width for width in widths) + " |", *lines[1:]])


def memory_table(figures):
    lines = ["| sessions | workers, MiB | front, MiB | descriptors of the front |", "|---:|---:|---:|---:|"]
    for row in figures["wire"]["ours"]["sessions"]["curve"]:
        lines.append(f"| {row['sessions']} | {row['workers_kib'] / 1024:.1f} | {row['front_kib'] / 1024:.1f} | "
                     f"{row['descriptors']} |")
    return "\n".join(lines)


def gnuplot(name, *script):
    script = ["set terminal svg size 720,360 background 'white'", f"set output '{PLOTS}/{name}.svg'", "set grid",
              "set yrange [0:*]", *script]
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", check=True, text=True)


def plot_memory(figures):
    curve = figures["wire"]["ours"]["sessions"]["curve"]
    data = [f"{row['sessions']} {(row['workers_kib'] + row['front_kib']) / 1024}" for row in curve]
    front = [f"{row['sessions']} {row['front_kib'] / 1024}" for row in curve]
    gnuplot("memory", "set xlabel 'sessions at once'", "set ylabel 'private memory, MiB'", "set key left top",
            "plot '-' using 1:2 with linespoints title 'front and workers', "
            "'-' using 1:2 with linespoints title 'front'", *data, "e", *front, "e")


def plot_times(figures):
    """What part of the keys, and of the interrupts, is answered within a time."""
    lines, data = [], []
    for key, title in (("echo_ms", "key echo"), ("interrupt_ms", "Ctrl+C under yes")):
        for name, label in (("ours", "eic-console"), ("ttyd", "ttyd over ssh")):
            if name not in figures["browser"]:
                continue
            times = sorted(figures["browser"][name][key])
            lines.append(f"'-' using 1:2 with steps title '{title}, {label}'")
            data += [f"{time} {100 * (at + 1) / len(times)}" for at, time in enumerate(times)] + ["e"]
    gnuplot("times", "set xlabel 'ms'", "set logscale x 10", "set ylabel '% answered within'", "set key right bottom",
            "plot " + ", ".join(lines), *data)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def document(figures):
    plot_memory(figures)
    plot_times(figures)
    ttyd, is_measured = of_ttyd(figures)
    beside = ("The same run measured ttyd, with ssh to the same sshd" if is_measured else
              "ttyd was not installed: its figures were recorded on another day, on a busy machine")
    websocket = figures["wire"]["ours"]["websocket"]
    sessions = figures["wire"]["ours"]["sessions"]
    theirs = f"; ttyd and ssh use {ttyd['cpu_s']:.1f} s" if is_measured else ""
    text = f"""{BEGIN}

`./dev bench console --document` wrote these figures on {processor()}, with the release build and a real sshd and
agent. The browser or the bare client ran on the same cores. {beside}.

{table(figures)}

To carry 100 MB over the websocket, the front and the worker use {websocket['cpu_s']:.1f} s of processor time{theirs}.
{sessions['opened']} sessions opened in {sessions['opened_s']:.0f} s, four at a time.
With all of them open, {sessions['answered']} answered a command within {sessions['answered_s']:.0f} s.

{memory_table(figures)}

![Memory by sessions](console/memory.svg)

![Times of answers](console/times.svg)

{END}"""
    with open(DOCUMENT, encoding="utf-8") as file:
        whole = file.read()
    head, rest = whole.split(BEGIN)
    with open(DOCUMENT, "w", encoding="utf-8") as file:
        file.write(head + text + rest.split(END)[1])
    print(f"written: {DOCUMENT}, {PLOTS}/")


def main():
    mode, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        figures = json.load(file)
    print(table(figures))
    print()
    print(memory_table(figures))
    if mode == "document":
        document(figures)


main()
