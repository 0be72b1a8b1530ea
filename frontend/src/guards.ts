/** Whether values from outside are what they should be. Pure. */

export type Fields = Record<string, unknown>;
export type Guard = (value: unknown) => boolean;

export function isListOf<T>(value: unknown, guard: (item: unknown) => item is T): value is T[];
export function isListOf(value: unknown, guard: Guard): boolean;
export function isListOf(value: unknown, guard: Guard): boolean {
  return Array.isArray(value) && value.every((item) => guard(item));
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isName(value: unknown): boolean {
  return isText(value) || isNumber(value);
}

export function isNameOrNull(value: unknown): boolean {
  return value === null || isName(value);
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isNumberOrNull(value: unknown): value is number | null {
  return value === null || isNumber(value);
}

export function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}
