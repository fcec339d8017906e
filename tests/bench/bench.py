# SPDX-License-Identifier: BSL-1.0
"""Measures Mortise against the raw limit and its peers, and says which goals are met."""

import argparse
import dataclasses
import json
import os
import pathlib
import sys

import callgrind
import counts
import goals
import processes
import scenarios
import servers

# What is measured for one figure alone, and the scenarios that it is in.
TIMED_IN = {"mortise+observed": ("plain",), "mortise+coroutine": ()}
COUNTED = ("memory", "calls", "instructions", "allocations")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, metavar="DIR",
                        help="an optimised build, such as build/release")
    parser.add_argument("--peers", action="store_true",
                        help="also nginx, h2o, Kore and aiohttp, where installed")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0,
                        help="of each server in each round")
    parser.add_argument("--only", type=lambda text: text.split(","), metavar="NAME,…",
                        default=[*scenarios.TIMED, *COUNTED],
                        help="of " + ", ".join([*scenarios.TIMED, *COUNTED]))
    parser.add_argument("--servers", type=lambda text: text.split(","), metavar="NAME,…",
                        help="of " + ", ".join(servers.ALL))
    parser.add_argument("--hot", type=int, default=0, metavar="N",
                        help="with instructions: print the N hottest functions and lines")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE",
                        help="write every sample and count there")
    arguments = parser.parse_args()
    unknown = {*arguments.only} - {*scenarios.TIMED, *COUNTED}
    unknown |= {*(arguments.servers or [])} - {*servers.ALL}
    if unknown:
        parser.error("unknown: " + ", ".join(sorted(unknown)))
    arguments.build = arguments.build.resolve()
    return arguments


def choose_servers(arguments):
    wanted = arguments.servers or [*servers.OURS, *(servers.OTHERS if arguments.peers else [])]
    chosen = []
    for name in wanted:
        if servers.is_present(name, arguments.build):
            chosen.append(name)
        else:
            print(f"{name}: not found, left out", file=sys.stderr)
    return chosen


def shown(value, form):
    return "—" if value is None else format(value, form)


def print_timed(title, samples):
    print(f"\n## {title}\n")
    print("| server | requests/s | server busy | CPU µs a request | ± | × limit |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, taken in samples.items():
        cells = [shown(scenarios.middle(taken, "rate"), ",.0f"),
                 shown(scenarios.middle(taken, "busy"), ".0%"),
                 shown(scenarios.middle(taken, "cpu_microseconds"), ".2f"),
                 shown(scenarios.spread(taken, "cpu_microseconds"), ".0%"),
                 shown(scenarios.ratio(samples, name, "limit"), ".2f")]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def measure_timed(arguments, chosen):
    timed = {}
    for name, scenario in scenarios.TIMED.items():
        if name not in arguments.only:
            continue
        names = [one for one in chosen if name in TIMED_IN.get(one, scenarios.TIMED)]
        timed[name] = scenarios.measure(arguments.build, names, scenario, arguments.rounds,
                                        arguments.seconds)
        print_timed(f"{name}: {scenario.title}", timed[name])
    return timed


def print_instructions(name, costs, hot):
    print(f"\n## instructions per request: {name}, {sum(costs.values()):.0f}\n")
    print("| stage | instructions |\n|---|--:|")
    for stage, cost in callgrind.by_stage(costs).most_common():
        if cost >= 0.5:
            print(f"| {stage} | {cost:.0f} |")
    for table in (callgrind.by_function, callgrind.by_line) if hot else ():
        print()
        for place, cost in table(costs).most_common(hot):
            print(f"{cost:8.1f}  {place}")


def measure_instructions(arguments, chosen):
    totals = {}
    for name in chosen:
        if name in ("limit", "mortise", "mortise+coroutine", "mortise+observed"):
            costs = counts.instructions(name, arguments.build)
            print_instructions(name, costs, arguments.hot)
            totals[name] = sum(costs.values())
    return totals


def measure_each(measure, arguments, chosen, title, form):
    figures = {}
    print(f"\n## {title}\n")
    print("| server | figure |\n|---|--:|")
    for name in chosen:
        if name not in TIMED_IN:
            figures[name] = measure(name, arguments.build)
            print(f"| {name} | {figures[name]:{form}} |", flush=True)
    return figures


def count_calls(name, build):
    return sum(counts.system_calls(name, build).values())


def measure_counted(arguments, chosen):
    counted = {}
    if "memory" in arguments.only:
        title = f"bytes of user memory per idle connection, {scenarios.IDLE_CONNECTIONS:,} open"
        counted["memory"] = measure_each(lambda name, build: scenarios.idle_memory(build, name),
                                         arguments, chosen, title, ".0f")
    if "calls" in arguments.only:
        counted["calls"] = measure_each(count_calls, arguments, chosen,
                                        "system calls per request", ".3f")
    if "allocations" in arguments.only:
        ours = [name for name in chosen if name in servers.OURS]
        counted["allocations"] = measure_each(counts.allocations, arguments, ours,
                                              "heap allocations per request", ".4f")
    if "instructions" in arguments.only:
        counted["instructions"] = measure_instructions(arguments, chosen)
    return counted


def print_goals(results):
    print("\n## goals\n\n| # | measure | goal | figure | |\n|---|---|--:|--:|---|")
    for goal in goals.GOALS:
        figure = goal.figure(results)
        verdict = "not measured" if figure is None else (
            "met" if goals.is_met(goal, figure) else "**not met**")
        print(f"| {goal.number} | {goal.measure} | {goal.relation} {goal.bound:g} | "
              f"{shown(figure, '.3f' if goal.bound < 10 else '.0f')} | {verdict} |")


def write_json(path, results):
    path.write_text(json.dumps(results, indent=1, default=dataclasses.asdict) + "\n")


def main():
    arguments = parse_arguments()
    if not (arguments.build / "bench/load").exists():
        raise processes.BenchError(f"{arguments.build} has no bench/load; build the release preset")
    if os.cpu_count() < 2:
        raise processes.BenchError("two cores are needed")
    os.sched_setaffinity(0, {scenarios.OTHER_CORE})
    chosen = choose_servers(arguments)
    results = {"timed": measure_timed(arguments, chosen),
               "counted": measure_counted(arguments, chosen)}
    if "mortise" in chosen:
        print_goals(results)
    if arguments.json:
        write_json(arguments.json, results)


if __name__ == "__main__":
    try:
        main()
    except processes.BenchError as fault:
        sys.exit(f"bench: {fault}")
