// Counts down what a page says will expire.

for (const place of document.querySelectorAll<HTMLElement>('[data-left-ms]')) {
  const endsAt = performance.now() + Number(place.dataset['leftMs']);
  const timer = setInterval(() => {
    const leftMs = endsAt - performance.now();
    place.textContent = leftMs > 0 ? `in ${show(leftMs)}` : 'now: the next read is a miss';
    if (leftMs <= 0) clearInterval(timer);
  }, 1_000);
}

/** As the server writes it. */
function show(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
