// Writes markup, scripts and terminal codes wherever a function can leave text.
export const handler = async (event) => {
  console.log(`log ${event.payload}`);
  console.log(JSON.stringify({ level: 'WARN', message: event.payload, [event.payload]: 'field' }));
  const error = new Error(`message ${event.payload}`);
  error.name = `Type${event.payload}`;
  if (event.fail) throw error;
  return { [event.payload]: event.payload };
};
