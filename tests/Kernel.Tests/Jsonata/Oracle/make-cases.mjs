// Writes cases.json: what the npm package jsonata (2.2.2) answers to expressions.txt and to those generated below.
//   npm install jsonata@2.2.2 in some folder, then: node make-cases.mjs FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const jsonata = createRequire(resolve(process.argv[2], 'package.json'))('jsonata');
const beside = (name) => new URL(name, import.meta.url);
const inputs = JSON.parse(readFileSync(beside('inputs.json'), 'utf8'));

function* written() {
  let topic = '', input = 'none';
  for (const line of readFileSync(beside('expressions.txt'), 'utf8').split('\n')) {
    if (line.startsWith('## ')) [topic, input] = line.slice(3).split(' with ').concat('none');
    else if (line.trim() !== '') yield { topic, input, expression: line };
  }
}

const values = ['nothing', 'null', 'true', 'false', '0', '-2.5', '""', '"abc"', '"12"', '[]', '[1]', '[3,1,2]',
  '["b","a"]', '{}', '{"a":1,"b":[1,2]}', '[{"a":1},{"b":2}]', '$sum'];
const functions = ['sum', 'count', 'max', 'min', 'average', 'string', 'substring', 'substringBefore', 'lowercase',
  'uppercase', 'length', 'trim', 'pad', 'contains', 'split', 'join', 'formatNumber', 'formatBase', 'formatInteger',
  'number', 'floor', 'ceil', 'round', 'abs', 'sqrt', 'power', 'boolean', 'not', 'map', 'filter', 'single', 'reduce',
  'sift', 'keys', 'lookup', 'append', 'exists', 'spread', 'merge', 'reverse', 'each', 'type', 'sort', 'distinct',
  'base64encode', 'encodeUrl', 'zip', 'assert', 'error', 'toMillis'];
const higher = ['map', 'filter', 'single', 'reduce', 'sift', 'each', 'sort'];
const operators = ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or', 'in', '?:', '??'];
const operands = ['nothing', 'null', 'true', '0', '2', '"a"', '"b"', '[]', '[1,2]', '{"a":1}'];
const paths = ['a', 'b', 'c.d', 'list', 'list.x', 'list.y', 'list.y.z', 'deep', 'deep.e', '*', '**', 'list.*', '$',
  '$$.a'];
const ends = ['', '[0]', '[-1]', '[]', '[0][]', '[1]', '[$ > 1]', '[x = 1]', '[[0,1]]', '{"k": $}', '^($string($))',
  '.$', '.x', '.[x]', '.{"x": x}', '.$count($)', '#$i.($i)', '@$v.($v)', '.%', '.(%.a)'];

function* generated() {
  for (const name of functions) {
    for (const value of values) {
      yield { topic: `$${name}`, input: 'none', expression: `$${name}(${value})` };
      for (const second of higher.includes(name) ? ['$string', 'function($v, $k){$v}'] : ['1', '"a"']) {
        yield { topic: `$${name}`, input: 'none', expression: `$${name}(${value}, ${second})` };
      }
    }
    yield { topic: `$${name}`, input: 'none', expression: `$${name}()` };
    yield { topic: `$${name}`, input: 'small', expression: `[1, "x", [2], {"a": 1}].$${name}()` };
  }
  for (const operator of operators) {
    for (const left of operands) {
      for (const right of operands) {
        yield { topic: `operator ${operator}`, input: 'none', expression: `${left} ${operator} ${right}` };
      }
    }
  }
  for (const path of paths) {
    for (const end of ends) {
      for (const more of ['', '[0]']) {
        yield { topic: 'paths', input: 'small', expression: `${path}${end}${more}` };
      }
    }
  }
}

// Random expressions over the input `order`, the same ones each time.
let state = 20260304;
const below = (count) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * count);
};
const one = (...options) => options[below(options.length)];
const signs = ['+', '-', '*', '=', '!=', '<', '>=', '&', 'and', 'or', 'in', '??', '?:'];
const unary = ['count', 'sum', 'string', 'keys', 'exists', 'reverse', 'distinct', 'type', 'not', 'spread'];
const made = (depth) => depth <= 0
  ? one('1', '2', '0', '"a"', '"b2"', 'order', 'order.items', 'items', 'price', 'sku', 'count', 'tags', 'orders.lines',
    'n', 'id', '$', '$$', '$v', 'nothing', 'true', 'null', '[]', 'order.customer', '*', '[1..3]', 'orders', 'lines')
  : one(
    () => `${made(depth - 1)}.${made(depth - 1)}`,
    () => `${made(depth - 1)}.(${made(depth - 1)})`,
    () => `${made(depth - 1)}[${made(depth - 1)}]`,
    () => `(${made(depth - 1)})[${one('0', '-1', '1', '[0,2]')}]`,
    () => `${made(depth - 1)}[]`,
    () => `[${made(depth - 1)}, ${made(depth - 1)}]`,
    () => `${made(depth - 1)}.[${made(depth - 1)}]`,
    () => `{"k": ${made(depth - 1)}, "l": ${made(depth - 1)}}`,
    () => `${made(depth - 1)}{$string(${made(depth - 1)}): ${made(depth - 1)}}`,
    () => `${made(depth - 1)} ${one(...signs)} ${made(depth - 1)}`,
    () => `(${made(depth - 1)} ? ${made(depth - 1)} : ${made(depth - 1)})`,
    () => `($v := ${made(depth - 1)}; ${made(depth - 1)})`,
    () => `$${one(...unary)}(${made(depth - 1)})`,
    () => `$append(${made(depth - 1)}, ${made(depth - 1)})`,
    () => `$map(${made(depth - 1)}, function($v, $i){${made(depth - 1)}})`,
    () => `$filter(${made(depth - 1)}, function($v){${made(depth - 1)}})`,
    () => `$lookup(${made(depth - 1)}, ${one('"sku"', '"items"', '"n"')})`,
    () => `${made(depth - 1)}^(${one('', '>', '<')}${one('price', 'sku', 'n', 'id', '$')})`,
    () => `(${made(depth - 1)})#$v.{"at": $v, "is": ${made(depth - 1)}}`,
    () => `(${made(depth - 1)})@$v.${made(depth - 1)}`,
    () => `${one('order.items', 'orders.lines', 'order.items.tags')}.(%.${one('id', 'sku', 'customer')})`,
    () => `${made(depth - 1)} ~> $${one('count', 'string', 'append(1)', 'type', 'distinct', 'exists')}`,
    () => `${made(depth - 1)} ~> |${made(depth - 1)}|${one('{"z": 1}', '{"sku": sku & "!"}', '{}, "sku"')}|`,
    () => made(0),
    () => made(depth - 2),
  )();

function* random() {
  for (let count = 0; count < 2000; count++) {
    yield { topic: 'random', input: 'order', expression: made(1 + (count % 4)) };
  }
}

const isData = (value) => value === null || ['string', 'boolean'].includes(typeof value)
  || (typeof value === 'number' && Number.isFinite(value))
  || (typeof value === 'object' && !value._jsonata_function && !value._jsonata_lambda
    && Object.entries(value).every(([name, one]) => isData(one) || (name === 'next' && typeof one === 'function')));

// Where the package is not followed, by how the expression begins: a grouping behind a call at the end of a function is
// forgotten; a predicate is evaluated for nothing and may fail; of two failures the one that comes first in time is
// given; brackets at the beginning of a path read the input and not the context.
const differs = ['$map(1, function($v, $i){$append(orders, 1){', '{"k": (lines{$string(order.items', '[nothing >= (',
  '[*, []].order.', '([$v, "a"].$v[])@$v', '$append(count{$string(lines): "b2"}^($){'];

const seen = new Set();
const cases = [];
for (const { topic, input, expression } of [...written(), ...generated(), ...random()]) {
  const key = `${input} ${expression}`;
  if (seen.has(key) || differs.some((begin) => expression.startsWith(begin))) continue;
  seen.add(key);
  try {
    const value = await jsonata(expression, { timeout: 5000 }).evaluate(structuredClone(inputs[input]));
    // What JSON cannot say (functions, infinite numbers, holes in arrays) has nothing to be compared with.
    if (value !== undefined && !isData(value)) continue;
    if (topic === 'random' && JSON.stringify(value)?.length > 300) continue;
    cases.push(value === undefined ? { topic, input, expression, nothing: true } : { topic, input, expression, value });
  } catch (failure) {
    // Failures without a code are mistakes of the package itself.
    if (failure.code) cases.push({ topic, input, expression, code: failure.code });
  }
}

const about = `Made by make-cases.mjs from jsonata 2.2.2 of npm; change expressions.txt and make it anew. `
  + `input is a name of inputs.json; then value, nothing (undefined) or the code of the failure.`;
writeFileSync(beside('cases.json'),
  `{\n"about": ${JSON.stringify(about)},\n"inputs": ${JSON.stringify(inputs)},\n"cases": [\n`
  + cases.map((one) => JSON.stringify(one)).join(',\n') + '\n]\n}\n');
console.log(`${cases.length} cases`);
