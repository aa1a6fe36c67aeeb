// Numbers, money and times as people read them, in the reader's own locale where the browser knows it.

const locale = typeof navigator === 'undefined' ? 'en' : navigator.language;

/** `"0.0125"`, `"USD"` → `$0.0125`. A price below a cent keeps its digits; an amount has at least the usual two. */
export function money(amount: string, currency: string, locales: string = locale): string {
  const digits = amount.split('.')[1]?.replace(/0+$/, '').length ?? 0;
  try {
    const usual = new Intl.NumberFormat(locales, { style: 'currency', currency }).resolvedOptions();
    const least = usual.minimumFractionDigits ?? 2;
    return new Intl.NumberFormat(locales, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: least,
      maximumFractionDigits: Math.max(least, Math.min(digits, 6)),
    }).format(Number(amount));
  } catch {
    // The currency is not one that the browser knows (a workspace may pay in points).
    return `${amount} ${currency}`;
  }
}

/** Adds decimal strings exactly; money is never a binary fraction here. */
export function addMoney(a: string, b: string): string {
  const scale = 1_000_000n;
  const micros = (text: string) => {
    const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
    const value = BigInt(whole) * scale + BigInt(part.padEnd(6, '0').slice(0, 6));
    return sign ? -value : value;
  };
  const sum = micros(a) + micros(b);
  const size = sum < 0n ? -sum : sum;
  const part = (size % scale)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${sum < 0n ? '-' : ''}${size / scale}.${part}`;
}

/** What an hour of this work pays, or null when nobody knows yet how long a task takes. */
export function hourly(price: string, secondsPerTask: number | null): string | null {
  if (!secondsPerTask || secondsPerTask <= 0 || Number(price) <= 0) return null;
  return ((Number(price) * 3600) / secondsPerTask).toFixed(2);
}

export function count(value: number, locales: string = locale): string {
  return new Intl.NumberFormat(locales, { maximumFractionDigits: 0 }).format(value);
}

export function decimal(value: number, digits = 1, locales: string = locale): string {
  return new Intl.NumberFormat(locales, { maximumFractionDigits: digits }).format(value);
}

/** A share of 1 as per cent. Never rounded up to 100 or down to 0: certainty is not a matter of rounding. */
export function percent(share: number, locales: string = locale): string {
  const whole = Math.round(share * 100);
  const digits = (whole === 100 && share < 1) || (whole === 0 && share > 0) ? 1 : 0;
  const shown = digits ? Math.min(0.999, Math.max(0.001, share)) : share;
  return new Intl.NumberFormat(locales, { style: 'percent', maximumFractionDigits: digits }).format(shown);
}

/** `75` → `1 min 15 s`, `7300` → `2 h 1 min`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const [days, hours, minutes] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  if (days > 0) return hours ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  return s % 60 && s < 600 ? `${minutes} min ${s % 60} s` : `${minutes} min`;
}

export function dateTime(time: string, locales: string = locale): string {
  return new Intl.DateTimeFormat(locales, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}

/** The server puts names between backticks, as documentation does; to workers they are quoted. */
export const withQuotes = (text: string): string => text.replace(/`([^`]+)`/g, '“$1”');

/** Sentences of the server may name a moment in UTC, to the microsecond; here it stands as the reader's clock says it. */
export function withLocalTimes(text: string, locales: string = locale): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => dateTime(time, locales));
}

export function date(time: string, locales: string = locale): string {
  return new Intl.DateTimeFormat(locales, { dateStyle: 'medium' }).format(new Date(time));
}

/** A finish within a day is told by the clock, a later one by date and clock. */
export function finishTime(time: string, now: number = Date.now(), locales: string = locale): string {
  const at = new Date(time);
  if (at.getTime() - now > 20 * 3_600_000) return dateTime(time, locales);
  return new Intl.DateTimeFormat(locales, { timeStyle: 'short' }).format(at);
}

/** Metres in words: `80 m`, `1.4 km`, `230 km`. */
export function distance(metres: number): string {
  if (metres < 1000) return `${Math.round(metres / 10) * 10} m`;
  const kilometres = metres / 1000;
  return `${kilometres.toLocaleString(undefined, { maximumFractionDigits: kilometres < 10 ? 1 : 0 })} km`;
}
