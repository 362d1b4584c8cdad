"""Short names for the nodes of an expression: what they make is the JSON of docs/segment.schema.json."""


def fact(name):
    return {"fact": name}


def col(name):
    return {"col": name}


def _rows(table, where, window, on):
    return {"table": table} | ({"where": where} if where else {}) | ({"window": window} if window else {}) | ({"on": on} if on else {})


def agg(function, table, of=None, where=None, window=None, on=None):
    return {"agg": function} | _rows(table, where, window, on) | ({"of": of} if of else {})


def count(table, where=None, window=None, on=None):
    return agg("count", table, None, where, window, on)


def exists(table, where=None, window=None, on=None):
    return {"op": "exists"} | _rows(table, where, window, on)


def _two(op):
    return lambda left, right: {"op": op, "left": left, "right": right}


eq, ne, lt, le, gt, ge = map(_two, ("eq", "ne", "lt", "le", "gt", "ge"))


def both(*args):
    return {"op": "and", "args": list(args)}


def either(*args):
    return {"op": "or", "args": list(args)}


def no(arg):
    return {"op": "not", "arg": arg}


def between(value, begin, end):
    return {"op": "between", "value": value, "from": begin, "to": end}


def isin(value, *some):
    return {"op": "in", "value": value, "list": list(some)}


def missing(value):
    return {"op": "is_missing", "value": value}


def under(value, *paths):
    return {"op": "under", "value": value, "paths": list(paths)}


def contains(value, text):
    return {"op": "contains", "value": value, "text": text}


def has(which, *tags, added=None):
    return {"op": f"has_{which}", "tags": list(tags)} | ({"added": added} if added else {})


def last(n, unit="days", **more):
    return {"last": n, "unit": unit} | more


def step(table, where=None, within=None, absent=False):
    return _rows(table, where, None, None) | ({"within": within} if within else {}) | ({"absent": True} if absent else {})


def within(n, unit="days", business=False):
    return {"n": n, "unit": unit} | ({"business": True} if business else {})


def sequence(*steps, same=None, window=None):
    return {"op": "sequence", "steps": list(steps)} | ({"same": same} if same else {}) | ({"window": window} if window else {})


def top(by, n=None, percent=None, **more):
    return {"op": "top", "by": by} | ({"n": n} if n else {"percent": percent}) | more


def segment(name):
    return {"op": "in_segment", "id": name}


BOUGHT = eq(col("purchase"), True)


def kind(word):
    return eq(col("kind"), word)
