"""Access-log lines to a table by path. Reads the combined log format of nginx and Apache with the seconds a request
took as last field, as `log_format` ends when `$request_time` is added to it."""
import re
from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil

LINE = re.compile(
    r'^(?P<client>\S+) \S+ \S+ \[[^\]]+\] "(?P<method>[A-Z]+) (?P<target>\S+)[^"]*" '
    r'(?P<status>\d{3}) (?P<bytes>\d+|-) "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*" (?P<seconds>\d+(?:\.\d+)?)\s*$')

# A part of a path that names one thing rather than a kind of thing: a number, a UUID, a long hexadecimal id; what
# follows a dot is kept (/images/4711.webp is /images/{id}.webp).
IDENTIFIER = re.compile(r'^(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,})(?=\.|$)')


@dataclass
class Route:
    milliseconds: list = field(default_factory=list)
    bytes: int = 0
    client_errors: int = 0
    server_errors: int = 0


def parse(lines):
    """Returns the routes by name, and how many lines were not of the format."""
    routes, skipped = defaultdict(Route), 0
    for line in lines:
        match = LINE.match(line)
        if match is None:
            skipped += bool(line.strip())
            continue
        route = routes[f'{match["method"]} {route_of(match["target"])}']
        route.milliseconds.append(float(match['seconds']) * 1000)
        route.bytes += 0 if match['bytes'] == '-' else int(match['bytes'])
        route.client_errors += match['status'][0] == '4'
        route.server_errors += match['status'][0] == '5'
    return routes, skipped


def route_of(target):
    """/orders/4711?full=1 is /orders/{id}: one row for all orders."""
    path = target.split('?', 1)[0]
    return '/'.join(IDENTIFIER.sub('{id}', part) for part in path.split('/'))


def table(routes):
    """One row for each route, the busiest first."""
    rows = []
    for name, route in routes.items():
        times, count = sorted(route.milliseconds), len(route.milliseconds)
        rows.append({
            'route': name,
            'count': count,
            'p50Milliseconds': round(percentile(times, 50), 1),
            'p95Milliseconds': round(percentile(times, 95), 1),
            'maxMilliseconds': round(times[-1], 1),
            'bytes': route.bytes,
            'clientErrors': route.client_errors,
            'serverErrors': route.server_errors,
            'serverErrorRate': round(route.server_errors / count, 4),
        })
    return sorted(rows, key=lambda row: (-row['count'], row['route']))


def percentile(ordered, percent):
    """Nearest rank: a value that was really measured, not one between two."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]
