// The framework makes a queue of it, for events that it never gets.
export { default as queue } from 'async/queue.js';
