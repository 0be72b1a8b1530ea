/** The basemap files that are built into the bundle. */
export { default as streetsUrl } from '../../../generated/streets.json?url';
export { default as worldUrl } from '../../../generated/world.json?url';
