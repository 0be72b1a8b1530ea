type Said = string | Readonly<Record<string, string>>;
export function textsIn(source: string): Map<string, boolean>;
export function complaintsOf(
  language: string,
  file: Readonly<Record<string, Said>>,
  texts: ReadonlyMap<string, boolean>,
): string[];
