import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { handlerFile, openPackage, packFiles, textFile, textOf, treeOf, unpackedSize, wrongName } from './packageFiles';

describe('a package', () => {
  it('keeps modes, links and bytes when a text in it is changed', () => {
    const binary = new Uint8Array([0, 255, 1]);
    const zip = packFiles([
      textFile('index.mjs', 'one'),
      { name: 'bootstrap', bytes: binary, mode: 0o100755 },
      { name: 'lib/link', bytes: new TextEncoder().encode('../bootstrap'), mode: 0o120777 },
    ]);
    const files = openPackage(zip)!;
    const changed = openPackage(packFiles(files.map((file) => (file.name === 'index.mjs' ? textFile(file.name, 'two') : file))))!;
    expect(changed.map((file) => [file.name, file.mode])).toEqual(
      [['bootstrap', 0o100755], ['index.mjs', 0o100644], ['lib/link', 0o120777]]);
    expect(changed[0]!.bytes).toEqual(binary);
    expect(textOf(changed[1]!)).toBe('two');
    expect(textOf(changed[2]!)).toBeNull();
  });

  it('has the same bytes for the same files', () => {
    const files = [textFile('b.py', 'x'), textFile('a.py', 'y')];
    expect(packFiles(files)).toEqual(packFiles([...files].reverse()));
  });

  it('is not opened when it is large', () => {
    const zip = zipSync({ big: new Uint8Array(1_000_001) });
    expect(unpackedSize(zip)).toBe(1_000_001);
    expect(openPackage(zip)).toBeNull();
  });

  it('is refused when it is no zip file', () => {
    expect(() => openPackage(new TextEncoder().encode('this is no archive at all'))).toThrow('not a zip');
  });
});

describe('names', () => {
  it('stand below their folders, which come first', () => {
    expect(treeOf(['z.py', 'lib/b.py', 'lib/a/x.py', 'a.py']).map((line) => [line.label, line.depth])).toEqual(
      [['lib/', 0], ['a/', 1], ['x.py', 2], ['b.py', 1], ['a.py', 0], ['z.py', 0]]);
    expect(treeOf(['lib/b.py', 'a.py'], new Set(['lib/'])).map((line) => line.label)).toEqual(['lib/', 'a.py']);
  });

  it.each([['', 'name'], ['../x', 'below'], ['/x', 'below'], ['a//b', 'below'], ['a.py', 'There is']])(
    'refuses %s', (name, why) => expect(wrongName(name, ['a.py'])).toContain(why));

  it('finds the file of the handler', () => {
    expect(handlerFile('app.main', ['a.mjs', 'app.py'])).toBe('app.py');
    expect(handlerFile('lib/app.main', ['lib/app.js', 'a.js'])).toBe('lib/app.js');
    expect(handlerFile('Assembly::Type::Method', ['x.dll'])).toBe('x.dll');
  });
});
