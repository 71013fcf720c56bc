// Numbers as people read them: short, of a known greatest width, never wrong in the first digits.

/** A metric's value in at most nine columns, ten beyond 1e±99: four significant digits, an exponent for extremes. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return tidyExponent(value.toExponential(2));
  return size >= 1e3 ? value.toFixed(0) : value.toPrecision(4);
}

/** A learning rate in at most eight columns, nine beyond 1e±99: three significant digits, no trailing zeros. */
export function formatRate(value: number): string {
  if (!Number.isFinite(value)) return formatValue(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e4) return tidyExponent(value.toExponential(2));
  return String(Number(value.toPrecision(3)));
}

/** A whole number with commas between thousands. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A size with its unit, three significant digits: `999 B`, `48.2 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const unit = ['B', 'kB', 'MB', 'GB', 'TB'][power] ?? 'B';
  const size = bytes / 1000 ** power;
  return `${power === 0 || size >= 100 ? Math.floor(size) : size.toPrecision(3)} ${unit}`;
}

/** `472 of 660 delivered, 190 trained (2.5× fewer)`; only the first two numbers where nothing was shared. */
export function formatDelivered(delivered: number, total: number, trained: number): string {
  const done = `${formatCount(delivered)} of ${formatCount(total)}`;
  return trained >= delivered ? done : `${done} delivered, ${formatTrained(delivered, trained)}`;
}

/** `190 trained (2.5× fewer)`: how many epochs stood for `delivered` ones. */
export function formatTrained(delivered: number, trained: number): string {
  const ratio = (delivered / trained).toFixed(1);
  const fewer = trained > 0 && ratio !== '1.0' ? ` (${ratio}× fewer)` : '';
  return `${formatCount(trained)} trained${fewer}`;
}

/** A share of 0 to 1 as a percentage; 100 % only when it is all. */
export function formatShare(share: number): string {
  return `${share >= 1 ? 100 : Math.min(99, Math.floor(share * 100))} %`;
}

/** A length of time in its two greatest units. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `1 trial`, `2 trials`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function tidyExponent(text: string): string {
  return text.replace(/\.?0*e/, 'e').replace('e+', 'e');
}
