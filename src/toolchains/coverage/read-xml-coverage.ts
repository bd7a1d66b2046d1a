import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { isObject } from '../read-json.ts';
import { CoverageBuilder, type LineCoverage } from './line-coverage.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => ['package', 'class', 'line', 'file', 'sourcefile', 'source', 'group'].includes(name),
});
const depthMax = 20;

/**
 * Cobertura, Clover and JaCoCo, told apart by what they hold. The document type that Cobertura and JaCoCo name is cut
 * off unread; one with declarations of its own is refused: nested entities eat a parser's memory.
 */
export function readXmlCoverage(text: string): LineCoverage {
  if (/<!ENTITY|<!DOCTYPE[^>]*\[/i.test(text)) throw new Error('the report declares entities');
  const plain = text.replace(/<!DOCTYPE[^>]*>/i, '');
  const valid = XMLValidator.validate(plain);
  if (valid !== true) throw new Error(`no XML: ${valid.err.msg}`);
  const document: unknown = parser.parse(plain);
  const builder = new CoverageBuilder();
  if (at(document, 'report')) readJacoco(at(document, 'report'), builder);
  else if (at(at(document, 'coverage'), 'project')) readClover(at(document, 'coverage'), builder);
  else if (at(document, 'coverage')) readCobertura(at(document, 'coverage'), builder);
  else throw new Error('neither Cobertura, Clover nor JaCoCo');
  return builder.build();
}

/** `<class filename><lines><line number hits>`; filenames are relative to one of the `<source>`s. */
function readCobertura(coverage: unknown, builder: CoverageBuilder): void {
  const sources = list(at(coverage, 'sources'), 'source').filter((one) => typeof one === 'string');
  const prefix = sources.length === 1 && typeof sources[0] === 'string' ? prefixOf(sources[0]) : '';
  walk(coverage, 'class', (found) => {
    const name = word(found, '@filename');
    const path = name.startsWith('/') ? name : prefix + name;
    builder.addFile(path);
    for (const line of list(at(found, 'lines'), 'line')) {
      builder.add(path, Number(word(line, '@number')), Number(word(line, '@hits')));
    }
  });
}

function prefixOf(source: string): string {
  const inside = /^\/workspace(?:\/(.*))?$/.exec(source.replace(/\/$/, ''))?.[1];
  return inside === undefined || inside === '' ? '' : `${inside}/`;
}

/** `<file path><line num count type="stmt|cond|method">`. */
function readClover(coverage: unknown, builder: CoverageBuilder): void {
  walk(coverage, 'file', (file) => {
    const path = word(file, '@path') || word(file, '@name');
    builder.addFile(path);
    for (const line of list(file, 'line')) {
      builder.add(path, Number(word(line, '@num')), Number(word(line, '@count')));
    }
  });
}

/** `<package name><sourcefile name><line nr mi ci>`: missed and covered instructions; the source root is not named. */
function readJacoco(report: unknown, builder: CoverageBuilder): void {
  walk(report, 'package', (found) => {
    for (const file of list(found, 'sourcefile')) {
      const path = `${word(found, '@name')}/${word(file, '@name')}`;
      builder.addFile(path);
      for (const line of list(file, 'line')) {
        builder.add(path, Number(word(line, '@nr')), Number(word(line, '@ci')));
      }
    }
  });
}

function walk(value: unknown, tag: string, take: (found: unknown) => void, depth = 0): void {
  if (depth > depthMax || !isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const one of Array.isArray(inner) ? inner : [inner]) {
      if (key === tag) take(one);
      walk(one, tag, take, depth + 1);
    }
  }
}

function at(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function list(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : found === undefined ? [] : [found];
}

function word(value: unknown, key: string): string {
  const found = at(value, key);
  return typeof found === 'string' ? found : '';
}
