"""A bar for each route as SVG: p95 drawn pale, p50 on top of it, the error rate as text."""
from html import escape

ROW, LABEL, BAR, RIGHT, TOP = 26, 260, 460, 150, 48


def chart(rows, title):
    width, height = LABEL + BAR + RIGHT, TOP + ROW * len(rows) + 24
    longest = max((row['p95Milliseconds'] for row in rows), default=0) or 1
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12" role="img">',
        f'<title>{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="24" font-size="15" font-weight="600">{escape(title)}</text>',
        *axis(longest, height),
    ]
    for index, row in enumerate(rows):
        parts += bar(row, TOP + index * ROW, longest)
    return '\n'.join([*parts, '</svg>'])


def axis(longest, height):
    for step in range(5):
        x, value = LABEL + BAR * step / 4, longest * step / 4
        yield f'<line x1="{x:g}" x2="{x:g}" y1="{TOP - 6}" y2="{height - 24}" stroke="#e5e7eb"/>'
        yield f'<text x="{x:g}" y="{height - 8}" fill="#6b7280" text-anchor="middle">{value:.0f} ms</text>'


def bar(row, y, longest):
    p50, p95 = (BAR * row[name] / longest for name in ('p50Milliseconds', 'p95Milliseconds'))
    color = '#dc2626' if row['serverErrorRate'] >= 0.01 else '#6b7280'
    yield f'<text x="{LABEL - 8}" y="{y + 16}" text-anchor="end">{escape(shorten(row["route"]))}</text>'
    yield f'<rect x="{LABEL}" y="{y + 4}" width="{p95:.1f}" height="16" rx="2" fill="#bfdbfe"/>'
    yield f'<rect x="{LABEL}" y="{y + 4}" width="{p50:.1f}" height="16" rx="2" fill="#2563eb"/>'
    yield (f'<text x="{LABEL + BAR + 12}" y="{y + 16}" fill="{color}">{row["count"]} calls, '
           f'{row["serverErrorRate"]:.1%} errors</text>')


def shorten(text, length=38):
    return text if len(text) <= length else text[:length - 1] + '…'
