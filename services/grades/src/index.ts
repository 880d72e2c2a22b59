export { actions, type GradesAction } from './actions.ts';
export { migrationsFolder } from './migrations.ts';
export { buildModuleOptions, configDefaults, startGrades } from './start-grades.ts';
