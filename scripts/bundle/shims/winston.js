// winston without its container, file and HTTP transports and unused formats.
import createLogger from 'winston/lib/winston/create-logger.js';
import Stream from 'winston/lib/winston/transports/stream.js';
import json from 'logform/json.js';
import printf from 'logform/printf.js';

export default { createLogger, transports: { Stream }, format: { json, printf } };
