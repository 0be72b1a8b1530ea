/** Why fixes are refused, in words. */

/** What the server calls a vehicle that a gateway named and nobody knows. */
export const UNKNOWN_VEHICLE = 'unknown_vehicle';

const WORDS: Readonly<Record<string, string>> = {
  bad_json: 'Not readable as JSON',
  not_an_object: 'Not a JSON object',
  missing_field: 'Time or position missing',
  bad_type: 'A field of the wrong type',
  bad_time: 'Time not readable',
  not_finite: 'Not a number',
  no_position: 'No position: the receiver sees no satellites',
  encrypted: 'Encrypted by the app',
  unknown_format: 'No known app',
  vehicle_missing: 'No vehicle named',
  [UNKNOWN_VEHICLE]: 'No vehicle of that name',
  vehicle_not_yours: 'Another vehicle than the device’s own',
  vehicle_inactive: 'Vehicle out of use',
  lat_out_of_range: 'Latitude beyond the poles',
  lon_out_of_range: 'Longitude beyond ±180°',
  speed_out_of_range: 'Faster than any vehicle',
  course_out_of_range: 'Course beyond 360°',
  accuracy_out_of_range: 'Accuracy beyond 100 km',
  too_old: 'Older than the archive keeps',
  in_future: 'From the future: check the device’s clock',
  time_taken: 'Another position at the same time',
  off_duty: 'The driver was off duty',
};

/** A newer server may have further reasons: theirs are readable enough. */
export function reasonText(reason: string): string {
  return WORDS[reason] ?? reason.replaceAll('_', ' ');
}
