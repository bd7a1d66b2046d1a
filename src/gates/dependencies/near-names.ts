import type { PackageEcosystem } from '../../domain/package-source.ts';

/** Names that squatters imitate, by downloads. */
const popular: Readonly<Record<PackageEcosystem, readonly string[]>> = {
  npm: 'angular async axios babel-core bcrypt bluebird body-parser chalk cheerio commander cors cross-env dayjs debug dotenv electron esbuild eslint express fastify glob graphql handlebars inquirer jest jquery jsonwebtoken lodash marked minimist mocha moment mongodb mongoose mysql next nodemailer nodemon passport postcss prettier prop-types puppeteer react react-dom redux request rimraf rollup rxjs semver sequelize socket.io svelte tailwindcss typescript underscore uuid vite vitest webpack winston yargs zustand'.split(
    ' ',
  ),
  pypi: 'aiohttp beautifulsoup4 boto3 botocore celery certifi cryptography django djangorestframework fastapi flask gunicorn httpx jinja2 jsonschema lxml matplotlib mypy numpy opencv-python openai pandas paramiko pillow poetry psutil psycopg2 pydantic pygments pymongo pytest python-dateutil pytz pyyaml redis requests rich scikit-learn scipy selenium setuptools sqlalchemy starlette tensorflow torch tqdm transformers typer urllib3 uvicorn virtualenv werkzeug'.split(
    ' ',
  ),
  go: [],
};

/**
 * A name that this one is easily taken for: one edit away, or two for names of eight characters and more. Shorter
 * than five, everything is near something.
 */
export function nearName(ecosystem: PackageEcosystem, name: string, known: Iterable<string>): string | null {
  const famous = popular[ecosystem];
  if (name.length < 5 || famous.includes(name)) return null;
  const most = name.length < 8 ? 1 : 2;
  for (const other of new Set([...known, ...famous])) {
    if (other !== name && other.length >= 4 && edits(name, other, most) <= most) return other;
  }
  return null;
}

/** Edit distance with neighbouring letters swapped as one edit; `most + 1` for anything farther. */
export function edits(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? (previous[j - 2] ?? Infinity) + 1 : Infinity;
      const change = (row[j - 1] ?? 0) + (isSame ? 0 : 1);
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swap);
    }
    [previous, row] = [row, next];
  }
  return row[b.length] ?? most + 1;
}
