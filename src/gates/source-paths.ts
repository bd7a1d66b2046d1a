import { grammarOfPath } from '../toolchains/syntax-tree.ts';

const testPath =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testdata|testing)\/|(?:^|\/)(?:test_[^/]*|conftest\.py)$|[._-](?:test|spec|tests)\.[^/.]+$|Tests?\.[a-z]+$/;
const samplePath = /(?:^|\/)(?:(?:__)?(?:fixtures?|mocks?|snapshots?)(?:__)?|testdata|examples?|samples?)\//;
const generatedPath =
  /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|out|target|generated|__generated__|\.next|coverage)\/|\.min\.[^/]+$|\.(?:generated|gen|pb)\.[^/]+$|_pb2?(?:_grpc)?\.[^/]+$|\.d\.[cm]?ts$/;

/** Code that checks other code. */
export function isTestPath(path: string): boolean {
  return testPath.test(path);
}

/** Texts that need not be right: some are broken on purpose. */
export function isSamplePath(path: string): boolean {
  return (
    samplePath.test(path) ||
    (testPath.test(path) && /(?:^|\/)(?:data|cases|inputs?|invalid|bad|broken)\//.test(path))
  );
}

/** Prose for people. */
export function isDocumentPath(path: string): boolean {
  return /(?:^|\/)docs?\/|\.(?:md|mdx|rst|adoc|asciidoc)$/i.test(path);
}

/** Nobody writes or reads it by hand. */
export function isGeneratedPath(path: string): boolean {
  return generatedPath.test(path);
}

/** Code that people maintain, tests included. */
export function isSourcePath(path: string): boolean {
  return grammarOfPath(path) !== undefined && !isGeneratedPath(path);
}
