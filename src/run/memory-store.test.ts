import { it } from 'vitest';
import { fakeClock, storePromises } from '../testing/index.ts';
import { memoryStore } from './memory-store.ts';

it.each(
  storePromises(() => {
    const clock = fakeClock();
    return { store: memoryStore({ clock }), advance: clock.advance };
  }),
)('$title', ({ run }) => run());
