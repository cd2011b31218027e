import { expect } from 'chai';
import { resolvePorts } from '../../../src/plan/ports.ts';
import { pod, servicePort } from '../../support/builders.ts';

describe('the ports of a pod', () => {
  it('are the numbers of the source where it gives numbers, declared on the pod or not', () => {
    expect(resolvePorts([servicePort('http', 80, 8080)], pod().build())).to.deep.equal({
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    });
  });

  it('are the port itself where there is no targetPort', () => {
    const port = { name: '', port: 80, protocol: 'UDP' } as const;
    expect(resolvePorts([port], pod().build())).to.deep.equal({ ports: [port] });
  });

  it('are found by name on each pod', () => {
    const ports = [servicePort('http', 80, 'web')];
    const numbers = [pod().port('web', 8080), pod().port('web', 9090)].map((builder) =>
      resolvePorts(ports, builder.build()),
    );
    expect(numbers).to.deep.equal([
      { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] },
      { ports: [{ name: 'http', port: 9090, protocol: 'TCP' }] },
    ]);
  });

  it('are of the same protocol', () => {
    const dns = pod().port('dns', 1053, 'UDP').port('dns', 2053, 'TCP').build();
    expect(resolvePorts([servicePort('dns', 53, 'dns')], dns)).to.deep.include({
      ports: [{ name: 'dns', port: 2053, protocol: 'TCP' }],
    });
  });

  it('are those of containers before those of sidecars, which come later in the list', () => {
    const twice = pod().port('web', 8080).port('web', 15001).build();
    expect(resolvePorts([servicePort('', 80, 'web')], twice)).to.deep.equal({
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    });
  });

  it('keep the appProtocol and drop the node port', () => {
    const port = { ...servicePort('ws', 80), appProtocol: 'kubernetes.io/ws', nodePort: 30_000 };
    expect(resolvePorts([port], pod().build())).to.deep.equal({
      ports: [{ name: 'ws', port: 80, protocol: 'TCP', appProtocol: 'kubernetes.io/ws' }],
    });
  });

  it('are all or none, and the missing one is named with the pod and what it has', () => {
    const ports = [servicePort('http', 80, 8080), servicePort('dns', 53, 'dns')];
    const resolved = resolvePorts(ports, pod('a').port('web', 8080).port('dns', 53, 'UDP').build());
    expect(resolved).to.deep.equal({
      unresolved: 'port dns: targetPort "dns"/TCP is not a container port of pod a (it has web/TCP, dns/UDP)',
    });
  });

  it('say so where the pod has no named port', () => {
    expect(resolvePorts([servicePort('', 80, 'web')], pod('a').build())).to.deep.equal({
      unresolved: 'port 80: targetPort "web"/TCP is not a container port of pod a (it has no named ports)',
    });
  });
});
