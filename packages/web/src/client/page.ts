// Counts down what a page says will expire.
import { showSeconds } from '../pages/format.ts';

for (const place of document.querySelectorAll<HTMLElement>('[data-left-ms]')) {
  const endsAt = performance.now() + Number(place.dataset['leftMs']);
  const timer = setInterval(() => {
    const leftMs = endsAt - performance.now();
    place.textContent = leftMs > 0 ? `in ${showSeconds(leftMs)}` : 'now: the next read is a miss';
    if (leftMs <= 0) clearInterval(timer);
  }, 1_000);
}
