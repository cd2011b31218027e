import { expect } from 'chai';
import { anchorsIn, linksIn, pathsIn } from '../../docs/support/links.ts';

describe('links in a text', () => {
  it("are Markdown's, of text, pictures and references", () => {
    const text = '[a](a.md#b) ![c](img/c.svg "Title") [![d](d.png)](e.md)\n\n[f]: g.md\n';
    expect(linksIn(text)).to.deep.equal(['a.md#b', 'img/c.svg', 'd.png', 'e.md', 'g.md']);
  });

  it("are HTML's and SVG's", () => {
    const text = '<img src="a.svg"> <a href="b.md">b</a> <use xlink:href="#c"/>';
    expect(linksIn(text)).to.deep.equal(['a.svg', 'b.md', '#c']);
  });

  it('are not what is shown as code or commented out', () => {
    expect(linksIn('`[a](b)` <!-- [c](d) -->\n```\n[e](f)\n```\n')).to.deep.equal([]);
  });
});

describe('anchors of a text', () => {
  it("are GitHub's, with a number where a heading comes again", () => {
    const text = "# What it's `for`\n## Two: (three) [four](five.md)\n## Two\n## Two\n";
    expect(anchorsIn(text)).to.deep.equal(['what-its-for', 'two-three-four', 'two', 'two-1']);
  });

  it('are not comments of a shell', () => {
    expect(anchorsIn('```sh\n# no heading\n```\n# One\n')).to.deep.equal(['one']);
  });
});

describe('names of files in a text', () => {
  it('are those of the repository that stand alone in backticks', () => {
    const text =
      '`src/main.ts` `docs` `config/chart` `dist/zen-lead.js` `crds/` `test/**/x` src/a.ts `helm x config/chart`';
    expect(pathsIn(text)).to.deep.equal(['src/main.ts', 'config/chart']);
  });
});
