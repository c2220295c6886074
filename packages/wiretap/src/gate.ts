/** Holds back what is behind it in a lane until it is opened, once and for good. */
export class Gate {
  /** Opens only when somebody says so, unlike a delay, which is sure to pass. */
  readonly lasting: boolean;
  #isOpen = false;
  #waiting: (() => void)[] = [];

  constructor(lasting: boolean) {
    this.lasting = lasting;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  /** Calls `go` on opening; not at all if it is open already. */
  onOpen(go: () => void): void {
    this.#waiting.push(go);
  }
}
