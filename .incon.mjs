import { POWER_CUT_CONTROLS } from "/work/main/dist/harness/controls/controls.js";
import { planPowerCut } from "/work/main/dist/harness/plan/power-cut.js";
import { statesOf } from "/work/main/dist/harness/power-cut/states.js";
import { stateInWords } from "/work/main/dist/harness/power-cut/state.js";
import { Rig } from "/work/main/dist/harness/power-cut/rig.js";
import { inspectWal } from "/work/main/dist/harness/subjects/inspect-wal.js";
const fs = process.argv[2];
const rig = await Rig.create({ fileSystem: fs, inspect: inspectWal });
try {
  const plan = planPowerCut(0, 1);
  for (const c of POWER_CUT_CONTROLS) {
    const recording = await rig.record(c.subject.name, plan);
    const { distinct } = statesOf(recording, 0, 512);
    let n = 0, first = 0;
    const names = {};
    let ex = "";
    let tried = 0;
    await rig.checkAll(recording, distinct.map((state) => ({ state, inFull: false })), ({ state }, r) => {
      tried++;
      if (r.failures.length) {
        n++;
        first ||= tried;
        for (const f of r.failures) names[f.name] = (names[f.name] ?? 0) + 1;
        ex ||= stateInWords(state) + " " + r.failures[0].detail.slice(0, 80);
      }
      return "more";
    });
    console.log(fs, c.subject.name, `${n} of ${distinct.length} fail, first ${first}`, JSON.stringify(names), ex);
  }
} finally {
  await rig.remove();
}
