/** Pairing codes as they come: typed, pasted, or in the address. Pure. */

const CODE_CHARS = 8;
const SIGNS = /^[2-9A-HJKMNP-TV-Z]+$/;
const IN_LINK = /#pair=([^&#\s]*)/;

/** Of a code or of a link with one; null for what is neither. */
export function findCode(text: string): string | null {
  const typed = IN_LINK.exec(text)?.[1] ?? text;
  const code = typed.toUpperCase().replace(/[\s-]/g, '');
  return code.length === CODE_CHARS && SIGNS.test(code) ? code : null;
}

/** In two halves, as it is read. */
export function shownCode(code: string): string {
  return `${code.slice(0, CODE_CHARS / 2)}-${code.slice(CODE_CHARS / 2)}`;
}
