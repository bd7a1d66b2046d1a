/** Files that hold tests, by the conventions of the ecosystems whose commands are detected. */
export function isTestPath(path: string): boolean {
  if (!isCode(path)) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (
    /[._-](?:test|tests|spec|specs|e2e|cy)\.\w+$|^(?:test|tests)[._-].*\.\w+$|_(?:test|spec)\.\w+$|^conftest\.py$/i.test(
      name,
    )
  )
    return true;
  if (/(?:Test|Tests|TestCase|IT|Spec)\.(?:java|kt|kts|scala|groovy|cs|fs|vb|php|swift)$/.test(name))
    return true;
  return /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testing|\w+_testcases)\//i.test(path);
}

/** Stored outputs that tests compare with. */
export function isSnapshotPath(path: string): boolean {
  return /(?:^|\/)__(?:image_)?snapshots__\/|\.(?:snap|ambr|approved\.\w+|golden)$|(?:^|\/)(?:golden|goldens|snapshots)\//.test(
    path,
  );
}

/** Data of tests: neither code nor a snapshot, in a place of tests. */
export function isTestDataPath(path: string): boolean {
  if (isCode(path) || isSnapshotPath(path) || /\.(?:md|rst)$/i.test(path)) return false;
  return /(?:^|\/)(?:tests?|__tests__|specs?|e2e|fixtures?|__fixtures__|testdata|test-data|test_data|\w+_testcases|testcases)\//i.test(
    path,
  );
}

/** Source code in a language of an ecosystem that is detected. */
export function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|go|rs|java|kts?|scala|groovy|rb|php|cs|fs|vb|c|cc|cpp|cxx|h|hpp|swift|ex|exs|vue|svelte)$/i.test(
    path,
  );
}
