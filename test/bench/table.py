"""Medians, ratios and the judgement of the noise."""
import os
import statistics
import time

from contender import ORACLE

# Rounds of haproxy that differ more than this from their median say that the machine was busy with something else.
TOLERATED = 0.15


def median(results, key):
    return statistics.median(result[key] for result in results)


def spread(results):
    """The farthest a round went from the median, as a part of it."""
    middle = median(results, "value")
    return max(abs(result["value"] - middle) for result in results) / middle if middle else 0


def ratio(figures, contender, key):
    if key not in figures[ORACLE][0]:
        return "-"
    base = median(figures[ORACLE], key)
    return f"{median(figures[contender], key) / base:.2f}" if base else "-"


def lines(rows, names):
    """The table's cells: one row a work, `rows` being (name, unit, {contender: [figures]})."""
    others = [name for name in names if name != ORACLE]
    yield ["work", "unit", ORACLE, *others, *(f"{name}/{ORACLE}" for name in others), "rate", "p99", "noise"]
    for name, unit, figures in rows:
        cells = [name, unit]
        cells += [f"{median(figures[who], 'value'):.4g}" if who in figures else "-" for who in [ORACLE, *others]]
        cells += [ratio(figures, who, "value") if who in figures else "-" for who in others]
        cells += ["x" + ratio(figures, "ddbproxy", "rate"), "x" + ratio(figures, "ddbproxy", "p99")]
        cells.append(f"{spread(figures[ORACLE]):.0%}")
        yield [cell.replace("x-", "-") for cell in cells]


def as_text(table):
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table)


def as_markdown(table):
    rule = "|---|---|" + "--:|" * (len(table[0]) - 2)
    rows = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([rows[0], rule, *rows[1:]])


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return "unknown processor"


def footer(rows, rounds, threads):
    text = (f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} CPUs ({processor()}), Linux {os.uname().release}, "
            f"{threads} thread(s) a proxy, medians of {rounds} rounds in turn.")
    noisy = [name for name, _, figures in rows if len(figures[ORACLE]) > 1 and spread(figures[ORACLE]) > TOLERATED]
    if noisy:
        text += f"\nToo noisy to trust (haproxy's own rounds differ by more than {TOLERATED:.0%}): {', '.join(noisy)}."
    return text
