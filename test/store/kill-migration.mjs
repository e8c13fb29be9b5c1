// Migrates a database with a step that is killed halfway: argv = the compiled connection module, the database.
const [connectionModule, migrationsModule, path] = process.argv.slice(2);
const { openConnection } = await import(connectionModule);
const { MIGRATIONS } = await import(migrationsModule);
const version = MIGRATIONS.at(-1).version + 1;
openConnection(path, {
  migrations: [
    ...MIGRATIONS,
    {
      version,
      up(db) {
        db.exec('CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; ALTER TABLE pin ADD COLUMN half TEXT');
        for (let row = 0; row < 20_000; row += 1) db.prepare('INSERT INTO half DEFAULT VALUES').run();
        process.kill(process.pid, 'SIGKILL');
      },
    },
  ],
});
