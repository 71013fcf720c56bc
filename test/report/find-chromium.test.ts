// Where a Chromium is looked for, and what is said where there is none.

import { expect, test } from 'vitest';
import { findChromium } from '../../bench/report/find-chromium.ts';

test('takes what the environment says, else the first usual place', () => {
  expect(findChromium({}, (path) => path.endsWith('browser'))).toBe('/usr/bin/chromium-browser');
  expect(findChromium({ CHROMIUM: '/opt/chromium' }, () => true)).toBe('/opt/chromium');
});

test('says what to install where there is none', () => {
  expect(() => findChromium({}, () => false)).toThrow(/install Debian's package chromium/);
  expect(() => findChromium({ CHROMIUM: '/nowhere' }, (path) => path !== '/nowhere')).toThrow(
    'no Chromium at /nowhere',
  );
});
