import { describe, expect, it } from 'vitest';
import { Watch } from '../src/work/behavior';

function watching() {
  let now = 5000;
  const watch = new Watch(() => now);
  return { watch, wait: (ms: number) => (now += ms) };
}

describe('Watch', () => {
  it('counts what is done and when it began', () => {
    const { watch, wait } = watching();
    watch.begin();
    wait(700);
    watch.act({ scrolls: 1 });
    wait(300);
    watch.act({ keys: 2 });
    wait(500);
    watch.act({ clicks: 1, pastes: 1 });
    expect(watch.end()).toEqual({
      ...{ keys: 2, clicks: 1, scrolls: 1, pastes: 1, focus_lost: 0, focus_lost_ms: 0 },
      ...{ first_action_ms: 1000, active_ms: 1500, total_ms: 1500 },
    });
  });

  it('counts ten seconds after an action as active, and no more', () => {
    const { watch, wait } = watching();
    watch.begin();
    wait(60_000);
    watch.act({ keys: 1 });
    wait(4000);
    expect(watch.end()).toMatchObject({ active_ms: 14_000, total_ms: 64_000, first_action_ms: 60_000 });
  });

  it('counts time away neither as active nor twice', () => {
    const { watch, wait } = watching();
    watch.begin();
    wait(1000);
    watch.attend(false);
    watch.attend(false);
    wait(3000);
    watch.attend(true);
    wait(1000);
    expect(watch.end()).toMatchObject({ focus_lost: 1, focus_lost_ms: 3000, active_ms: 2000, total_ms: 5000 });
  });

  it('goes on where it was when a task comes back', () => {
    const { watch, wait } = watching();
    watch.begin();
    wait(1000);
    watch.act({ keys: 1 });
    const before = watch.end()!;
    wait(50_000);
    watch.begin(before);
    wait(500);
    watch.act({ keys: 1 });
    expect(watch.end()).toMatchObject({ keys: 2, total_ms: 1500, first_action_ms: 1000 });
  });

  it('says nothing of a task that nobody has acted on, and nothing without a task', () => {
    const { watch, wait } = watching();
    watch.act({ keys: 1 });
    expect(watch.read()).toBeNull();
    watch.begin();
    wait(100);
    expect(watch.read()).not.toHaveProperty('first_action_ms');
    watch.end();
    expect(watch.end()).toBeNull();
  });
});
