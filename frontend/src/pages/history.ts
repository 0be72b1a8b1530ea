/** The history page: one vehicle's past on map, chart, strip and list. */
import '../styles/base.css';
import '../styles/history.css';
import { setFormats } from '../format.ts';
import { nextFrame } from '../frames.ts';
import { loadTexts } from '../language.ts';
import { parsePageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { defineIcons } from '../panels/icons.ts';
import { closeWhenLeft } from '../panels/menu.ts';
import { loadPreferences, zoneOf } from '../preferences.ts';
import { HistoryPage } from './history-page.ts';

await loadTexts();
defineIcons();
const config = parsePageConfig(mountPoint('page-config').textContent ?? '');
const preferences = loadPreferences();
setFormats(preferences, config.time_zone);
// The map alone takes half of a frame to make.
await nextFrame();
const page = new HistoryPage(config, zoneOf(preferences, config.time_zone));
await nextFrame();
void page.start();

for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu')) closeWhenLeft(menu);
