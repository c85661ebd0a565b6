"""Runs `bootstrap` against a Runtime API of its own: python3 -m unittest discover test. Builds it first."""
import base64
import json
import os
import random
import shutil
import socket
import struct
import subprocess
import unittest
import zlib
from pathlib import Path

HERE = Path(__file__).parent.parent


def setUpModule():
    if shutil.which(os.environ.get('CC', 'cc')) is None:
        raise unittest.SkipTest('no C compiler is installed')
    subprocess.run([HERE / 'build.sh'], check=True)


class RuntimeApi:
    """Serves one call at a time over raw sockets, so that a test decides about every byte of the transport."""

    def __init__(self, transport='plain'):
        self.transport = transport
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.listener.settimeout(10)
        address = '%s:%d' % self.listener.getsockname()
        self.process = subprocess.Popen([HERE / 'bootstrap'], env={'AWS_LAMBDA_RUNTIME_API': address},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.connection = None
        self.calls = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.listener.close()
        if self.connection:
            self.connection.close()

    def invoke(self, event):
        self.calls += 1
        identity = f'8476a536-e9f4-11e8-9739-{self.calls:012}'
        assert self.read()[0] == 'GET /2018-06-01/runtime/invocation/next HTTP/1.1'
        self.write('200 OK', event if isinstance(event, bytes) else json.dumps(event).encode(),
                   f'Lambda-Runtime-Aws-Request-Id: {identity}\r\nLambda-Runtime-Deadline-Ms: 1\r\n')
        line, body = self.read()
        self.write('202 Accepted', b'{"status":"OK"}')
        kind = line.split()[1].removeprefix(f'/2018-06-01/runtime/invocation/{identity}/')
        return kind, json.loads(body)

    def read(self):
        if self.connection is None:
            self.connection, _ = self.listener.accept()
            self.connection.settimeout(10)
        data = b''
        while b'\r\n\r\n' not in data:
            data += self.receive()
        head, body = data.split(b'\r\n\r\n', 1)
        lines = head.decode().split('\r\n')
        length = next(int(line[15:]) for line in lines if line.lower().startswith('content-length:'))
        while len(body) < length:
            body += self.receive()
        return lines[0], body

    def receive(self):
        data = self.connection.recv(65536)
        assert data, 'the runtime closed the connection'
        return data

    def write(self, status, body, headers=''):
        if self.transport == 'chunked':
            half = len(body) // 2
            chunks = b''.join(b'%X\r\n%s\r\n' % (len(part), part) for part in (body[:half], body[half:]) if part)
            body, headers = chunks + b'0\r\n\r\n', headers + 'Transfer-Encoding: chunked\r\n'
        else:
            headers += f'content-length: {len(body)}\r\n'
        if self.transport == 'close':
            headers += 'Connection: close\r\n'
        data = f'HTTP/1.1 {status}\r\n{headers}\r\n'.encode() + body
        step = 7 if self.transport == 'dribble' else len(data)
        for start in range(0, len(data), step):
            self.connection.sendall(data[start:start + step])
        if self.transport in ('close', 'vanish'):
            self.connection.close()
            self.connection = None


def png(width, height, rows, color=2, depth=8, palette=None, level=9, strategy=zlib.Z_DEFAULT_STRATEGY):
    """`rows` are packed rows; each gets another filter in turn."""
    pixel = max(1, {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color] * depth // 8)
    packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, strategy)
    data, above = b'', bytes(len(rows[0]))
    for number, row in enumerate(rows):
        data += packer.compress(bytes([number % 5]) + filtered(number % 5, row, above, pixel))
        above = row
    data += packer.flush()
    chunks = [(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, color, 0, 0, 0))]
    if palette:
        chunks.append((b'PLTE', palette))
    chunks += [(b'IDAT', data[start:start + 1000]) for start in range(0, len(data), 1000)] + [(b'IEND', b'')]
    return b'\x89PNG\r\n\x1a\n' + b''.join(
        struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))
        for kind, content in chunks)


def filtered(kind, row, above, pixel):
    result = bytearray()
    for at, value in enumerate(row):
        left = row[at - pixel] if at >= pixel else 0
        corner = above[at - pixel] if at >= pixel else 0
        up = above[at]
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda candidate: abs(guess - candidate))
        result.append((value - [0, left, up, (left + up) // 2, nearest][kind]) % 256)
    return bytes(result)


def expected_hash(width, height, greys):
    def mean(column, row):
        left, right = column * width // 9, (column + 1) * width // 9
        top, bottom = row * height // 8, (row + 1) * height // 8
        values = [greys[y * width + x] for y in range(top, max(bottom, top + 1))
                  for x in range(left, max(right, left + 1))]
        return sum(values) / len(values)
    return '%016x' % int(''.join(str(int(mean(c, r) < mean(c + 1, r))) for r in range(8) for c in range(8)), 2)


def grey(red, green, blue):
    return (red * 299 + green * 587 + blue * 114 + 500) // 1000


def event_of(data, **more):
    return {'image': base64.b64encode(data).decode(), **more}


class BootstrapTest(unittest.TestCase):
    width, height = 61, 43

    def setUp(self):
        chance = random.Random(7)
        self.pixels = [tuple(min(255, max(0, int(base + chance.gauss(0, 30)))) for base in (x * 4, y * 5, 90))
                       for y in range(self.height) for x in range(self.width)]
        self.hash = expected_hash(self.width, self.height, [grey(*pixel) for pixel in self.pixels])
        self.rows = [bytes(sum(self.pixels[y * self.width:(y + 1) * self.width], ())) for y in range(self.height)]

    def check(self, api, data, expected=None):
        kind, answer = api.invoke(event_of(data))
        self.assertEqual((kind, answer.get('hash')), ('response', expected or self.hash), answer)
        self.assertEqual((answer['width'], answer['height']), (self.width, self.height))

    def test_colour_types_depths_and_compressions_give_the_hash_of_their_greys(self):
        w, h, pixels = self.width, self.height, self.pixels
        greys = [grey(*pixel) for pixel in pixels]
        cut = lambda values: [bytes(values[y * w:(y + 1) * w]) for y in range(h)]
        with RuntimeApi() as api:
            for level, strategy in ((9, zlib.Z_DEFAULT_STRATEGY), (0, zlib.Z_DEFAULT_STRATEGY), (6, zlib.Z_FIXED),
                                    (6, zlib.Z_HUFFMAN_ONLY), (1, zlib.Z_RLE)):
                self.check(api, png(w, h, self.rows, level=level, strategy=strategy))
            self.check(api, png(w, h, cut(greys), color=0))
            self.check(api, png(w, h, [bytes(v for g in row for v in (g, 77)) for row in cut(greys)], color=4))
            wide = [bytes(v for g in row for v in (g, 13)) for row in cut(greys)]
            self.check(api, png(w, h, wide, color=0, depth=16))
            rgba = [bytes(v for p in pixels[y * w:(y + 1) * w] for v in (*p, 200)) for y in range(h)]
            self.check(api, png(w, h, rgba, color=6))
            palette = [bytes([i, 255 - i, i // 2]) for i in range(256)]
            indexed = expected_hash(w, h, [grey(*palette[g]) for g in greys])
            self.check(api, png(w, h, cut(greys), color=3, palette=b''.join(palette)), indexed)
            bits = [''.join('1' if g > 127 else '0' for g in row).ljust((w + 7) // 8 * 8, '0') for row in cut(greys)]
            packed = [int(row, 2).to_bytes((w + 7) // 8, 'big') for row in bits]
            two = expected_hash(w, h, [255 if g > 127 else 0 for g in greys])
            self.check(api, png(w, h, packed, color=0, depth=1), two)
            self.check(api, b'P6\n# made by a test\n%d %d\n255\n' % (w, h) + b''.join(self.rows))
            self.check(api, b'P5 %d %d 255 ' % (w, h) + bytes(greys))

    def test_transports_of_http_are_all_understood(self):
        for transport in ('plain', 'chunked', 'dribble', 'close', 'vanish'):
            with self.subTest(transport), RuntimeApi(transport) as api:
                for _ in range(3):
                    self.check(api, png(self.width, self.height, self.rows))

    def test_a_scaled_copy_is_similar_and_a_mirrored_one_is_not(self):
        double = [bytes(v for p in self.pixels[y * self.width:(y + 1) * self.width] for v in p * 2)
                  for y in range(self.height) for _ in (0, 1)]
        mirrored = [bytes(v for p in self.pixels[y * self.width:(y + 1) * self.width][::-1] for v in p)
                    for y in range(self.height)]
        with RuntimeApi() as api:
            _, near = api.invoke(event_of(png(self.width * 2, self.height * 2, double), compareTo=self.hash))
            _, far = api.invoke(event_of(png(self.width, self.height, mirrored), compareTo=self.hash))
        self.assertTrue(near['similar'], near)
        self.assertFalse(far['similar'], far)

    def test_mistakes_are_named_and_the_next_call_is_served(self):
        good = png(self.width, self.height, self.rows)
        huge = good[:16] + struct.pack('>II', 19999, 19999) + good[24:]
        mistakes = [
            ({}, 'no text in "image"'), ([], 'no text'), (b'nonsense', 'no text'), (b'', 'no text'),
            (b'[' * 5000, 'no text'), ({'image': 5}, 'no text'), ({'image': '***'}, 'not base64'),
            (event_of(b'GIF89a'), 'neither PNG'), (event_of(good[:200]), 'ends before'), (event_of(huge), '16 million'),
            (event_of(good[:-60] + b'\0' * 48 + good[-12:]), ''),
            (event_of(good, compareTo='xyz'), '16 hexadecimal'),
            (event_of(b'P6 2 2 255\n\0\0\0'), 'ends before'), (event_of(b'P6 0 2 255\n'), 'empty'),
        ]
        with RuntimeApi() as api:
            for event, words in mistakes:
                kind, answer = api.invoke(event)
                self.assertEqual((kind, answer['errorType']), ('error', 'InvalidImage'), (event, answer))
                self.assertIn(words, answer['errorMessage'])
            self.check(api, good)

    def test_damaged_images_never_end_the_process(self):
        chance = random.Random(11)
        good = [png(self.width, self.height, self.rows), png(self.width, self.height, self.rows, level=6,
                                                             strategy=zlib.Z_FIXED)]
        with RuntimeApi() as api:
            for number in range(400):
                data = bytearray(good[number % 2])
                for _ in range(chance.randrange(1, 6)):
                    data[chance.randrange(8, len(data))] = chance.randrange(256)
                kind, _ = api.invoke(event_of(bytes(data[:chance.randrange(8, len(data) + 1)])))
                self.assertIn(kind, ('error', 'response'))
            self.check(api, good[0])

    def test_the_sample_event_is_answered(self):
        with RuntimeApi() as api:
            kind, answer = api.invoke(json.loads((HERE / 'event.json').read_text()))
        self.assertEqual(kind, 'response')
        self.assertTrue(answer['similar'], answer)

    def test_without_an_api_it_ends_with_a_reason(self):
        closed = socket.create_server(('127.0.0.1', 0))
        address = '%s:%d' % closed.getsockname()
        closed.close()
        for variables in ({}, {'AWS_LAMBDA_RUNTIME_API': 'nonsense'}, {'AWS_LAMBDA_RUNTIME_API': address}):
            ended = subprocess.run([HERE / 'bootstrap'], env=variables, capture_output=True, timeout=10)
            self.assertEqual(ended.returncode, 1)
            self.assertIn(b'runtime API:', ended.stderr)


if __name__ == '__main__':
    unittest.main()
