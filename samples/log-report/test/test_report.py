"""The report on lines whose figures are known, and on the log that comes with the sample."""
import json
import sys
import unittest
import xml.etree.ElementTree
from pathlib import Path

HERE = Path(__file__).parent.parent
sys.path.insert(0, str(HERE))

from lambda_function import lambda_handler  # noqa: E402
from report import percentile, route_of  # noqa: E402


def line(target, status=200, seconds=0.01, method='GET'):
    return (f'192.0.2.1 - - [17/Nov/2026:08:00:02 +0000] "{method} {target} HTTP/1.1" {status} 512 "-" '
            f'"a \\"quoted\\" agent" {seconds:.3f}')


class ReportTest(unittest.TestCase):
    def test_calls_times_and_errors_are_counted_by_route(self):
        lines = [line(f'/orders/{number}?full=1', seconds=number / 1000) for number in range(1, 101)]
        lines += [line('/orders/7', 503, 5), line('/orders/8', 404, 0.001), line('/', 304), 'nonsense', '']
        report = lambda_handler({'lines': lines}, None)

        orders = report['routes'][0]
        self.assertEqual((report['requests'], report['skippedLines']), (103, 1))
        self.assertEqual((orders['route'], orders['count']), ('GET /orders/{id}', 102))
        self.assertEqual((orders['p50Milliseconds'], orders['p95Milliseconds']), (50, 96))
        self.assertEqual((orders['clientErrors'], orders['serverErrors'], orders['serverErrorRate']), (1, 1, 0.0098))

    def test_routes_keep_what_names_a_kind_and_drop_what_names_one(self):
        for target, route in (('/', '/'), ('/a/12/b?x=1', '/a/{id}/b'), ('/i/12.webp', '/i/{id}.webp'),
                              ('/u/3f2b8c1e-0000-4a00-8000-00000000abcd', '/u/{id}'), ('/v1/app2', '/v1/app2')):
            self.assertEqual(route_of(target), route)

    def test_percentiles_are_values_that_were_measured(self):
        self.assertEqual([percentile([1, 2, 3, 4], percent) for percent in (0, 50, 51, 100)], [1, 2, 3, 4])

    def test_the_log_of_the_sample_is_reported_with_a_readable_chart(self):
        report = lambda_handler(json.loads((HERE / 'event.json').read_text()), None)
        chart = xml.etree.ElementTree.fromstring(report['chart'])

        self.assertEqual(report['requests'] + report['skippedLines'], 2000)
        self.assertTrue(chart.tag.endswith('svg'))
        self.assertGreater(max(row['serverErrorRate'] for row in report['routes']), 0.05)

    def test_input_without_a_single_line_of_the_format_is_an_error(self):
        for event in ({'lines': ['x']}, {'lines': []}):
            with self.assertRaises(ValueError):
                lambda_handler(event, None)
        for name in ('../report.py', 'missing.log'):
            with self.assertRaises(FileNotFoundError):
                lambda_handler({'file': name}, None)


if __name__ == '__main__':
    unittest.main()
