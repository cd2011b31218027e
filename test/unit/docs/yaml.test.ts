import { expect } from 'chai';
import { fileNameOf, yamlOf, type Yaml } from '../../docs/support/yaml.ts';

const of = (text: string): Yaml => yamlOf(text, ['image', 'replicas']);

describe('a block of YAML', () => {
  it('is a manifest where all of its objects are whole', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\n---\n# nothing\n';
    expect(of(text)).to.deep.equal({ kind: 'manifest', text, namespaces: ['shop'] });
  });

  it('is made a LeaderPolicy where it is the spec of one', () => {
    const yaml = of('spec:\n  serviceRef: {name: db}\n');
    expect(yaml.kind).to.equal('manifest');
    expect(yaml).to.have.property('text').that.includes('kind: LeaderPolicy').and.includes('serviceRef');
  });

  it("is the chart's where it has its values", () => {
    expect(of('image: {tag: "1"}\nreplicas: 3\n').kind).to.equal('values');
  });

  it('may be annotations alone', () => {
    expect(of('metadata:\n  annotations: {}\n').kind).to.equal('metadata');
  });

  it('is a problem where it is none of these', () => {
    for (const text of [
      'readinessProbe: {}',
      'apiVersion: v1\nkind: Pod\n---\na: 1',
      '- 1',
      '',
      'a: [',
      'spec: {a: 1}',
    ])
      expect(of(text).kind, text).to.equal('unknown');
  });

  it('has the name of a file where its first line is one', () => {
    expect(fileNameOf(['# policy.yaml', 'a: 1'])).to.equal('policy.yaml');
    expect(fileNameOf(['# ../x.yaml', 'a: 1'])).to.equal(undefined);
    expect(fileNameOf(['a: 1', '# policy.yaml'])).to.equal(undefined);
  });
});
