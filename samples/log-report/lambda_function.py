"""Access-log lines in, a table by route and an SVG chart back."""
import logging
from pathlib import Path

from chart import chart
from report import parse, table

logger = logging.getLogger()
logger.setLevel(logging.INFO)
HERE = Path(__file__).parent


def lambda_handler(event, context):
    lines, source = lines_of(event)
    routes, skipped = parse(lines)
    rows = table(routes)
    requests = sum(row['count'] for row in rows)
    logger.info('%d requests on %d routes, %d lines skipped', requests, len(rows), skipped)
    if requests == 0:
        raise ValueError(f'No line of {source} is in the combined log format with the request time at its end.')
    return {
        'requests': requests,
        'skippedLines': skipped,
        'serverErrorRate': round(sum(row['serverErrors'] for row in rows) / requests, 4),
        'routes': rows,
        'chart': chart(rows[:event.get('chartRows', 12)], event.get('title', 'Response time by route')),
    }


def lines_of(event):
    """The lines come with the event, or from a file of the package."""
    if 'lines' in event:
        return event['lines'], 'the event'
    name = event.get('file', 'access.log')
    path = (HERE / name).resolve()
    if path.parent != HERE.resolve() or not path.is_file():
        raise FileNotFoundError(f'The package has no file {name!r}.')
    with path.open(encoding='utf-8', errors='replace') as log:
        return log.readlines(), name
