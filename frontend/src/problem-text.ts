/** What the server says went wrong: it speaks English, and names what it means by a code. */
import { locale, type Marked, mark, t } from './texts.ts';

const WORDS: Readonly<Record<string, Marked>> = {
  bad_code: mark('A code has eight letters and digits, such as K7QM-3WXD.'),
  unknown_code: mark('This pairing code is not known. Look at each letter again, or ask for a new one.'),
  code_used: mark('This pairing code was used already; each is good for one phone. Ask for a new one.'),
  code_expired: mark('This pairing code has expired. Ask for a new one.'),
  rate: mark('Too much at once; wait a moment.'),
  busy: mark('The server is busy; try again in a moment.'),
  failed: mark('Something went wrong on the server.'),
  forbidden: mark('You have no right to it.'),
  not_authenticated: mark('You are not signed in any more.'),
  too_large: mark('That is too long.'),
};

/** In English its own sentence, which knows more; a code without words here is said in English too. */
export function problemText(code: string, detail: string): string {
  const words = WORDS[code];
  return words === undefined || locale().startsWith('en') ? detail : t(words);
}

/** Why a room or a connection ended: the live protocol's own sentences. */
const ENDS: ReadonlySet<string> = new Set([
  mark('The user, or the share, has too many connections.'),
  mark('Access was withdrawn.'),
  mark('No valid session or token identifies the caller.'),
  mark('This origin is not allowed.'),
  mark('A message broke the protocol.'),
  mark('You may not watch this any more.'),
  mark('This does not exist any more.'),
]);

export function endText(reason: string): string {
  return ENDS.has(reason) ? t(reason as Marked) : reason;
}
