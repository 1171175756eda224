export { readBadBodies, type BadBodies, type BadBody } from './bad-bodies.ts';
