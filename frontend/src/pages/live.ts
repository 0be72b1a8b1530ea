/** The live page: where feed, map and panels meet. */
import '../styles/base.css';
import '../styles/live.css';
import { parsePageConfig } from '../page-config.ts';
import { mountPoint } from '../panels/dom.ts';
import { defineIcons } from '../panels/icons.ts';
import { closeWhenLeft } from '../panels/menu.ts';
import { LivePage } from './live-page.ts';

defineIcons();
const page = new LivePage(parsePageConfig(mountPoint('page-config').textContent ?? ''));
void page.start();

const menu = document.querySelector<HTMLDetailsElement>('details.menu');
if (menu !== null) closeWhenLeft(menu);
