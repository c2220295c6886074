/** Whether a connection's commands get replies at all, which CLIENT REPLY decides. */
export class ReplyMode {
  #mode: 'on' | 'off' | 'skip-next' = 'on';

  /** Whether this command stays without a reply. To be asked once for each command, in order. */
  isSilent(name: string, args: readonly Buffer[], isSent: boolean): boolean {
    const before = this.#mode;
    if (before === 'skip-next') this.#mode = 'on';
    switch (isSent ? changeBy(name, args) : undefined) {
      case 'ON':
        this.#mode = 'on';
        return false;
      case 'OFF':
        this.#mode = 'off';
        return true;
      case 'SKIP':
        if (before !== 'off') this.#mode = 'skip-next';
        return true;
      default:
        return before !== 'on';
    }
  }
}

function changeBy(name: string, args: readonly Buffer[]): string | undefined {
  if (name === 'RESET') return 'ON';
  return name === 'CLIENT' && word(args[0]) === 'REPLY' ? word(args[1]) : undefined;
}

function word(arg: Buffer | undefined): string | undefined {
  return arg?.toString('latin1').toUpperCase();
}
