/** The build puts what this exports into it, so that none of it has to be installed. */
export { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
export { default as addFormats } from 'ajv-formats'
