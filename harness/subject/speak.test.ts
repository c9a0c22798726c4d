import { expect, test } from 'vitest'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { LINES_LOG } from '../testing/described.ts'
import { searchPath, speakerOf } from './speak.ts'

test('a Node that is installed where no other program is looked for is found by the children as node', () => {
  const path = searchPath('/home/me/.nvm/versions/node/v20.19.0/bin/node')
  expect(path).toBe(`/home/me/.nvm/versions/node/v20.19.0/bin:${CHILD_ENVIRONMENT.PATH}`)
  expect(searchPath('/usr/bin/node')).toBe(CHILD_ENVIRONMENT.PATH)
})

test('a description can set any variable of its subject', () => {
  const { folder, description } = LINES_LOG
  const environment = { PATH: '/mine', SETTING: 'on' }
  const speaker = speakerOf({ folder, description: { ...description, environment } })
  expect(speaker.environment).toEqual({ ...CHILD_ENVIRONMENT, ...environment })
})
