#!/usr/bin/env python3
"""Medians of measured rounds as a table, and as results.json in the same folder.

  python Benchmarks/rounds.py runs RESULTS [NAME]     the stages of all runs of a results folder, as a line of JSON
  python Benchmarks/rounds.py bare OUTPUT             the same from bare_lightgbm's output
  python Benchmarks/rounds.py table FOLDER NAME=LABEL... [--fact KEY=VALUE]...
                                                      FOLDER has NAME.times and, if there are stages, NAME.stages;
                                                      ratios are the first program's time over each other's

A line of NAME.times has seconds, kilobytes, user and system seconds; one of NAME.stages is JSON, stage by stage.
"""

import glob
import json
import os
import re
import statistics
import sys


def runs(results, name="*"):
  """Seconds by stage, summed over the runs of an experiment, or of all."""
  total = {}
  for path in glob.glob(f"{results}/{name}/runs/*/run.json"):
    if os.path.islink(os.path.dirname(path)):
      continue
    with open(path) as file:
      for timing in json.load(file)["timings"]:
        total[timing["stage"]] = total.get(timing["stage"], 0) + timing["seconds"]
  return total


def bare(output):
  """Wall and CPU seconds by stage of bare_lightgbm."""
  with open(output) as file:
    found = re.findall(r"^(\w+) +([\d.]+) s, +([\d.]+) s CPU", file.read(), re.MULTILINE)
  return {name: float(wall) for name, wall, _ in found if name != "whole"}


def read(folder, name):
  """A program's rounds, their medians and the medians of its stages."""
  with open(f"{folder}/{name}.times") as file:
    lines = [[float(word) for word in line.split()] for line in file]
  found = {
    "rounds": [line[0] for line in lines],
    "seconds": statistics.median(line[0] for line in lines),
    "cpu": statistics.median(line[2] + line[3] for line in lines),
    "megabytes": statistics.median(line[1] for line in lines) / 1024,
  }
  if os.path.exists(f"{folder}/{name}.stages"):
    with open(f"{folder}/{name}.stages") as file:
      stages = [json.loads(line) for line in file]
    names = dict.fromkeys(name for line in stages for name in line)
    found["stages"] = {name: statistics.median(line.get(name, 0) for line in stages) for name in names}
  return found


def table(folder, programs, facts):
  found = {name: {"label": label, **read(folder, name)} for name, label in programs.items()}
  wall = next(iter(found.values()))["seconds"]
  print(f"\n{'program':34}{'seconds':>9}{'CPU':>9}{'MB':>8}{'ratio':>7}   rounds")
  for values in found.values():
    rounds = " ".join(f"{value:.2f}" for value in values["rounds"])
    ratio = f"{wall / values['seconds']:7.2f}" if values["seconds"] > 0 else " " * 7
    print(f"{values['label']:34}{values['seconds']:9.2f}{values['cpu']:9.2f}{values['megabytes']:8.0f}{ratio}   {rounds}")
  print()
  for values in found.values():
    if "stages" in values:
      stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in values["stages"].items())
      print(f"stages of {values['label']}: {stages}")
  with open(f"{folder}/results.json", "w") as file:
    json.dump({"facts": facts, "programs": found}, file, indent=2)
    file.write("\n")
  return found


def main():
  if len(sys.argv) < 3:
    sys.exit(__doc__)
  kind, folder, *rest = sys.argv[1:]
  if kind in ("runs", "bare"):
    print(json.dumps(runs(folder, *rest) if kind == "runs" else bare(folder)))
    return
  facts, programs = {}, {}
  while rest:
    word = rest.pop(0)
    pairs, word = (facts, rest.pop(0)) if word == "--fact" else (programs, word)
    key, value = word.split("=", 1)
    pairs[key] = value
  table(folder, programs, facts)


if __name__ == "__main__":
  main()
