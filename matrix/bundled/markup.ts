/** The build puts what this exports into it, so that none of it has to be installed. */
export { h, type VNode } from 'preact'
export { render } from 'preact-render-to-string'
