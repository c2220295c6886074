/** Resolves when whoever runs the command wants it to end: Ctrl-C, or a signal that asks politely. */
export function stopSignal(): { readonly stopped: Promise<void>; forget(): void } {
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return {
    stopped,
    forget: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
