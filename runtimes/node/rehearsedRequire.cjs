'use strict';
// The same in a CommonJS module.

exports.handler = async (event) => event;
