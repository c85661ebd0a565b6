exports.handler = async () => require('layered').name;
