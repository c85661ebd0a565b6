/** What `lambent up` deploys at its first start, and which functions belong to each. */
export interface Sample {
  name: string;
  about: string;
  href: string;
  functions: string[];
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
  { name: 'order-saga', about: 'a workflow that undoes itself', href: '/machines/order-saga', functions: ['payment', 'stock'] },
];
