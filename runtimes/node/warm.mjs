// Imported by bootstrap.cjs while a generic environment waits, so that Node has loaded its own ES module loader by
// the time a function needs it: 5 ms of a cold start.
export default null;
