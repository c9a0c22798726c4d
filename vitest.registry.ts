import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

// Each test file writes down what it makes in a registry of its own, so that none cleans up after another.
const state = mkdtempSync(join(tmpdir(), 'pullplug-registry-'))
process.env.PULLPLUG_STATE = state
afterAll(() => rmSync(state, { recursive: true, force: true }))
