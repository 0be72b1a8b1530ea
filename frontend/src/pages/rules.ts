/** The rules of the whole fleet, which have no region: who should not be silent for longer than so many minutes. */
import '../styles/base.css';
import '../styles/page.css';
import '../styles/rules.css';
import '../styles/fleet-rules.css';
import { loadTexts } from '../language.ts';
import { mountPoint } from '../panels/dom.ts';
import { ThemeSwitch } from '../panels/theme.ts';
import { readFormats } from '../reader-formats.ts';
import { permissions } from '../region-editing/permissions.ts';
import { FLEET_KINDS } from '../rules/rule.ts';
import { FLEET } from '../rules/rule-rest.ts';
import { RuleEditor } from './rule-editor.ts';

await loadTexts();
const timeZone = readFormats();
const state = mountPoint('state');
const place = mountPoint('rules');
const { mayAdd, mayChange, mayDelete } = place.dataset;
const rules = new RuleEditor({
  kinds: FLEET_KINDS,
  may: permissions(mayAdd, mayChange, mayDelete),
  timeZone,
  say: (text) => {
    state.textContent = text;
  },
});

new ThemeSwitch(mountPoint('theme-button'), () => undefined);
place.append(rules.element);
void rules.show(FLEET);
