import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

const HEARTBEAT_MS = 2_000;
/** A lock that nobody refreshed for so long belongs to a dead process, whatever now has its id. */
const STALE_MS = 60_000;
/** Between making a folder and the next step lie microseconds: after so long the maker is dead. */
const HALF_MADE_MS = 10_000;
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Does the work while no other process holds the same folder, then removes the folder. Waits for a living holder (telling its id
 * once) and takes over from a dead one. On SIGINT, SIGTERM or SIGHUP it calls `stop`, lets go, and exits with 128 + signal.
 */
export async function withLock(lock, tellWaiting, stop, work) {
  let told = false;
  while (!makeFolder(lock)) {
    const { pid, alive } = holderOf(lock);
    if (!alive) clearStale(lock);
    else if (!told) tellWaiting(pid);
    told = told || alive;
    await wait(alive ? 200 : 20);
  }
  const release = () => fs.rmSync(lock, { recursive: true, force: true });
  const onSignal = (signal) => {
    stop();
    release();
    process.exit(SIGNALS[signal]);
  };
  process.on('exit', release);
  for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal);
  fs.writeFileSync(path.join(lock, 'pid'), `${process.pid}\n`);
  const heartbeat = setInterval(() => touch(lock), HEARTBEAT_MS);
  try {
    await work();
  } finally {
    clearInterval(heartbeat);
    release();
    // From here on the folder may be another's.
    process.off('exit', release);
    for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal);
  }
}

function makeFolder(folder) {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

const touch = (folder) => {
  try {
    fs.utimesSync(folder, new Date(), new Date());
  } catch {
    // Removed by hand: whoever did it wants no lock.
  }
};

const ageMs = (folder) => Date.now() - (fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());

function holderOf(lock) {
  let pid = 0;
  try {
    pid = Number.parseInt(fs.readFileSync(path.join(lock, 'pid'), 'utf8'), 10) || 0;
  } catch {
    // Not written yet, or just removed.
  }
  return { pid, alive: pid === 0 ? ageMs(lock) < HALF_MADE_MS : isRunning(pid) && ageMs(lock) < STALE_MS };
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Removes a dead holder's folder. One process at a time, or a second one could remove the folder that the first then made. */
function clearStale(lock) {
  const mutex = `${lock}.takeover`;
  if (!makeFolder(mutex)) {
    if (ageMs(mutex) > HALF_MADE_MS) fs.rmSync(mutex, { recursive: true, force: true });
    return;
  }
  try {
    if (fs.existsSync(lock) && !holderOf(lock).alive) fs.rmSync(lock, { recursive: true, force: true });
  } finally {
    fs.rmSync(mutex, { recursive: true, force: true });
  }
}
