import { expect } from 'chai';
import { Pace } from '../../../src/apply/pace.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';

class Paced {
  readonly clock = new FakeClock();
  busy = false;
  readonly pace = new Pace({ clock: this.clock, isBusy: () => this.busy });
  /** When the turns came, fake milliseconds. */
  readonly turns: number[] = [];

  async ask(since: number): Promise<void> {
    void this.pace.turn(since).then(() => this.turns.push(this.clock.now()));
    await settled();
  }

  /** A call that takes so long. */
  async call(ms: number): Promise<void> {
    await this.pace.call(() => {
      this.clock.spend(ms);
      return Promise.resolve();
    });
  }
}

describe('The pace of reports', () => {
  it('a report waits for more of the same', async () => {
    const paced = new Paced();
    await paced.ask(0);
    await paced.clock.advance(19);
    expect(paced.turns).to.deep.equal([]);
    await paced.clock.advance(1);
    expect(paced.turns).to.deep.equal([20]);
  });

  it('waits until no leader has changed for a quarter of a second', async () => {
    const paced = new Paced();
    paced.pace.changed();
    await paced.ask(0);
    await paced.clock.advance(200);
    paced.pace.changed();
    await paced.clock.advance(249);
    expect(paced.turns).to.deep.equal([]);
    await paced.clock.advance(1);
    expect(paced.turns).to.deep.equal([450]);
  });

  it('rests twice as long as the last call took', async () => {
    const paced = new Paced();
    await paced.clock.advance(100);
    await paced.call(30);
    await paced.ask(100);
    await paced.clock.advance(1_000);
    expect(paced.turns).to.deep.equal([190]);
  });

  it('rests after a call that failed, too', async () => {
    const paced = new Paced();
    const failed = paced.pace.call(() => {
      paced.clock.spend(50);
      return Promise.reject(new Error('503'));
    });
    expect(await failed.catch(String)).to.equal('Error: 503');
    await paced.ask(0);
    await paced.clock.advance(1_000);
    expect(paced.turns).to.deep.equal([150]);
  });

  it('what is late waits neither for calm nor for the rest', async () => {
    const paced = new Paced();
    await paced.call(4_000);
    await paced.ask(0);
    await paced.clock.advance(10_000);
    expect(paced.turns).to.deep.equal([5_000]);
    paced.busy = true;
    await paced.ask(10_000);
    for (let at = 10_000; at < 20_000; at += 100) {
      paced.pace.changed();
      await paced.clock.advance(100);
    }
    expect(paced.turns).to.deep.equal([5_000, 15_000]);
  });

  it('looks again whether slices are written when the rest is over', async () => {
    const paced = new Paced();
    await paced.call(50);
    await paced.ask(0);
    await paced.clock.advance(60);
    paced.busy = true;
    await paced.clock.advance(300);
    expect(paced.turns).to.deep.equal([]);
    paced.busy = false;
    await paced.clock.advance(20);
    expect(paced.turns).to.have.length(1);
  });

  it('in a hurry nothing waits, and no timer is left', async () => {
    const paced = new Paced();
    await paced.call(1_000);
    paced.busy = true;
    await paced.ask(1_000);
    paced.pace.hurry();
    await settled();
    expect(paced.turns).to.deep.equal([1_000]);
    await paced.ask(1_000);
    expect(paced.turns).to.deep.equal([1_000, 1_000]);
    expect(paced.clock.timers).to.equal(0);
  });
});
