/** What `lambent up` deploys at its first start, and which functions belong to each. */
export interface Sample {
  name: string;
  about: string;
  href: string;
  functions: string[];
  queues?: string[];
  schedules?: string[];
}

function sample(name: string, about: string): Sample {
  return { name, about, href: `/functions/${name}`, functions: [name] };
}

export const samples: Sample[] = [
  sample('markdown-pdf', 'typesets Markdown, Node.js'),
  sample('log-report', 'a web log as a table, Python'),
  sample('invoice', 'bills an order, .NET'),
  sample('image-hash', 'compares images, C'),
  sample('csv-to-ndjson', 'streams CSV as JSON, with a URL'),
  {
    name: 'order-saga',
    about: 'a workflow that undoes itself',
    href: '/machines/order-saga',
    functions: ['payment', 'stock'],
  },
  { ...sample('parcel-feed', 'a queue and a schedule call it'), queues: ['parcels'], schedules: ['parcels-hourly'] },
];

/** All that goes with it, for those who are asked. */
export function partsOf(each: Sample): string {
  const others = each.functions.filter((name) => name !== each.name);
  return [
    each.name,
    ...others,
    ...(each.queues ?? []).map((name) => `queue ${name}`),
    ...(each.schedules ?? []).map((name) => `schedule ${name}`),
  ].join(', ');
}
