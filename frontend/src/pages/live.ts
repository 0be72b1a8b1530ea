/** The live page: where feed, map and panels meet. */
import '../styles/base.css';
import '../styles/live.css';
import { setFormats } from '../format.ts';
import { nextFrame } from '../frames.ts';
import { loadTexts } from '../language.ts';
import { parsePageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { defineIcons } from '../panels/icons.ts';
import { closeWhenLeft } from '../panels/menu.ts';
import { loadPreferences } from '../preferences.ts';
import { parseUrlState, readerHere } from '../url-state.ts';
import { LivePage } from './live-page.ts';

await loadTexts();
defineIcons();
const config = parsePageConfig(mountPoint('page-config').textContent ?? '');
setFormats(readerHere(loadPreferences(), parseUrlState(location.search)), config.time_zone);
// Made at once it would hold up the first picture of the page.
await nextFrame();
const page = new LivePage(config);
await nextFrame();
void page.start();

const menu = document.querySelector<HTMLDetailsElement>('details.menu');
if (menu !== null) closeWhenLeft(menu);
