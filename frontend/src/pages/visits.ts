/** Who was here: the vehicles that were in a region or a box between two times. */
import '../styles/base.css';
import '../styles/visits.css';
import { setFormats } from '../format.ts';
import { loadTexts } from '../language.ts';
import { parsePageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { closeWhenLeft } from '../panels/menu.ts';
import { loadPreferences, zoneOf } from '../preferences.ts';
import { VisitsPage } from './visits-page.ts';

await loadTexts();
const config = parsePageConfig(mountPoint('page-config').textContent ?? '');
const preferences = loadPreferences();
setFormats(preferences, config.time_zone);
const page = new VisitsPage(config, zoneOf(preferences, config.time_zone));
void page.start();

for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu')) closeWhenLeft(menu);
