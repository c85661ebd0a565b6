// Takes a millisecond, whatever it is called with.
export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 1));
};
