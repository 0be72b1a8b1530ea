/** Why fixes are refused, in words. */
import { type Marked, mark, t } from '../texts.ts';

/** What the server calls a vehicle that a gateway named and nobody knows. */
export const UNKNOWN_VEHICLE = 'unknown_vehicle';

const WORDS: Readonly<Record<string, Marked>> = {
  bad_json: mark('Not readable as JSON'),
  not_an_object: mark('Not a JSON object'),
  missing_field: mark('Time or position missing'),
  bad_type: mark('A field of the wrong type'),
  bad_time: mark('Time not readable'),
  not_finite: mark('Not a number'),
  no_position: mark('No position: the receiver sees no satellites'),
  encrypted: mark('Encrypted by the app'),
  unknown_format: mark('No known app'),
  vehicle_missing: mark('No vehicle named'),
  [UNKNOWN_VEHICLE]: mark('No vehicle of that name'),
  vehicle_not_yours: mark('Another vehicle than the device’s own'),
  vehicle_inactive: mark('Vehicle out of use'),
  lat_out_of_range: mark('Latitude beyond the poles'),
  lon_out_of_range: mark('Longitude beyond ±180°'),
  speed_out_of_range: mark('A speed that no vehicle has'),
  course_out_of_range: mark('Course beyond 360°'),
  accuracy_out_of_range: mark('Accuracy beyond 100 km'),
  too_old: mark('Older than the archive keeps'),
  in_future: mark('From the future: check the device’s clock'),
  time_taken: mark('Another position at the same time'),
  off_duty: mark('The driver was off duty'),
};

/** A newer server may have further reasons: theirs are readable enough. */
export function reasonText(reason: string): string {
  const words = WORDS[reason];
  return words === undefined ? reason.replaceAll('_', ' ') : t(words);
}
