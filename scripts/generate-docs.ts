import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentConfigJsonSchema, renderConfigurationDoc } from '../src/config/render-configuration-doc.ts';
import { renderCommandsDoc } from '../src/triggers/render-commands-doc.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'docs', 'configuration.md'), renderConfigurationDoc());
writeFileSync(
  join(root, 'docs', 'agent.schema.json'),
  `${JSON.stringify(agentConfigJsonSchema(), null, 2)}\n`,
);
writeFileSync(join(root, 'docs', 'commands.md'), renderCommandsDoc());
