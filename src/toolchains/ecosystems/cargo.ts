import type { Ecosystem, ProjectSource } from '../ecosystem.ts';
import { readToml, tableAt } from '../read-toml.ts';

const reads = ['Cargo.toml', 'Cargo.lock', '.cargo/', 'rust-toolchain', 'rust-toolchain.toml'];

/** Cargo: crates are fetched by the lockfile, everything after runs with `--offline`. `-q` would hide test names. */
export const cargoEcosystem: Ecosystem = {
  name: 'cargo',
  async detect(source) {
    if (!source.files.has('Cargo.toml')) return undefined;
    const cwd = source.directory;
    const locked = source.files.has('Cargo.lock') ? ' --locked' : '';
    const needsFetch = await hasDependencies(source);
    const all = tableAt(readToml(await source.read('Cargo.toml')), 'workspace') ? ' --workspace' : '';
    return {
      fetch: needsFetch
        ? [{ shell: `cargo fetch${locked}`, cwd, why: 'Cargo.toml has dependencies', reads }]
        : [],
      build: [{ shell: `cargo build --offline${locked}${all} --tests`, cwd, why: 'Cargo.toml' }],
      lint:
        source.files.has('clippy.toml') || source.files.has('.clippy.toml')
          ? [{ shell: `cargo clippy --offline${locked}`, cwd, why: 'clippy.toml' }]
          : [],
      typecheck: [],
      test: [
        {
          shell: `cargo test --offline${locked}${all} --no-fail-fast`,
          cwd,
          why: 'Cargo.toml',
          format: 'cargo-text',
          reportPath: null,
        },
      ],
      notes: [],
    };
  },
};

async function hasDependencies(source: ProjectSource): Promise<boolean> {
  const lock = await source.read('Cargo.lock');
  if (lock !== undefined) return /^source\s*=/m.test(lock);
  const manifest = readToml(await source.read('Cargo.toml'));
  return ['dependencies', 'dev-dependencies', 'build-dependencies', 'workspace'].some((key) => {
    const value = manifest[key];
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  });
}
