#!/usr/bin/env python3
"""A hundred questions asked of the demo shop twice: of the program, and in SQL of another engine.

    segments_sql.py PROGRAM [MEMBERS] [FOLDER]

Draws a shop (200,000 people unless told otherwise), tells it through the API what files do not tell
(second_engine/life.py), reads the store's own tables into DuckDB and asks each question there, in SQL
written from the words of the language's specification. Compared are the members, one by one; further
that `explain`'s text reads as itself (and every tenth counts the same), and that it names the tables,
facts and segments that the expression speaks of. With FOLDER the shop is kept there and used as it is the next time.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent / "second_engine"), str(Path(__file__).resolve().parents[2] / "bench")]
import common  # noqa: E402
import life  # noqa: E402
import store_tables  # noqa: E402
from questions import Known, questions  # noqa: E402

program, people = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "200000"
ZONE = "Asia/Shanghai"
# What is known as it was at a time, or never changes.
PAST = {"id", "now", "tags", "tier", "consent_sms", "consent_email", "consent_ads"}


def today():
    return (int(time.time()) + 8 * 3600) // 86_400


def spoken(node, found):
    """Tables, facts and segments of an expression, by its keys alone."""
    if isinstance(node, dict):
        for key, into in (("table", "tables"), ("fact", "facts")):
            if isinstance(node.get(key), str):
                found[into].add(node[key])
        if node.get("op") == "in_segment":
            found["segments"].add(node["id"])
        if node.get("op") in ("has_any", "has_all"):
            found["facts"].add("tags")
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        spoken(part, found)
    return found


def draw(folder):
    """The shop in `folder`, and what was kept in it: the midnight at which its files end, segments by name."""
    shop, told = common.Shop(str(Path(program).parent), found=False, kept=folder), Path(folder) / "told.json"
    shop.shuke = program
    if told.exists():
        return shop, json.loads(told.read_text(encoding="utf-8"))
    begun = time.time()
    end = (int(begun) + 8 * 3600) // 86_400 * 86_400 - 8 * 3600
    until = time.strftime("%Y-%m-%d", time.gmtime(end + 8 * 3600))
    os.makedirs(f"{folder}/data", mode=0o700, exist_ok=True)
    with shop.serving((), "--members", people, "--until", until, command="demo"):
        print(f"   {people} people drawn and loaded in {time.time() - begun:.0f} s", flush=True)
    shutil.rmtree(f"{folder}/data/demo-files", ignore_errors=True)
    shop.key = shop.run("admin", "create-key", "--name", "life", "--scopes", life.SCOPES).strip()
    with shop.serving() as (address, _, _):
        store = sqlite3.connect(f"file:{shop.file}?mode=ro", uri=True)
        kept = life.tell(life.Shop(address, shop.key), store, store_tables.name, end * 1_000_000)
        store.close()
    # A large shop's columns may be a minute behind; the questions are about what was told last.
    shop.run("columns", "rebuild")
    kept |= {"end": end * 1_000_000, "now": int(time.time() * 1e6)}
    told.write_text(json.dumps(kept), encoding="utf-8")
    print(f"   told what files do not tell by {time.time() - begun:.0f} s", flush=True)
    return shop, kept


def ask(shop, verb, file, question):
    zone = ["--zone", question.zone] if question.zone else []
    done = subprocess.run(shop.arguments("segment", verb, file, "--at", life.rfc(question.at), "--json", *zone), env=shop.env, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise RuntimeError(f"{verb}: exit {done.returncode}: {done.stdout[-300:]} {done.stderr[-300:]}")
    return json.loads(done.stdout)


def judge(shop, engine, place, question, folder):
    """What is wrong with the program's answer, or nothing; and how many members."""
    file, wrong = Path(folder) / "question.json", []
    file.write_text(json.dumps(question.expr, ensure_ascii=False), encoding="utf-8")
    engine.execute("SET VARIABLE zone = ?", [question.zone or ZONE])
    engine.execute("SET VARIABLE t = ?", [question.at])
    want = {m for (m,) in engine.execute(question.sql).fetchall()}
    listed = ask(shop, "list", file, question)
    got = set(listed["members"])
    if len(listed["members"]) != len(got) or listed["count"] != len(got) or listed["members"] != sorted(listed["members"]):
        wrong.append("the list is not sorted, not of members once each, or not as long as its count")
    if want != got:
        wrong.append(f"SQL {len(want)}, program {len(got)}; only SQL {sorted(want - got)[:3]}, only the program {sorted(got - want)[:3]}")
    means = spoken(question.expr, {"tables": set(), "facts": set(), "segments": set()})
    if listed["current_facts"] != sorted(means["facts"] - PAST):
        wrong.append(f"current_facts {listed['current_facts']}, the expression uses {sorted(means['facts'] - PAST)}")
    told = ask(shop, "explain", file, question)
    if not question.refers:
        for what, names in means.items():
            if set(told[what]) != names:
                wrong.append(f"explain names {what} {told[what]}, the expression {sorted(names)}")
    text = Path(folder) / "question.seg"
    text.write_text(told["text"], encoding="utf-8")
    again = ask(shop, "explain", text, question)["text"]
    if again != told["text"]:
        wrong.append(f"its text {told['text']!r} reads as {again!r}")
    counted = ask(shop, "count", text, question)["count"] if place % 10 == 0 else len(got)
    if counted != len(got):
        wrong.append(f"its text counts {counted}")
    return wrong, len(got)


def main():
    kept = sys.argv[3] if len(sys.argv) > 3 else None
    folder = kept or tempfile.mkdtemp(prefix="shuke-segments-")
    try:
        shop, told = draw(folder)
        engine, day = store_tables.read(shop.file, folder, ZONE, int(time.time() * 1e6)), today()
        agreed, all_of_them, nobody = 0, 0, []
        for question in questions(Known(engine, told)):
            all_of_them += 1
            if day != today():  # stage and scores are those of the day
                engine, day = store_tables.read(shop.file, folder, ZONE, int(time.time() * 1e6)), today()
                Known(engine, told)
            try:
                wrong, members = judge(shop, engine, all_of_them, question, folder)
            except Exception as e:  # the next question may still be judged
                wrong, members = [repr(e)[:600]], 0
            agreed += not wrong
            if not members:
                nobody.append(question.title)
            if wrong:
                print(f"FAIL {question.title}", f"at {life.rfc(question.at)}: {json.dumps(question.expr, ensure_ascii=False)}"[:1500], *wrong, sep="\n        ", flush=True)
        enough = agreed == all_of_them >= 100
        empty = f"; nobody is in {len(nobody)} of them: {', '.join(nobody)}" if nobody else ""
        print(f"{'ok  ' if enough else 'FAIL'} segments in another engine: {agreed} of {all_of_them} agreed{empty}")
        sys.exit(not enough)
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


main()
