import { expect } from 'chai';
import { parseApiCalls, totalOf } from '../../bench/operator-metrics.ts';

const TEXT = `
# TYPE zen_lead_api_call_duration_seconds histogram
zen_lead_api_call_duration_seconds_bucket{le="0.1",verb="update",resource="endpointslices",code="200"} 7
zen_lead_api_call_duration_seconds_sum{verb="update",resource="endpointslices",code="200"} 0.1
zen_lead_api_call_duration_seconds_count{verb="update",resource="endpointslices",code="200"} 7
zen_lead_api_call_duration_seconds_count{verb="update",resource="endpointslices",code="409"} 2
zen_lead_api_call_duration_seconds_count{verb="create",resource="events",code="201"} 5
zen_lead_api_call_duration_seconds_count{verb="watch",resource="pods",code="200"} 100
`;

describe('parseApiCalls', () => {
  it('adds up the calls by verb and resource, whatever their answer, watches aside', () => {
    const calls = parseApiCalls(TEXT);
    expect(Object.fromEntries(calls)).to.deep.equal({ 'update endpointslices': 9, 'create events': 5 });
    expect(totalOf(calls)).to.equal(14);
  });
});
