import { expect, it } from 'vitest';
import { cacheName, keptName, outdated } from '../../src/drive/cache-rules.ts';

const KEPT = { version: 'b', files: ['/drive', '/static/assets/drive-1.js'] };

it('answers its own files from the cache, and nothing else', () => {
  expect(keptName('GET', '/drive', KEPT)).toBe('/drive');
  expect(keptName('GET', '/api/v1/duty', KEPT)).toBeNull();
  expect(keptName('POST', '/drive', KEPT)).toBeNull();
});

it('drops what earlier versions kept, and nothing of others', () => {
  expect(outdated(['drive-a', 'drive-b', 'other'], KEPT)).toEqual(['drive-a']);
  expect(cacheName(KEPT)).toBe('drive-b');
});
