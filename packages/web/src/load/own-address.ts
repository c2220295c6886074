/** Where a server that listens on `host` reaches itself: one that listens everywhere, on this machine's own loopback. */
export function ownAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  const reachable = LOOPBACK_OF[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
