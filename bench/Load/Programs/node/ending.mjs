// Answers what says which event it was.
export const handler = async (event) => event.id;
