/** The contract's area "rounds": rounds listed, started, paused, gone on with and watched. */
import { listRounds } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";
import { judgeForecast } from "./judge-forecast.ts";
import { forecastView, sayBefore } from "./forecast.ts";
import { keptSettings } from "./kept-settings.ts";
import { measureTraining } from "./measure-training.ts";
import { roundView } from "./round-view.ts";
import type { Runner } from "./runner.ts";
import { changeLastRound, seriesView } from "./series.ts";

export function roundHandlers(lab: LabContext, runner: Runner) {
  const { rounds } = api;
  return {
    judgeForecast: rounds.judgeForecast.handler(async () => await judgeForecast(lab)),
    list: rounds.list.handler(() => listRounds(lab.store.db).map((round) => roundView(lab, round, runner.isRunning()))),
    forecast: rounds.forecast.handler(() => forecastView(lab)),
    measureTraining: rounds.measureTraining.handler(() => measureTraining(lab, runner.isRunning())),
    start: rounds.start.handler(async ({ input }) => {
      const keep = await sayBefore(lab);
      const keeps = keptSettings(lab);
      const round = runner.start(input);
      keep(round);
      return { round, keeps };
    }),
    pause: rounds.pause.handler(async () => ({ wasRunning: await runner.pause() })),
    stop: rounds.stop.handler(async () => ({ wasRunning: await runner.stop() })),
    resume: rounds.resume.handler(() => {
      const keeps = keptSettings(lab);
      return { round: runner.resume(), keeps };
    }),
    redo: rounds.redo.handler(({ input }) => ({ round: runner.redo(input.stage) })),
    series: rounds.series.handler(() => seriesView(lab)),
    setLast: rounds.setLast.handler(({ input }) => {
      changeLastRound(lab, input.round);
      return seriesView(lab);
    }),
    settle: rounds.settle.handler(() => runner.settle()),
    // What happens after this call is heard, even before the first event is asked for.
    watch: rounds.watch.handler(({ signal }) => lab.events.subscribe(signal)),
  };
}
