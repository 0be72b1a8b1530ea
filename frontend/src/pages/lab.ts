/** The lab page: where its parts meet. */
import '../styles/base.css';
import '../styles/lab-advice.css';
import '../styles/lab-frames.css';
import '../styles/lab.css';
import { Controls } from '../lab/controls.ts';
import { measureOwnHeaders } from '../lab/exchange.ts';
import { parseLabConfig } from '../lab/lab-config.ts';
import { LabPage } from '../lab/lab-page.ts';
import { loadTexts } from '../language.ts';
import { mountPoint } from '../panels/dom.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { loadRegions } from '../regions.ts';
import { t } from '../texts.ts';

await loadTexts();
const config = parseLabConfig(mountPoint('lab-config').textContent ?? '');
new ThemeSwitch(mountPoint('theme-button'), () => undefined);

const regions = await loadRegions(config.regions_url);
if (regions.length > 0 || config.everything) {
  new LabPage(new Controls(regions, config.everything), await measureOwnHeaders());
} else {
  mountPoint('lab-state').textContent = t('You may not watch any region yet.');
}
