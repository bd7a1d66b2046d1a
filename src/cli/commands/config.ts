import { readFile } from 'node:fs/promises';
import { parseAgentConfig } from '../../config/agent-config.ts';
import { agentConfigJsonSchema } from '../../config/render-configuration-doc.ts';
import { type Command, parseWords, UsageError } from '../command.ts';

const standardFile = '.github/agent.yml';

/** `pullwright config`: checks a repository's settings, or prints their JSON schema for editors. */
export const config: Command = {
  name: 'config',
  usage: 'pullwright config check [FILE] [--json] | pullwright config schema',
  help: `FILE is ${standardFile} where it is not given. Exit code 0: valid, 1: not valid, 66: no such file.`,
  async run(args) {
    const { values, words } = parseWords(args, { json: { type: 'boolean' } }, 2);
    const [verb, file = standardFile] = words;
    if (verb === 'schema') {
      process.stdout.write(`${JSON.stringify(agentConfigJsonSchema(), null, 2)}\n`);
      return 0;
    }
    if (verb !== 'check') throw new UsageError('say check or schema');
    return await check(file, values['json'] === true);
  },
};

async function check(file: string, asJson: boolean): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    process.stderr.write(`pullwright: ${file} cannot be read\n`);
    return 66;
  }
  const { config: found, problems } = parseAgentConfig(text);
  if (asJson)
    process.stdout.write(`${JSON.stringify({ file, valid: found !== null, problems, config: found })}\n`);
  else if (found) process.stdout.write(`${file} is valid\n`);
  else
    for (const { line, key, message } of problems)
      print(`${file}:${line}: ${key === '' ? '' : `${key}: `}${message}`);
  return found ? 0 : 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
