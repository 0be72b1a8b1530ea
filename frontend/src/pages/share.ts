/** The page of a link; the secret stands behind the `#`, which browsers do not send. */
import '../styles/base.css';
import '../styles/share.css';
import { GuestClient } from '../guest-client.ts';
import { loadTexts } from '../language.ts';
import { mountPoint } from '../panels/dom.ts';
import { defineIcons } from '../panels/icons.ts';
import { GuestPage } from './guest-page.ts';

await loadTexts();
defineIcons();
const { tileUrl = '', tileAttribution = '' } = mountPoint('map').dataset;
const page = new GuestPage(new GuestClient(location.hash.slice(1)), { tileUrl, tileAttribution });
void page.start();
addEventListener('hashchange', () => location.reload());
