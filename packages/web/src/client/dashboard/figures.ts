import { CHARTS } from '../../dashboard/charts.ts';
import type { Figures, State } from '../../dashboard/sample.ts';
import { showFigure, showKeys, showSession, showTrouble } from '../../dashboard/show.ts';

const figures = CHARTS.flatMap(({ lines }) => lines).map((line) => ({
  ...line,
  place: document.querySelector(`[data-field=${line.field}]`),
}));

/** The large figures. */
export function showLatest(latest: Figures): void {
  for (const { field, unit, place } of figures) write(place, showFigure(field, latest[field], unit));
}

/** What is said in words, and the table of the keys. */
export function showState(state: State): void {
  write(document.querySelector('#session'), showSession(state));
  write(document.querySelector('#trouble'), showTrouble(state) ?? '');
  const shown = state.keys === null ? undefined : showKeys(state.keys);
  write(
    document.querySelector('#keys-caption'),
    shown?.caption ?? 'Nothing is known of its keys at the moment.',
  );
  document.querySelector('#keys tbody')?.replaceChildren(
    ...(shown?.rows ?? []).map(([name, ...rest]) => {
      const row = document.createElement('tr');
      const code = document.createElement('code');
      code.textContent = name;
      row.insertCell().append(code);
      for (const text of rest) row.insertCell().textContent = text;
      return row;
    }),
  );
}

/** Only what has changed: a screen reader hears of every write to a status. */
function write(place: Element | null, text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}
