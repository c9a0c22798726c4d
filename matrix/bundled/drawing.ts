/** The build puts what this exports into it, so that none of it has to be installed. */
export { scaleLinear, scaleSqrt } from 'd3-scale'
export {
  curveStepAfter,
  line,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTimes,
  symbolTriangle,
} from 'd3-shape'
