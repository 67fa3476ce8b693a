/**
 * What is wrong with a scenario, gathered so that all of it is told in one go, each with file, line and column.
 */
import { type Place, ReplaybookError } from '../core/errors.ts';

/** Keys and list indices from the root of a scenario. */
export type Path = readonly (string | number)[];

/** Whether a complaint is about a key itself or about what stands behind it. */
export type Part = 'key' | 'value';

export interface Complaint {
  readonly path: string;
  readonly message: string;
  readonly place: Place;
}

/** Where the parts of a scenario were written. */
export interface Places {
  placeOf(path: Path, part: Part): Place;
}

/** Complaints that are printed; a file with more is not read line by line by anybody. */
const MAX_SHOWN = 20;

/** A scenario that does not hold: all complaints in one error. The error's place is that of the first. */
export class ScenarioError extends ReplaybookError {
  readonly complaints: readonly Complaint[];

  constructor(complaints: readonly Complaint[]) {
    const shown = complaints.slice(0, MAX_SHOWN).map(formatComplaint);
    const rest = complaints.length - shown.length;
    if (rest > 0) shown.push(`… and ${rest} more`);
    super('scenario', shown.join('\n'), complaints[0]?.place ?? {});
    this.name = 'ScenarioError';
    this.complaints = complaints;
  }
}

export class Complaints {
  readonly #list: Complaint[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  add(path: Path, message: string, part: Part = 'value'): void {
    this.#list.push({ path: pathText(path), message, place: this.#places.placeOf(path, part) });
  }

  /** A complaint at a known place that belongs to no path: broken YAML, for example. */
  addAt(place: Place, message: string): void {
    this.#list.push({ path: '', message, place });
  }

  get isEmpty(): boolean {
    return this.#list.length === 0;
  }

  /** What was gathered, without its places. */
  get messages(): readonly string[] {
    return this.#list.map(({ message, path }) => (path === '' ? message : `${path}: ${message}`));
  }

  /** Throws what was gathered, in the order of the file. */
  throwIfAny(): void {
    if (this.isEmpty) return;
    // By line and column; `sort` keeps the order of equals.
    const ordered = [...this.#list].sort(
      (a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0),
    );
    throw new ScenarioError(ordered);
  }
}

/** `cause.faults.0.at`. */
export function pathText(path: Path): string {
  return path.join('.');
}

function formatComplaint(complaint: Complaint): string {
  const { file, line, column } = complaint.place;
  const where = [file, line, column].filter(part => part !== undefined).join(':');
  return [where, complaint.path, complaint.message].filter(part => part !== '').join(': ');
}
