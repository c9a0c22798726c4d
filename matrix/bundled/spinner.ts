/** The build puts what this exports into it, so that none of it has to be installed. */
export { default as ora, type Ora } from 'ora'
