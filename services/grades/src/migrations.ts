/** The module's SQL files, applied at start as `grades_owner`. */
export const migrationsFolder: URL = new URL('../migrations/', import.meta.url);
