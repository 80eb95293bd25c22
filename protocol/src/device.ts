/**
 * What to tell a holder whose managed device cannot vouch for where it is, by the refusal's code. Most are HyperTrack's
 * outages, one code for each; the last few are ours.
 */
export const deviceSentenceFor = {
  DEVICE_AIRPLANE_MODE:
    'Your device is in airplane mode. Turn it off, wait a moment and try again.',
  DEVICE_APP_DELETED:
    'The tracking app’s account was deleted. Ask the organiser to set it up again.',
  DEVICE_APP_UNINSTALLED:
    'The tracking app is not on your device any more. Install it and sign in.',
  DEVICE_BATTERY_LOW:
    'Your device’s battery is too low to find its position. Charge it and try again.',
  DEVICE_BATTERY_SAVER: 'The battery saver keeps your device from finding itself. Turn it off.',
  DEVICE_CLOCK_CHANGED: 'Your device’s clock was changed. Set it to automatic and try again.',
  DEVICE_LOCATION_IMPRECISE:
    'The tracking app may see your rough position only. Allow the precise one.',
  DEVICE_LOCATION_IN_BACKGROUND: 'The tracking app could not ask for your position. Open it once.',
  DEVICE_LOCATION_MOCKED:
    'Your device pretends its position. Turn off mock locations and try again.',
  DEVICE_LOCATION_NOT_ASKED:
    'The tracking app has not asked for your position yet. Open it and allow.',
  DEVICE_LOCATION_OFF: 'Location is off on your device. Turn it on in the settings and try again.',
  DEVICE_LOCATION_PERMISSION_DENIED:
    'The tracking app may not see your position. Allow it in the device’s settings.',
  DEVICE_LOCATION_PROVISIONAL:
    'The tracking app may see your position only while it is open. Allow it always.',
  DEVICE_LOCATION_RESTRICTED: 'Location is restricted on your device. Lift that in its settings.',
  DEVICE_LOCATION_UNAVAILABLE: 'Your device finds no position here. Step outside and try again.',
  DEVICE_MOTION_DENIED:
    'The tracking app may not see motion and fitness. Allow it in the settings.',
  DEVICE_MOTION_IN_BACKGROUND: 'The tracking app could not ask for motion. Open it once.',
  DEVICE_MOTION_NOT_ASKED: 'The tracking app has not asked for motion yet. Open it and allow.',
  DEVICE_MOTION_OFF: 'Motion and fitness is off on your device. Turn it on in the settings.',
  DEVICE_MOTION_UNSUPPORTED: 'Your device has no motion sensor that the tracking app can use.',
  DEVICE_NETWORK_LIMIT: 'Your device has used up its data. Join another network and try again.',
  DEVICE_NOTIFICATIONS_DENIED:
    'The tracking app may not notify. Allow it in the device’s settings.',
  DEVICE_PUSH_MISSING: 'The tracking app cannot be woken from afar. Open it and try again.',
  DEVICE_STORAGE_FULL: 'Your device’s storage is full. Free some and try again.',
  DEVICE_STOPPED_BY_MEMORY: 'Your device ended the tracking app to free memory. Open it again.',
  DEVICE_STOPPED_BY_OWNER: 'The tracking app was closed. Open it again.',
  DEVICE_STOPPED_BY_PERMISSION:
    'A permission was changed and ended the tracking app. Open it again.',
  DEVICE_STOPPED_BY_POWER: 'Your device ended the tracking app to save power. Open it again.',
  DEVICE_STOPPED_BY_RESTART: 'Your device was restarted. Open the tracking app again.',
  DEVICE_STOPPED_BY_UPDATE: 'An update ended the tracking app. Open it again.',
  DEVICE_TRACKING_ENDED: 'Your device ended the tracking app’s service. Open the app again.',
  DEVICE_TRACKING_OFF: 'Tracking is off in the app on your device. Turn it on and try again.',
  DEVICE_OUTAGE:
    'The tracking app reports trouble that the oracle has no name for. Open it and do what it says.',

  DEVICE_DISCONNECTED: 'Your device is out of reach. Look at its connection and try again.',
  DEVICE_INCOMPLETE:
    'What your device reported was not whole, so it counts for nothing. Wait a moment and try again.',
  DEVICE_NO_POSITION:
    'Your device has not reported a position. Open the tracking app and try again.',
  DEVICE_NOT_LINKED:
    'No device is signed in to the tracking app as you. Sign in there and try again.',
  DEVICE_NOT_ONE: 'You are signed in to the tracking app on several devices. Keep one signed in.',
  DEVICE_SILENT: 'Your device did not answer in time. Open the tracking app and try again.',
  WORKER_NOT_BOUND: 'No tracking app is bound to your account in this book yet. Bind it first.',
  WORKER_UNKNOWN:
    'The tracking app’s account that you bound does not exist any more. Bind it anew.',
} as const satisfies Record<string, string>

/** Why a managed device is no witness of where its holder is. */
export type DeviceCode = keyof typeof deviceSentenceFor

// HyperTrack's own words, as its documents list them, dots and dashes read as underscores.
const codeFor: Readonly<Record<string, DeviceCode>> = {
  airplane_mode_detected: 'DEVICE_AIRPLANE_MODE',
  deleted: 'DEVICE_APP_DELETED',
  uninstalled: 'DEVICE_APP_UNINSTALLED',
  low_battery: 'DEVICE_BATTERY_LOW',
  location_unavailable_battery_saver: 'DEVICE_BATTERY_SAVER',
  time_offset_changed: 'DEVICE_CLOCK_CHANGED',
  location_permission_imprecise: 'DEVICE_LOCATION_IMPRECISE',
  permissions_location_reduced_accuracy: 'DEVICE_LOCATION_IMPRECISE',
  location_permission_asked_in_background: 'DEVICE_LOCATION_IN_BACKGROUND',
  location_mocked: 'DEVICE_LOCATION_MOCKED',
  location_permission_not_determined: 'DEVICE_LOCATION_NOT_ASKED',
  permissions_location_not_determined: 'DEVICE_LOCATION_NOT_ASKED',
  location_services_disabled: 'DEVICE_LOCATION_OFF',
  location_permissions_denied: 'DEVICE_LOCATION_PERMISSION_DENIED',
  permissions_location_denied: 'DEVICE_LOCATION_PERMISSION_DENIED',
  location_unavailable_provisional_authorization: 'DEVICE_LOCATION_PROVISIONAL',
  permissions_location_provisional: 'DEVICE_LOCATION_PROVISIONAL',
  permissions_location_insufficient_for_background: 'DEVICE_LOCATION_PROVISIONAL',
  location_permission_restricted: 'DEVICE_LOCATION_RESTRICTED',
  permissions_location_restricted: 'DEVICE_LOCATION_RESTRICTED',
  location_unavailable: 'DEVICE_LOCATION_UNAVAILABLE',
  location_services_unavailable: 'DEVICE_LOCATION_UNAVAILABLE',
  location_signal_lost: 'DEVICE_LOCATION_UNAVAILABLE',
  motion_activity_permissions_denied: 'DEVICE_MOTION_DENIED',
  motion_activity_permission_asked_in_background: 'DEVICE_MOTION_IN_BACKGROUND',
  motion_activity_permission_not_determined: 'DEVICE_MOTION_NOT_ASKED',
  motion_activity_services_disabled: 'DEVICE_MOTION_OFF',
  motion_activity_services_unavailable: 'DEVICE_MOTION_UNSUPPORTED',
  network_limit_reached: 'DEVICE_NETWORK_LIMIT',
  permissions_notifications_denied: 'DEVICE_NOTIFICATIONS_DENIED',
  notifications_permission_denied: 'DEVICE_NOTIFICATIONS_DENIED',
  push_token_missing_to_start_tracking: 'DEVICE_PUSH_MISSING',
  storage_unavailable: 'DEVICE_STORAGE_FULL',
  sdk_killed_low_memory: 'DEVICE_STOPPED_BY_MEMORY',
  sdk_killed_by_user: 'DEVICE_STOPPED_BY_OWNER',
  sdk_killed_by_permissions_activity: 'DEVICE_STOPPED_BY_PERMISSION',
  sdk_killed_by_permissions_location: 'DEVICE_STOPPED_BY_PERMISSION',
  sdk_killed_by_low_power: 'DEVICE_STOPPED_BY_POWER',
  sdk_killed_by_os_reboot: 'DEVICE_STOPPED_BY_RESTART',
  sdk_killed_by_app_update: 'DEVICE_STOPPED_BY_UPDATE',
  sdk_killed_by_os_update: 'DEVICE_STOPPED_BY_UPDATE',
  tracking_service_terminated: 'DEVICE_TRACKING_ENDED',
  tracking_stopped: 'DEVICE_TRACKING_OFF',
}

/** The outages that HyperTrack documents, by its own words. */
export const OUTAGES = Object.keys(codeFor)

/** The code of an outage that HyperTrack reports; one it has not documented is an outage all the same. */
export function outageCode(reason: string): DeviceCode {
  const name = reason.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
  return (Object.hasOwn(codeFor, name) && codeFor[name]) || 'DEVICE_OUTAGE'
}

/** Whether this is the code of something that a managed device reports. */
export function isDeviceCode(code: string): code is DeviceCode {
  return Object.hasOwn(deviceSentenceFor, code)
}
