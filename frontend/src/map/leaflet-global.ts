/** Geoman reads Leaflet from a global `L` and adds to it: it gets an object of its own, with the classes that the page uses. */
import * as leaflet from 'leaflet';

export const L: typeof leaflet = { ...leaflet };

Object.assign(globalThis, { L });
