import { expect } from 'chai';
import { pageOf } from '../../docs/support/fences.ts';
import {
  hasCommands,
  headingsIn,
  languageProblems,
  scriptOf,
  type Script,
} from '../../docs/support/script.ts';
import { outcomeOf } from '../../docs/support/shell.ts';

const script = (...lines: string[]): Script => scriptOf(pageOf(lines.join('\n')));
const linesOf = (...lines: string[]): string[] =>
  script(...lines)
    .text.trimEnd()
    .split('\n');

describe('the script of a page', () => {
  it('has each command on the line of the page', () => {
    const page = ['# Page', '```sh', 'ls', 'pwd', '```', 'text', '```sh', 'id', '```'];
    expect(linesOf(...page)).to.deep.equal(['', '__at 2', 'ls', 'pwd', '', '', '__at 7', 'id']);
  });

  it('has what is given, and not what is not run', () => {
    const page = [
      '<!-- given:',
      'setup',
      '-->',
      '<!-- not run: why -->',
      '```sh',
      'ls',
      '```',
      '```yaml',
      'a: 1',
      '```',
    ];
    expect(linesOf(...page)).to.deep.equal(['__at 1', 'setup']);
  });

  it('has of a session what follows a prompt, over several lines where they go on', () => {
    const page = ['```console', '$ ls \\', '>   -l', 'total 0', '$ pwd', '/', '```', '```', 'a --> b', '```'];
    expect(linesOf(...page)).to.deep.equal(['', '__at 2; ls \\', '  -l', '', '__at 5; pwd']);
    expect(script(...page).shown).to.deep.equal([
      { line: 2, output: ['total 0'] },
      { line: 5, output: ['/'] },
    ]);
  });

  it('expects a command to fail where the page shows an error', () => {
    const page = ['```', '$ rm x # gone', 'error: no x', '$ ls', '```'];
    expect(linesOf(...page)).to.deep.equal([
      '',
      '__at 2; if rm x # gone',
      'then __succeeded 2; fi',
      '__at 4; ls',
    ]);
  });

  it('names the namespaces that it needs and those that it makes', () => {
    const { namespaces } = script(
      '```sh',
      'kubectl create namespace shop',
      'kubectl get pods -n shop; kubectl get pods --namespace=billing; kubectl get pods -n kube-system',
      'helm install x y --namespace ops --create-namespace; kubectl get pods -A',
      '```',
    );
    expect(namespaces).to.deep.equal({ created: ['shop'], named: ['billing', 'ops'] });
  });

  it('knows the languages that may hold commands', () => {
    const { fences, ...page } = pageOf('```bash\nls\n```\n```ts\n```\n```\nx\n```\n```\n$ ls\n```');
    expect(languageProblems({ ...page, fences })).to.have.lengthOf(1);
    expect(fences.map(hasCommands)).to.deep.equal([false, false, false, true]);
  });
});

describe('headings of an output', () => {
  it('are its columns and its labels', () => {
    const output = [
      'NAME   PORT(S)   MAY LEAD',
      'web    80/TCP   no',
      'Leader:   web-0',
      '  POD   REASON',
      'Candidates',
    ];
    expect(headingsIn(output)).to.deep.equal(['NAME | PORT(S) | MAY LEAD', 'Leader:', 'POD | REASON']);
  });

  it('are not words that are only written large', () => {
    expect(headingsIn(['OK', 'READY to go   now', 'Error from server (NotFound): x'])).to.deep.equal([]);
  });
});

describe('the outcome of a script', () => {
  it('is what each marked line printed', () => {
    const { failure, outputs } = outcomeOf(0, '\x1e3\none\ntwo\n\x1e7\nthree\n');
    expect(failure).to.equal(undefined);
    expect([...outputs]).to.deep.equal([
      [3, 'one\ntwo\n'],
      [7, 'three\n'],
    ]);
  });

  it('names the command that failed, with what was printed last', () => {
    const { failure } = outcomeOf(2, '\x1e3\none\n\x1e7\nthree\n\x1efailed 2 9\n');
    expect(failure).to.deep.equal({ line: 9, problem: 'exit status 2', output: 'three' });
  });

  it('tells of a command that the page shows to fail', () => {
    const { failure } = outcomeOf(1, '\x1e3\nfine\n\x1efailed 0 3\n');
    expect(failure?.problem).to.equal('succeeded, and the page shows an error');
  });

  it("takes bash's own word for a script that it cannot read", () => {
    const { failure } = outcomeOf(2, '\x1e3\nok\npage.sh: line 5: syntax error near unexpected token\n');
    expect(failure).to.deep.include({ line: 5, problem: 'exit status 2' });
  });

  it('tells which block has no end', () => {
    expect(outcomeOf('late', '\x1e3\nwaiting\n').failure).to.deep.include({ line: 3, problem: 'no end' });
  });

  it('of a script that ends in the middle is a failure, whatever it has printed', () => {
    expect(outcomeOf(null, '').failure).to.deep.include({ line: undefined });
    expect(outcomeOf(1, 'oops').failure).to.deep.include({ problem: 'exit status 1', output: 'oops' });
  });
});
