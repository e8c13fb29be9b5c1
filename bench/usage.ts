import { writeSync } from 'node:fs';

/** Preloaded into a measured process: on exit it writes its resource usage to file descriptor 3. */
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, JSON.stringify({ maxRssKib: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 }));
});
