// Takes scans of parcels from a queue, writes one line for each, and gives back those that are no scans: they come
// again, the others do not. Called by a schedule it writes how many there were.
const steps = new Set(['picked up', 'sorted', 'out for delivery', 'delivered', 'returned']);
let seen = 0;

export async function handler(event) {
  if (!Array.isArray(event.Records)) {
    console.log(JSON.stringify({ level: 'INFO', message: 'scans since this environment started', seen }));
    return { seen };
  }
  const batchItemFailures = [];
  for (const record of event.Records) {
    const problem = take(record.body);
    if (problem) {
      console.log(JSON.stringify({ level: 'WARN', message: problem, messageId: record.messageId }));
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

/** Why a message is no scan, or undefined. */
function take(body) {
  let scan;
  try {
    scan = JSON.parse(body);
  } catch {
    return 'not JSON';
  }
  if (typeof scan?.parcel !== 'string' || !steps.has(scan.step)) return 'a scan has a parcel and a known step';
  seen += 1;
  console.log(JSON.stringify({ level: 'INFO', message: scan.step, parcel: scan.parcel, depot: scan.depot }));
  return undefined;
}
