/** The world as a core with a defect sees it: all as it is, and room to do something where work of a stage is charged. */
import type { CoreHost, Stage } from '../../../core/port.ts';

/** `charged`: is told of each charge before it is made, and may charge more. */
export function onCharge(world: CoreHost, charged: (stage: Stage, world: CoreHost) => void): CoreHost {
  return {
    send: command => world.send(command),
    charge: (stage, units) => {
      charged(stage, world);
      world.charge(stage, units);
    },
    chargedNs: () => world.chargedNs(),
    queuedNs: () => world.queuedNs(),
    arenaTakenBytes: () => world.arenaTakenBytes(),
    draw: stream => world.draw(stream),
    log: entry => world.log(entry),
  };
}

/** A defect's part: the loop stands still for so long whenever one of these stages is charged. */
export function blockedAt(stages: readonly Stage[], us: number): (world: CoreHost) => CoreHost {
  return world =>
    onCharge(world, (stage, host) => {
      if (stages.includes(stage)) host.charge('blocked', us);
    });
}
