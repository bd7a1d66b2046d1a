import type { AgentConfig } from '../config/agent-config.ts';
import { defaultGateSettings, type GateSettings } from '../domain/gate-settings.ts';

type GatesConfig = NonNullable<AgentConfig['gates']>;

/** What the repository said over what holds by default. */
export function gateSettingsOf(config: GatesConfig = {}): GateSettings {
  const settings: Record<string, unknown> = { ...defaultGateSettings };
  for (const [name, said] of Object.entries(config)) {
    if (said === undefined) continue;
    const renamed = Object.entries(said).map(([key, value]) => [camelCase(key), value]);
    settings[name] = {
      ...defaultGateSettings[name as keyof GateSettings],
      ...Object.fromEntries(renamed),
    };
  }
  return settings as unknown as GateSettings;
}

function camelCase(key: string): string {
  return key.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}
