// What is rehearsed with: a handler as small as they come, in an ES module.
export const handler = async (event) => event;
