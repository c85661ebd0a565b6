const browsers: Array<[RegExp, string]> = [
  [/HeadlessChrome\/(\d+)/, 'Chrome without a window'],
  [/Edg\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
];

const systems: Array<[RegExp, string]> = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** A browser as people call it: Firefox 140 on Linux. */
export function browserName(userAgent: string): string {
  const browser = browsers
    .map(([pattern, name]) => ({ name, match: pattern.exec(userAgent) }))
    .find((each) => each.match);
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (!browser) return userAgent || 'A program without a name';
  return `${browser.name} ${browser.match![1]}${system ? ` on ${system}` : ''}`;
}
