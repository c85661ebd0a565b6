exports.name = 'from a layer';
