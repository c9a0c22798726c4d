/** The build puts what this exports into it, so that none of it has to be installed. */
export { default as Table, type TableConstructorOptions } from 'cli-table3'
