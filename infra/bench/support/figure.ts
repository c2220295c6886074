/** What `pnpm bench` looks for in a bench file, and what it gives it. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly target: { readonly atMost: number };
  measure(context: FigureContext): Promise<number>;
}

export interface FigureContext {
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  readonly log: (line: string) => void;
}
