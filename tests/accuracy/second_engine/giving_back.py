"""What refunds took of each line, as reports reckon it (REPORTS.md, "What an order counts as"; what
the store's rows become: docs/reports.md): in the order of time, named lines first by no more than they have
left, what names none from all lines by largest remainder over what is left."""
from itertools import groupby


def allocate(total, weights):
    """Parts of a total by largest remainder, ties to the earlier one."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    parts = [total * w // whole for w in weights]
    places = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in places[:total - sum(parts)]:
        parts[i] += 1
    return parts


def taken(lines, refunds):
    """`lines`: number and amount; `refunds`: what each lowers net paid by, and (number, amount) of those it names."""
    left = dict(lines)
    for goods, named in refunds:
        rest = max(goods, 0)
        for number, amount in named:
            part = min(max(amount, 0), rest, left.get(number, 0))
            if number in left:
                left[number] -= part
                rest -= part
        open_lines = sorted(left)
        rest = min(rest, sum(left.values()))
        for number, part in zip(open_lines, allocate(rest, [left[n] for n in open_lines])):
            left[number] -= part
    return [(number, amount - left[number]) for number, amount in lines]


def lay(engine):
    """Makes the table line_back of orders that are still purchases and had refunds."""
    engine.execute("""CREATE TEMP TABLE back_of AS SELECT id, order_id, goods, refunded_at, source_id FROM raw.refund
                      WHERE state = 'succeeded' AND kind <> 'exchange' AND order_id IS NOT NULL AND coalesce(refunded_at, 0) < getvariable('as_of')""")
    lines, names = {}, {}
    for order, number, amount in engine.execute("SELECT order_id, CAST(split_part(line_id, '/', 2) AS INTEGER), coalesce(amount, 0) FROM lines WHERE state <> 'closed' AND order_id IN (SELECT order_id FROM back_of) ORDER BY ALL").fetchall():
        lines.setdefault(order, []).append((number, amount))
    for refund, number, amount in engine.execute("SELECT refund, line_no, amount FROM raw.refund_line WHERE refund IN (SELECT id FROM back_of) ORDER BY refund, place").fetchall():
        names.setdefault(refund, []).append((number, amount))
    rows = engine.execute("SELECT order_id, id, goods FROM back_of ORDER BY order_id, refunded_at NULLS LAST, source_id").fetchall()
    found = []
    for order, some in groupby(rows, key=lambda r: r[0]):
        back = taken(lines.get(order, []), [(goods, names.get(refund, [])) for _, refund, goods in some])
        found += [(f"{order}/{number}", amount) for number, amount in back if amount]
    engine.execute("CREATE TABLE line_back (line_id VARCHAR, back BIGINT)")
    if found:
        engine.execute("INSERT INTO line_back SELECT unnest(?), unnest(?)", [[i for i, _ in found], [b for _, b in found]])
