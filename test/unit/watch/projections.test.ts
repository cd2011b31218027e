import { expect } from 'chai';
import { ZenLeadError } from '../../../src/errors.ts';
import { projectEndpointSlice, projectPod, projectService } from '../../../src/watch/projections.ts';
import { metadata } from '../support/raw-objects.ts';

describe('An object that cannot be understood', () => {
  const { uid: _uid, ...withoutUid } = metadata;
  const cases: [what: string, raw: unknown, message: RegExp][] = [
    ['no object', undefined, /^the Pod \?\/\? /],
    ['null', null, /^the Pod \?\/\? /],
    ['no metadata', {}, /^the Pod \?\/\? has no metadata.namespace$/],
    ['no name', { metadata: { ...metadata, name: undefined } }, /^the Pod shop\/\? has no metadata.name$/],
    ['an empty uid', { metadata: { ...metadata, uid: '' } }, /^the Pod shop\/web-1 has no metadata.uid$/],
    ['no uid', { metadata: withoutUid }, /^the Pod shop\/web-1 has no metadata.uid$/],
    [
      'no resourceVersion',
      { metadata: { ...metadata, resourceVersion: 7 } },
      /has no metadata.resourceVersion$/,
    ],
    [
      'no time of creation',
      { metadata: { ...metadata, creationTimestamp: null } },
      /has no metadata.creationTimestamp$/,
    ],
    ['a wrong shape inside', { metadata, spec: { containers: 7 } }, /^the Pod shop\/web-1 cannot be read: /],
  ];
  for (const [what, raw, message] of cases) {
    it(`is an InvalidAnswer: ${what}`, () => {
      expect(() => projectPod(raw))
        .to.throw(ZenLeadError, message)
        .with.property('code', 'InvalidAnswer');
    });
  }

  it('is named by its kind', () => {
    expect(() => projectService({})).to.throw(ZenLeadError, /^the Service /);
    expect(() => projectEndpointSlice({})).to.throw(ZenLeadError, /^the EndpointSlice /);
  });
});
