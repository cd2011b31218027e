/** kubectl leader pause and resume: the leader does not move, and moves again. */
import { ANNOTATION } from '../../names.ts';
import { findOne } from '../find.ts';
import type { Session } from '../session.ts';
import { report, targetOf, write } from '../target.ts';

export async function pause(session: Session, service: string): Promise<void> {
  await set(session, service, true);
}

export async function resume(session: Session, service: string): Promise<void> {
  await set(session, service, false);
}

async function set(session: Session, service: string, paused: boolean): Promise<void> {
  const picture = findOne(await session.snapshot(), session.namespace, service);
  const target = targetOf(picture);
  const word = paused ? 'paused' : 'resumed';
  if (picture.claim?.request.paused === paused && picture.claim.request.problems.length === 0) {
    report(session, picture, 'unchanged', `${target.shown} ${word} already`);
    return;
  }
  await write(session, target, {
    annotations: { [ANNOTATION.paused]: paused ? 'true' : null },
    spec: { paused },
  });
  const meaning = paused
    ? `the leader of ${picture.name} does not move, whatever happens; go on with: kubectl leader resume ${service}`
    : `the leader of ${picture.name} moves again when it must`;
  report(session, picture, word, `${target.shown} ${word}: ${meaning}`);
}
