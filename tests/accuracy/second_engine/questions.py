"""All questions: a title, the expression, its time, and SQL that gives its members."""
from dataclasses import dataclass
from importlib import import_module

DAY, HOUR = 86_400_000_000, 3_600_000_000
CHAPTERS = ("ask_facts", "ask_history", "ask_rows", "ask_windows", "ask_sequences", "ask_ranks", "ask_segments")


@dataclass
class Question:
    title: str
    expr: dict
    at: int
    sql: str
    zone: str = None
    # Whether it refers to kept segments, so that it speaks of more than its own keys show.
    refers: bool = False


class Known:
    """What a question may be told of the shop: `now` (everything is known), `end` (the midnight at which
    its files end), days and midnights counted from it, kept segments, single values."""

    def __init__(self, engine, told):
        self.engine, self.end, self.now = engine, told["end"], told["now"]
        self.segments, self.saved = told["segments"], told["saved"]
        # Whoever was merged away counts as who took them in.
        engine.execute("CREATE TABLE listed AS SELECT coalesce(x.member_id, m.member_id) AS member_id FROM raw.member m LEFT JOIN raw.member x ON x.id = m.alias_of WHERE m.member_id IN (SELECT unnest(?))", [told["list"]])

    def midnight(self, days):
        return self.end + days * DAY

    def date(self, days):
        return str(self.pick(f"SELECT CAST(make_timestamp({self.midnight(days) + 8 * HOUR}) AS DATE)"))

    def latest(self, when, common=False):
        """The last time before `end` that UTC's calendar showed this (`02-28 04:00:00`), in a common year if asked."""
        year = int(self.date(0)[:4])
        while True:
            at = self.pick(f"SELECT epoch_us(TIMESTAMP '{year}-{when}')")
            if at < self.end and not (common and year % 4 == 0):
                return at
            year -= 1

    def pick(self, sql):
        found = self.engine.execute(sql).fetchone()
        if found is None or found[0] is None:
            raise SystemExit(f"nothing in the shop for {sql}")
        return found[0]


def questions(known):
    for chapter in CHAPTERS:
        for title, expr, at, sql, *more in import_module(chapter).ask(known):
            yield Question(title, expr, at, sql, **(more[0] if more else {}))
