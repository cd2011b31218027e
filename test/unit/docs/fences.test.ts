import { expect } from 'chai';
import { pageOf } from '../../docs/support/fences.ts';

const page = (...lines: string[]): ReturnType<typeof pageOf> => pageOf(lines.join('\n'));

describe('fenced blocks', () => {
  it('have a line, a language and their text', () => {
    const { fences, problems } = page(
      'text',
      '```sh',
      'kubectl get pods',
      '',
      'ls',
      '```',
      '~~~',
      'plain',
      '~~~',
    );
    expect(fences).to.deep.equal([
      { line: 2, language: 'sh', lines: ['kubectl get pods', '', 'ls'] },
      { line: 7, language: '', lines: ['plain'] },
    ]);
    expect(problems).to.deep.equal([]);
  });

  it('end where as many ticks as began them stand alone', () => {
    const { fences } = page('````text', '```sh', 'ls', '```', '````', '```sh', 'pwd # ```', '```');
    expect(fences.map(({ lines }) => lines)).to.deep.equal([['```sh', 'ls', '```'], ['pwd # ```']]);
  });

  it('in a list lose its indentation, and no more', () => {
    const { fences } = page('1. do', '   ```yaml', '   a:', '     b: 1', '   ```');
    expect(fences[0]?.lines).to.deep.equal(['a:', '  b: 1']);
  });

  it('are not run for the reason right above them', () => {
    const { fences } = page('<!-- not run: needs a', 'node -->', '```sh', 'ls', '```', '```sh', 'pwd', '```');
    expect(fences.map(({ notRun }) => notRun)).to.deep.equal(['needs a node', undefined]);
  });

  it('may not be left out without a reason', () => {
    expect(page('<!-- not run -->', '```sh', '```').problems).to.deep.equal(['1: "not run" gives no reason']);
    expect(page('<!-- not run: -->', '```sh', '```').problems).to.deep.equal([
      '1: "not run" gives no reason',
    ]);
  });

  it('are right below the comment about them, or it is a problem', () => {
    const problem = ['1: the line below "not run" opens no fenced block'];
    expect(page('<!-- not run: why -->', '', '```sh', '```').problems).to.deep.equal(problem);
    expect(page('<!-- not run: why -->', '<!-- not run: why -->', '```sh', '```').problems).to.deep.equal(
      problem,
    );
    expect(page('<!-- not run: why -->').problems).to.deep.equal(problem);
  });

  it('and comments without an end are a problem', () => {
    expect(page('', '```sh', 'ls').problems).to.deep.equal(['2: the block has no end']);
    expect(page('<!-- given: ls').problems).to.deep.equal(['1: the comment has no end']);
  });

  it('hide comments, and other comments mean nothing', () => {
    const { givens, problems } = page('```text', '<!-- given: ls -->', '```', '<!-- generated -->', '');
    expect([givens, problems]).to.deep.equal([[], []]);
  });
});

describe('what is given', () => {
  it('are the lines of the comment, as they are, from its own line on', () => {
    const { givens } = page(
      '',
      '<!-- given:',
      'cat <<EOF',
      '  a: 1',
      'EOF',
      '-->',
      '<!-- given: kubectl get pods -->',
    );
    expect(givens).to.deep.equal([
      { line: 2, lines: ['', 'cat <<EOF', '  a: 1', 'EOF', ''] },
      { line: 7, lines: [' kubectl get pods'] },
    ]);
  });
});
