require('does-not-exist');
