// What every warm scenario runs, in a function, in the bare server and in the peers alike.
export const handler = async () => ({ message: 'hello' });
