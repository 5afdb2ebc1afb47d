#!/usr/bin/python3
"""The table of `./dev bench client`, from the figures of measure_client.py.

usage: report_client.py FIGURES.json
"""
import json
import sys


def table(title, rows):
    plain = rows["ssh -i KEY"]["median_ms"]
    print(f"\n{title}\n")
    print("| way | median | min | max | more than plain ssh | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, row in rows.items():
        median = row["median_ms"]
        print(
            f"| {name} | {median:.0f} ms | {row['min_ms']:.0f} | {row['max_ms']:.0f} | "
            f"{median - plain:.0f} ms | {median / plain:.2f} |"
        )


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        figures = json.load(file)
    table("Whole logins of a remote `true`, everything on one machine", figures["near"])
    table("With 50 ms each way to the API and to sshd", figures["far"])
    print(f"\nPeak memory of a process of ours: {figures['peak_kib'] / 1024:.1f} MiB")
    print(f"Processes of ours while a session goes on: {figures['alive_in_transfer']}")


main()
