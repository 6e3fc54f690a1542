import { expect, test } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { Job } from "#shared/domain/job";
import { closeAbandonedJobs, createJobRunner, type JobRows } from "./job-runner";

const request = { kind: "index", title: "Measuring", device: "cpu" } as const;

function memoryRows(): JobRows & { readonly rows: Map<string, Job> } {
  const rows = new Map<string, Job>();
  return {
    rows,
    list: () => [...rows.values()],
    put: (job) => {
      rows.set(job.id, job);
      return Promise.resolve();
    },
  };
}

test("a job runs to its total and its row says so", async () => {
  const rows = memoryRows();
  const jobs = createJobRunner(rows);
  const { id } = jobs.start(request, async ({ progress, issue }) => {
    progress.setTotal(3);
    progress.advance(2);
    issue();
  });
  expect(await jobs.finished(id)).toMatchObject({ state: "done", done: 3, total: 3, issueCount: 1, error: null });
  expect(rows.rows.get(id)).toMatchObject({ state: "done", done: 3 });
});

test("pause holds a job between images, resume lets it go on, cancel ends it and keeps what was done", async () => {
  const jobs = createJobRunner(memoryRows());
  let images = 0;
  const { id } = jobs.start(request, async ({ progress, checkpoint }) => {
    progress.setTotal(1000);
    for (; images < 1000; images += 1) {
      await checkpoint();
      await new Promise((resolve) => setTimeout(resolve, 1));
      progress.advance();
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(jobs.pause(id).state).toBe("paused");
  await new Promise((resolve) => setTimeout(resolve, 20));
  const held = images;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(images).toBe(held);
  expect(jobs.resume(id).state).toBe("running");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(images).toBeGreaterThan(held);
  jobs.cancel(id);
  const end = await jobs.finished(id);
  expect(end).toMatchObject({ state: "cancelled", error: null, total: 1000 });
  expect(end.done).toBeLessThan(1000);
});

test("jobs wait for one another and a failure is told in the job's row", async () => {
  const jobs = createJobRunner(memoryRows());
  const order: string[] = [];
  const first = jobs.start(request, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push("first");
    throw appError("disk/full", "The disk that holds the library is full.", { hint: "Make room." });
  });
  const second = jobs.start(request, () => {
    order.push("second");
    return Promise.resolve();
  });
  expect(await jobs.finished(second.id)).toMatchObject({ state: "done" });
  expect(jobs.get(first.id)).toMatchObject({ state: "failed", error: { code: "disk/full", hint: "Make room." } });
  expect(order).toEqual(["first", "second"]);
});

test("a job that waits is cancelled at once, and work that must be alone waits for the running one", async () => {
  const jobs = createJobRunner(memoryRows());
  const order: string[] = [];
  const first = jobs.start(request, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push("first");
  });
  const second = jobs.start(request, () => Promise.reject(new Error("must not run")));
  const alone = jobs.alone(() => Promise.resolve(order.push("alone")));
  const third = jobs.start(request, () => Promise.resolve(void order.push("third")));
  expect(jobs.cancel(second.id)).toMatchObject({ state: "cancelled", error: null });
  expect(await alone).toBe(2);
  await jobs.finished(third.id);
  expect(order).toEqual(["first", "alone", "third"]);
  expect(jobs.get(first.id).state).toBe("done");
  await expect(jobs.alone(() => Promise.reject(new Error("told to its caller only")))).rejects.toThrow("told to its caller only");
});

test("events are throttled, and the last state always arrives", async () => {
  const jobs = createJobRunner(memoryRows());
  const seen: Job[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const job of jobs.events(stop.signal)) {
      seen.push(job);
      if (job.state === "done") break;
    }
  })();
  jobs.start(request, async ({ progress }) => {
    progress.setTotal(400);
    for (let image = 0; image < 400; image += 1) {
      progress.advance();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  });
  await reading;
  expect(seen.at(-1)).toMatchObject({ state: "done", done: 400, total: 400 });
  expect(seen.length).toBeLessThan(30);
  const counts = seen.map((job) => job.done);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
});

test("a row left running by an earlier process becomes failed", async () => {
  const rows = memoryRows();
  const left: Job = {
    id: "left" as Job["id"],
    kind: "index",
    title: "Measuring",
    state: "running",
    step: "measure",
    done: 5,
    total: 9,
    imagesPerSecond: 2,
    etaSeconds: 2,
    device: "cpu",
    issueCount: 0,
    error: null,
    startedMs: 1,
  };
  await rows.put(left);
  expect(await closeAbandonedJobs(rows)).toMatchObject([{ id: "left", state: "failed" }]);
  expect(rows.rows.get("left")).toMatchObject({ state: "failed", error: { code: "engine/crashed" } });
});

test("rows that cannot be written do not keep anything from starting", async () => {
  const rows = memoryRows();
  const jobs = createJobRunner(rows);
  const { id } = jobs.start(request, () => new Promise<void>(() => undefined));
  await new Promise((resolve) => setTimeout(resolve, 10));
  const full: JobRows = { list: () => rows.list(), put: () => Promise.reject(appError("disk/full", "The disk is full.")) };
  expect(await closeAbandonedJobs(full)).toMatchObject([{ id, state: "failed" }]);
});

test("a fault nobody foresaw is told with what caused it", async () => {
  const faults: unknown[] = [];
  const jobs = createJobRunner(memoryRows(), [], (fault) => faults.push(fault.cause));
  const bug = new TypeError("x is undefined");
  const { id } = jobs.start(request, () => Promise.reject(bug));
  expect(await jobs.finished(id)).toMatchObject({ state: "failed", error: { code: "internal/fault" } });
  expect(faults).toEqual([bug]);
});
