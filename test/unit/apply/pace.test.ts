import { expect } from 'chai';
import { Pace } from '../../../src/apply/pace.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';

class Paced {
  readonly clock = new FakeClock();
  busy = false;
  readonly pace = new Pace({ clock: this.clock, isBusy: () => this.busy });

  /** The fake milliseconds at which a report of a change, or of a state, may go out. */
  async turn(since: number, isChange = true): Promise<number> {
    let at: number | undefined;
    const asked = (async () => {
      while (!this.pace.mayGo({ since, isChange })) await this.pace.pause();
      at = this.clock.now();
    })();
    await settled();
    await this.clock.advance(20_000);
    await asked;
    return at!;
  }

  /** A report that takes so long. */
  async call(ms: number): Promise<void> {
    await this.pace.spend(() => {
      this.clock.spend(ms);
      return Promise.resolve();
    });
  }
}

describe('The pace of reports', () => {
  it('a report waits for more of the same', async () => {
    expect(await new Paced().turn(0)).to.equal(20);
  });

  it('of a change waits until no leader has changed for a quarter of a second', async () => {
    const paced = new Paced();
    paced.pace.changed();
    await paced.clock.advance(200);
    paced.pace.changed();
    expect(await paced.turn(0)).to.equal(450);
  });

  it('of a change waits for calm a second at most', async () => {
    const paced = new Paced();
    for (let at = 0; at < 3_000; at += 100)
      paced.clock.after(at, () => {
        paced.pace.changed();
      });
    expect(await paced.turn(0)).to.equal(1_000);
  });

  it('of a state does not: it may be over by then', async () => {
    const paced = new Paced();
    paced.pace.changed();
    expect(await paced.turn(0, false)).to.equal(20);
  });

  it('rests four times as long as the last one took', async () => {
    const paced = new Paced();
    await paced.clock.advance(100);
    await paced.call(20);
    expect(await paced.turn(100)).to.equal(200);
  });

  it('rests 100 ms at most', async () => {
    const paced = new Paced();
    await paced.call(1_000);
    expect(await paced.turn(0)).to.equal(1_100);
  });

  it('rests after one that failed, too', async () => {
    const paced = new Paced();
    const failed = paced.pace.spend(() => {
      paced.clock.spend(20);
      return Promise.reject(new Error('503'));
    });
    expect(await failed.catch(String)).to.equal('Error: 503');
    expect(await paced.turn(0)).to.equal(100);
  });

  it('what is late waits neither for calm nor for the rest, nor for slices that are being written', async () => {
    const paced = new Paced();
    await paced.call(4_980);
    paced.pace.changed();
    paced.busy = true;
    expect(await paced.turn(0)).to.equal(5_000);
  });

  it('waits while slices are being written', async () => {
    const paced = new Paced();
    paced.busy = true;
    paced.clock.after(300, () => (paced.busy = false));
    expect(await paced.turn(0, false)).to.equal(300);
  });

  it('in a hurry nothing waits, and no timer is left', async () => {
    const paced = new Paced();
    await paced.call(1_000);
    paced.busy = true;
    const asked = (async () => {
      while (!paced.pace.mayGo({ since: 1_000, isChange: true })) await paced.pace.pause();
    })();
    paced.pace.hurry();
    await asked;
    expect(paced.clock.now()).to.equal(1_000);
    expect(paced.clock.timers).to.equal(0);
  });
});
