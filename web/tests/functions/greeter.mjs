// Answers, says so in its log, and fails when it is asked to.
export const handler = async (event) => {
  console.log(JSON.stringify({ level: 'INFO', message: 'greeting', name: event.name ?? 'nobody' }));
  if (event.fail) throw new TypeError(`cannot greet ${event.fail}`);
  return { greeting: `Hello ${event.name ?? 'nobody'}` };
};
