import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import { commentEvent } from '../support/payloads.ts';
import { triggerWorld } from './trigger-world.ts';

function worldWhose(error: AppError): ReturnType<typeof triggerWorld> {
  const world = triggerWorld();
  const { react } = world.ports.replies;
  world.ports.replies.react = async () => {
    world.ports.replies.react = react;
    throw error;
  };
  return world;
}

describe('the 👀 of a command', () => {
  it('is tried again with the delivery when our own database was away, and there is one run', async () => {
    const world = worldWhose(new AppError('postgres-unavailable', 'restarted'));
    const event = commentEvent('/agent fix it');
    await expect(world.process(event)).rejects.toMatchObject({ code: 'postgres-unavailable' });
    await world.process(event);
    expect(world.reactions).toEqual(['comment:9001']);
    expect(world.runs.all).toHaveLength(1);
  });

  it('that GitHub does not take is no reason to drop the command', async () => {
    const world = worldWhose(new AppError('github-unavailable', '502'));
    expect(await world.process(commentEvent('/agent fix it'))).toMatchObject({ kind: 'accepted' });
    expect(world.reactions).toEqual([]);
    expect(world.runs.all).toHaveLength(1);
  });
});
