/** What is wrong with a field: the REST API says it in English, by these sentences, with values in their holes. */
import { type Marked, mark, retold } from './texts.ts';

/** Of two that fit, the first counts. */
const REASONS: readonly Marked[] = [
  // any field
  mark('Field required'),
  mark('This field cannot be blank.'),
  mark('This field cannot be null.'),
  mark('String should have at least 1 character'),
  mark('String should have at most {most} characters'),
  mark('Ensure this value has at most {most} characters (it has {count}).'),
  mark('Ensure this value is less than or equal to {most}.'),
  mark('List should have at most {most} items after validation, not {count}'),
  mark('must be one line of printable characters'),
  mark('holds a character that cannot be stored'),
  // slugs and names
  mark('Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.'),
  mark('Region with this Slug already exists.'),
  mark("The slug 'all' means every region."),
  mark('there is no region {slug} that you may watch'),
  mark('there is no vehicle {slug} that you may see'),
  mark('there is no vehicle {slug}'),
  // regions
  mark('A colour is written as #rrggbb.'),
  mark('A region is a GeoJSON geometry of type Polygon or MultiPolygon.'),
  mark('The coordinates cannot be read: {error}'),
  mark('The polygon has no area.'),
  mark('Positions are [lon, lat] within -180…180 and -90…90.'),
  mark('The polygon is not valid: Self-intersection[{place}].'),
  mark('The polygon is not valid: {reason}.'),
  mark('At most {most} positions are allowed; there are {count}.'),
  // a file of regions
  mark('must be Feature'),
  mark('the properties must have a name'),
  mark('must be text; it is {value}'),
  mark('{slug} stands in the file twice'),
  mark('is new, and you may add no regions'),
  mark('there is a region {name} already; its slug in the properties would change it'),
  mark('there is a region {slug} that you may not change'),
  // rules
  mark('only who may watch everything sets rules for the whole fleet'),
  mark('Only an offline rule has no region.'),
  mark('An offline rule has none.'),
  mark('A rule of kind {kind} needs it.'),
  mark('A rule of kind {kind} has none.'),
  mark('A time limit lies between 1 and {most} s.'),
  mark('A speed limit lies above 0 and up to {most} m/s.'),
  mark('must be a time of the day such as 08:30'),
  mark('Days are digits from 1, Monday, to 7.'),
  mark('There is no time zone {zone}.'),
  // shares
  mark('must lie in the future, at most {days} days away'),
  mark('a trip needs from_time, and to_time at most {hours} hours later'),
  mark('you have {count} active shares already; revoke one first'),
  // views
  mark('you keep {count} views already; delete one first'),
  mark('you keep a view {name} already'),
  // spans of time
  mark('must lie between 1970 and 2100'),
  mark('must be later than from'),
  mark('may be at most 25 hours after from'),
  mark('may be at most {days} days after from'),
  mark('takes reading more than {count} fixes; ask for a shorter time'),
  mark('has more than {count} stretches; ask for a shorter time'),
];
const BETWEEN_SENTENCES = /(?<=\.) (?=\p{Lu})/u;

/** In the reader's language, sentence by sentence; what is not known here stays English. */
export function reasonText(reason: string): string {
  const sentences = reason.split(BETWEEN_SENTENCES);
  return sentences.map((sentence) => retold(sentence, REASONS) ?? sentence).join(' ');
}
