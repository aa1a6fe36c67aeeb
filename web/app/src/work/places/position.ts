/** Where the device is; `accuracy` in metres. */
export interface Position {
  latitude: number;
  longitude: number;
  accuracy: number;
}

/** Why there is no position: not allowed, or not found. */
export type NoPosition = 'denied' | 'unknown';

const patienceMs = 15_000;
/** Walking, a position of a minute ago is near enough to sort a list by. */
const oldestMs = 60_000;

export function locate(): Promise<Position> {
  return new Promise((resolve, reject) => {
    // Browsers hide it from pages that came over an open line.
    if (!('geolocation' in navigator)) return reject(new Error('denied' satisfies NoPosition));
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => resolve({ latitude, longitude, accuracy }),
      ({ code }) => reject(new Error((code === 1 ? 'denied' : 'unknown') satisfies NoPosition)),
      { enableHighAccuracy: true, timeout: patienceMs, maximumAge: oldestMs },
    );
  });
}

/** Whether the worker has allowed it before, so that asking is not needed. */
export async function mayLocate(): Promise<boolean> {
  // Not every browser tells; then the worker presses the button.
  const status = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  return status?.state === 'granted';
}
